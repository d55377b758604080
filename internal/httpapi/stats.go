package httpapi

import (
	"encoding/hex"
	"net/http"

	"dalil/internal/directory"
)

// storeStats is the wire form of what a store holds.
type storeStats struct {
	Ledger  string                            `json:"ledger"`
	Commits uint64                            `json:"commits"`
	First   directory.Time                    `json:"first_commit"`
	Last    directory.Time                    `json:"last_commit"`
	Bytes   int64                             `json:"bytes,omitempty"`
	Records map[directory.Kind]map[string]int `json:"records"`
}

// getStats tells what the store holds.
func (a *API) getStats(c *call) error {
	s, err := a.svc.Stats(c.caller, c.head)
	if err != nil {
		return err
	}
	return c.private(http.StatusOK, &storeStats{
		Ledger: hex.EncodeToString(s.Ledger[:]), Commits: s.Commits, First: directory.At(s.First), Last: directory.At(s.Last),
		Bytes: s.Bytes, Records: s.Records,
	})
}
