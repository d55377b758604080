package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"dalil/internal/config"
)

// serverPlace says which server a command goes through, and with which key.
type serverPlace struct{ server, key string }

// flags declares the flags of a command that works on a store opened here, or through a server: one of the two.
func (p *serverPlace) flags(fs *pflag.FlagSet, store *string) {
	config.StoreFlag(fs, store)
	fs.StringVar(&p.server, "server", "", "address of a running server, such as http://localhost:8080")
	config.Alternatives(fs, "store", "server")
	fs.StringVar(&p.key, "key", "", "an admin key; better in DALIL_KEY or the file that DALIL_KEY_FILE names, since others may read a command line")
}

// client returns the way to the server.
func (p *serverPlace) client(sh shell) (*serverClient, error) {
	secret := p.key
	if secret == "" {
		var err error
		if secret, err = config.Secret(sh.env, os.ReadFile, "DALIL_KEY"); err != nil {
			return nil, err
		}
	}
	if secret == "" {
		return nil, usageError{errors.New("--server needs an admin key in DALIL_KEY, in the file that DALIL_KEY_FILE names, or as --key")}
	}
	return &serverClient{base: strings.TrimRight(p.server, "/") + "/api/v1", secret: secret, stderr: sh.stderr}, nil
}

// serverClient asks a running server.
type serverClient struct {
	base, secret string
	lang         string // of what the server says; English when it is ""
	stderr       io.Writer
}

// get begins a GET.
func (c *serverClient) get(ctx context.Context, path, accept string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", c.base, err)
	}
	req.Header.Set("Accept", accept+", application/problem+json")
	return c.do(req)
}

// do sends a request; a refusal is said with the server's own words.
func (c *serverClient) do(req *http.Request) (*http.Response, error) {
	req.Header.Set("Authorization", "Bearer "+c.secret)
	req.Header.Set("Accept-Language", cmp.Or(c.lang, "en"))
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ResponseHeaderTimeout: openTime, DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the server: %w", err)
	}
	if res.StatusCode < http.StatusMultipleChoices {
		return res, nil
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("reading the server's answer: %w", err)
	}
	return nil, refusal(res.StatusCode, data)
}

// backup takes a backup from the server.
func (c *serverClient) backup(ctx context.Context, to io.Writer) error {
	res, err := c.get(ctx, "/backup", "application/octet-stream")
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	n, err := io.Copy(to, &counted{from: res.Body, to: c.stderr, shown: time.Now()})
	if err != nil {
		return fmt.Errorf("after %d bytes: %w", n, err)
	}
	return nil
}

// counted tells now and then how much of an answer has come.
type counted struct {
	from  io.Reader
	to    io.Writer
	n     int64
	shown time.Time
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	if now := time.Now(); now.Sub(c.shown) >= lineEvery {
		c.shown = now
		_, _ = fmt.Fprintf(c.to, "backing up: %d bytes have come\n", c.n)
	}
	return n, err
}
