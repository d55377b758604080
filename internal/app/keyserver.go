package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"dalil/internal/service"
)

// serverKeys are the keys of a running server.
type serverKeys struct {
	client *http.Client
	base   string
	secret string
}

func newServerKeys(server, secret string) serverKeys {
	return serverKeys{&http.Client{Timeout: openTime}, strings.TrimRight(server, "/") + "/api/v1/keys", secret}
}

func (k serverKeys) create(ctx context.Context, spec service.KeySpec) (service.Key, string, error) {
	body, err := json.Marshal(spec)
	if err != nil {
		return service.Key{}, "", fmt.Errorf("encoding the key: %w", err)
	}
	var made struct {
		service.Key

		Secret string `json:"secret"`
	}
	err = k.call(ctx, http.MethodPost, "", bytes.NewReader(body), &made)
	return made.Key, made.Secret, err
}

func (k serverKeys) list(ctx context.Context) ([]service.Key, error) {
	var answer struct {
		Items []service.Key `json:"items"`
	}
	err := k.call(ctx, http.MethodGet, "", nil, &answer)
	return answer.Items, err
}

func (k serverKeys) revoke(ctx context.Context, id string) error {
	return k.call(ctx, http.MethodDelete, "/"+url.PathEscape(id), nil, nil)
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 8 << 20

// call makes one request and reads its answer into target; a refusal is said with the server's own words.
func (k serverKeys) call(ctx context.Context, method, path string, body io.Reader, target any) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, k.base+path, body)
	if err != nil {
		return fmt.Errorf("asking %s: %w", k.base, err)
	}
	req.Header.Set("Authorization", "Bearer "+k.secret)
	req.Header.Set("Accept-Language", "en")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodDelete {
		req.Header.Set("If-Match", "*")
	}
	res, err := k.client.Do(req)
	if err != nil {
		return fmt.Errorf("asking the server: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return refusal(res.StatusCode, data)
	}
	if target == nil || len(data) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, target); err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	return nil
}

// refusal reads a problem document.
func refusal(status int, data []byte) error {
	var problem struct {
		Detail string `json:"detail"`
		Errors []struct {
			Pointer string `json:"pointer"`
			Detail  string `json:"detail"`
		} `json:"errors"`
	}
	if json.Unmarshal(data, &problem) != nil || problem.Detail == "" {
		return fmt.Errorf("the server answered %d", status)
	}
	said := []string{problem.Detail}
	for _, e := range problem.Errors {
		said = append(said, e.Pointer+": "+e.Detail)
	}
	return fmt.Errorf("the server answered %d: %s", status, strings.Join(said, "\n  "))
}
