package telemetry

import (
	"net/url"
	"strings"
)

// tracesURL is where a receiver takes traces: the address as given when it has a path, else the standard's own path.
func tracesURL(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil || strings.Trim(u.Path, "/") != "" {
		return endpoint
	}
	return u.JoinPath("v1", "traces").String()
}
