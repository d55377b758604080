package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// How often a server is asked how far an import is.
const pollEvery = 500 * time.Millisecond

// remoteImport is an import as a server tells of it.
type remoteImport struct {
	remoteCounts

	State          string                          `json:"state"`
	Stage          string                          `json:"stage"`
	Done           int                             `json:"done"`
	Total          int                             `json:"total"`
	ByKind         map[directory.Kind]remoteCounts `json:"by_kind"`
	Refused        int                             `json:"refused"`
	Headed         int                             `json:"refused_by_header"`
	Seq            uint64                          `json:"seq"`
	Errors         []remoteEntry                   `json:"errors"`
	ErrorCount     int                             `json:"error_count"`
	Notes          []remoteEntry                   `json:"notes"`
	NoteCount      int                             `json:"note_count"`
	Duplicates     []remoteDuplicate               `json:"duplicates"`
	DuplicateCount int                             `json:"duplicate_count"`
	Changes        []remoteChange                  `json:"changes"`
	ChangeCount    int                             `json:"change_count"`
	Next           int                             `json:"next"`
	Detail         string                          `json:"detail"`
}

// remoteCounts are the counts of an import, or of one kind of it.
type remoteCounts struct {
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

// remoteDuplicate is a new actor that may be there already.
type remoteDuplicate struct {
	remoteEntry

	ID         string          `json:"id"`
	Candidates []service.Named `json:"candidates"`
}

// remoteChange is what a row would do.
type remoteChange struct {
	remoteEntry

	Kind    directory.Kind `json:"kind"`
	ID      string         `json:"id"`
	Created bool           `json:"created"`
	Members []string       `json:"members"`
}

// remoteEntry is something that a server tells of a place in a file.
type remoteEntry struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Column int    `json:"column"`
	Name   string `json:"name"`
	Detail string `json:"detail"`
}

func (e *remoteEntry) place() interchange.Place {
	return interchange.Place{File: e.File, Sheet: e.Sheet, Row: e.Row, Column: e.Column, Name: e.Name}
}

// remote sends the files to a server and waits for its answer.
func (im *importing) remote(ctx context.Context, sh shell, inputs []interchange.Input) (*outcome, error) {
	client, err := im.server.client(sh)
	if err != nil {
		return nil, err
	}
	client.lang = im.lang
	location, err := client.upload(ctx, im.query(), inputs)
	if err != nil {
		return nil, err
	}
	shown := newStages(sh.stderr)
	defer shown.done()
	for {
		var told remoteImport
		if err := client.read(ctx, location, nil, &told); err != nil {
			return nil, err
		}
		shown.tell(told.Stage, told.Done, told.Total)
		switch told.State {
		case string(service.JobWaiting), string(service.JobRunning):
		default:
			if err := told.takeRest(ctx, client, location); err != nil {
				return nil, err
			}
			return told.outcome()
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the import goes on at the server (%s): %w", location, ctx.Err())
		case <-time.After(pollEvery):
		}
	}
}

// query says how the import goes.
func (im *importing) query() string {
	q := url.Values{"reason": {im.reason}}
	if im.dryRun {
		q.Set("dry_run", "true")
	}
	if im.keepGoing {
		q.Set("keep_going", "true")
	}
	return q.Encode()
}

// takeRest asks for the pages of the lists that follow the first, and adds them to it.
func (r *remoteImport) takeRest(ctx context.Context, client *serverClient, location string) error {
	for next := r.Next; next > 0; {
		var page remoteImport
		if err := client.read(ctx, location, url.Values{"after": {strconv.Itoa(next)}}, &page); err != nil {
			return err
		}
		r.Errors, r.Notes = append(r.Errors, page.Errors...), append(r.Notes, page.Notes...)
		r.Duplicates, r.Changes = append(r.Duplicates, page.Duplicates...), append(r.Changes, page.Changes...)
		if page.Next > 0 && page.Next <= next {
			return fmt.Errorf("reading the server's answer: after %d comes %d", next, page.Next)
		}
		next = page.Next
	}
	return nil
}

// outcome says what a server's import did.
func (r *remoteImport) outcome() (*outcome, error) {
	out := &outcome{
		ImportCounts: service.ImportCounts(r.remoteCounts), byKind: make(map[directory.Kind]service.ImportCounts),
		refused: r.Refused, headed: r.Headed, seq: r.Seq,
		more: unlisted{
			notes: r.NoteCount - len(r.Notes), errors: r.ErrorCount - len(r.Errors),
			duplicates: r.DuplicateCount - len(r.Duplicates), changes: r.ChangeCount - len(r.Changes),
		},
	}
	for kind, counts := range r.ByKind {
		out.byKind[kind] = service.ImportCounts(counts)
	}
	for i := range r.Errors {
		out.wrong = append(out.wrong, finding{r.Errors[i].place(), r.Errors[i].Detail})
	}
	for i := range r.Notes {
		out.notes = append(out.notes, finding{r.Notes[i].place(), r.Notes[i].Detail})
	}
	for i := range r.Duplicates {
		d := &r.Duplicates[i]
		out.duplicates = append(out.duplicates, doubtful{d.place(), d.ID, d.Candidates})
	}
	for i := range r.Changes {
		ch := &r.Changes[i]
		ref := directory.Ref{Kind: ch.Kind, ID: ch.ID}
		out.changes = append(out.changes, service.ImportChange{At: ch.place(), Ref: ref, Created: ch.Created, Members: ch.Members})
	}
	switch r.State {
	case string(service.JobDone):
		return out, nil
	case string(service.JobRefused):
		return out, errRefused
	default:
		return nil, fmt.Errorf("the import has failed: %s", r.Detail)
	}
}

// upload sends files as one form, and returns where their import is told of.
func (c *serverClient) upload(ctx context.Context, query string, inputs []interchange.Input) (string, error) {
	body, to := io.Pipe()
	form := multipart.NewWriter(to)
	go func() { to.CloseWithError(errors.Join(fillForm(form, inputs), form.Close())) }()
	defer func() { _ = body.Close() }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/imports?"+query, body)
	if err != nil {
		return "", fmt.Errorf("asking %s: %w", c.base, err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := c.do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	at, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		return "", fmt.Errorf("reading the server's answer: %w", err)
	}
	return at.Path, nil
}

func fillForm(form *multipart.Writer, inputs []interchange.Input) error {
	for _, input := range inputs {
		file, err := input.Open()
		if err != nil {
			return fmt.Errorf("reading %s: %w", input.Name, err)
		}
		part, err := form.CreateFormFile("file", filepath.ToSlash(input.Name))
		if err == nil {
			_, err = io.Copy(part, file)
		}
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("sending %s: %w", input.Name, err)
		}
	}
	return nil
}

// read reads a JSON answer.
func (c *serverClient) read(ctx context.Context, path string, query url.Values, target any) error {
	base, err := url.Parse(c.base)
	if err != nil {
		return fmt.Errorf("reading the server's address: %w", err)
	}
	base.Path, base.RawQuery = path, query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base.String(), nil)
	if err != nil {
		return fmt.Errorf("asking %s: %w", c.base, err)
	}
	res, err := c.do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(target); err != nil {
		return fmt.Errorf("reading the server's answer: %w", err)
	}
	return nil
}
