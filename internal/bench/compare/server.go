//go:build peers && linux

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/service"
)

// adminKey is the first key of every store here. The stores are removed at the end.
const adminKey = "a-key-for-benchmarks-only"

// withService opens a store, calls do with its service, and closes both.
func withService(ctx context.Context, path string, do func(*service.Service, service.Write) error) error {
	store, err := boltledger.Open(path, boltledger.Options{})
	if err != nil {
		return err
	}
	s, err := service.Open(ctx, store, service.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, BootstrapKey: adminKey})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	err = do(s, service.Write{Caller: access.Caller{ID: "import", Scope: access.Admin, Clearance: directory.Ministry, Via: "cli"}})
	return errors.Join(err, s.Close(ctx), store.Close())
}

// importInto makes a store of records, with all of Dalil's checks.
func importInto(ctx context.Context, path string, records []directory.Record) error {
	return withService(ctx, path, func(s *service.Service, w service.Write) error {
		report, err := s.Import(ctx, w, interchange.ItemsOf(records), service.ImportOptions{})
		for _, f := range report.Faults[:min(len(report.Faults), 3)] {
			err = errors.Join(err, fmt.Errorf("%s %s: %s %v", records[f.Item].Head().ID, f.Pointer, f.Code, f.Args))
		}
		if err == nil && report.Created != len(records) {
			err = fmt.Errorf("%d of %d records were taken", report.Created, len(records))
		}
		return err
	})
}

// server is a process that serves.
type server struct {
	cmd    *exec.Cmd
	url    string
	log    *bufio.Reader // lines of its log that were not read yet; nil when it has none
	client *http.Client
	took   time.Duration // from the start of the process until it listened
}

// serve starts Dalil on a store, as an operator would, but for the limit of requests of one address.
func (s *stand) serve(ctx context.Context, store string) (*server, error) {
	if s.program == "" {
		path := filepath.Join(s.folder, "dalil")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "dalil/cmd/dalil").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building dalil: %w: %.500s", err, out)
		}
		s.program = path
	}
	path := store + ".log"
	written, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = written.Close() }() // the process has its own
	read, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), s.program, "serve", "--listen", "127.0.0.1:0", "--store", store,
		"--rate-anonymous", "0", "--rate-signed-in", "0")
	cmd.Stderr = written
	return startServer(cmd, read)
}

// serveBare starts this program as a server that answers bytes from memory.
func serveBare(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return startServer(exec.CommandContext(context.WithoutCancel(ctx), self, bareMode), nil)
}

// startServer starts a process and waits until it says where it listens.
func startServer(cmd *exec.Cmd, log *os.File) (*server, error) {
	began := time.Now()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
	if log != nil {
		s.log = bufio.NewReader(log)
	}
	lines := bufio.NewScanner(out)
	for s.url == "" && lines.Scan() {
		_, s.url, _ = strings.Cut(lines.Text(), " at ")
	}
	s.took = time.Since(began)
	if s.url == "" {
		return nil, errors.Join(fmt.Errorf("%s ended before it listened", cmd.Path), s.stop())
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return s, nil
}

// stop ends the process and waits for it.
func (s *server) stop() error {
	s.client.CloseIdleConnections()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := s.cmd.Wait(); err != nil && s.url != "" {
		return fmt.Errorf("ending %s: %w", filepath.Base(s.cmd.Path), err)
	}
	return nil
}

// get asks for an address below the API's, and tells how long it took until the whole answer was here.
func (s *server) get(ctx context.Context, path string) (body []byte, took time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/api/v1"+path, http.NoBody)
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	response, err := s.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	body, err = io.ReadAll(response.Body)
	took = time.Since(began)
	_ = response.Body.Close()
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %.300s", path, response.Status, body)
	}
	return body, took, err
}

// asked is what came of some requests: their answers, the times that this client saw, and those that the server itself
// wrote into its log, from a request's head to the end of its answer.
type asked struct {
	bodies       [][]byte
	seen, served []time.Duration
}

// getAll asks for addresses one after the other.
func (s *server) getAll(ctx context.Context, paths []string) (*asked, error) {
	if err := s.skipLog(); err != nil {
		return nil, err
	}
	a := new(asked)
	for _, path := range paths {
		body, took, err := s.get(ctx, path)
		if err != nil {
			return nil, err
		}
		a.bodies, a.seen = append(a.bodies, body), append(a.seen, took)
	}
	var err error
	a.served, err = s.logged(len(paths))
	return a, err
}

// skipLog passes over the lines that there are.
func (s *server) skipLog() error {
	_, err := io.Copy(io.Discard, s.log)
	return err
}

// logPatience is how long is waited for the last line: it is written after the answer.
const logPatience = 2 * time.Second

// logged reads how long the next n requests took.
func (s *server) logged(n int) ([]time.Duration, error) {
	var took []time.Duration
	var rest []byte
	for end := time.Now().Add(logPatience); len(took) < n; {
		text, err := s.log.ReadBytes('\n')
		rest = append(rest, text...)
		if errors.Is(err, io.EOF) {
			if time.Now().After(end) {
				return nil, fmt.Errorf("the log tells of %d of %d requests", len(took), n)
			}
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil {
			return nil, err
		}
		var told struct {
			Message string  `json:"msg"`
			MS      float64 `json:"ms"`
		}
		if bytes.Contains(rest, []byte(`"msg":"request"`)) {
			if err := json.Unmarshal(rest, &told); err != nil {
				return nil, err
			}
			took = append(took, time.Duration(told.MS*float64(time.Millisecond)))
		}
		rest = rest[:0]
	}
	return took, nil
}
