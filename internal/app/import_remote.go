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
	"strconv"
	"time"

	"dalil/internal/interchange"
	"dalil/internal/service"
)

// How often a server is asked how far an import is.
const pollEvery = 500 * time.Millisecond

// remoteImport is an import as a server tells of it.
type remoteImport struct {
	State      string        `json:"state"`
	Stage      string        `json:"stage"`
	Done       int           `json:"done"`
	Total      int           `json:"total"`
	Created    int           `json:"created"`
	Changed    int           `json:"changed"`
	Unchanged  int           `json:"unchanged"`
	Refused    int           `json:"refused"`
	Seq        uint64        `json:"seq"`
	ErrorCount int           `json:"error_count"`
	Errors     []remoteEntry `json:"errors"`
	Notes      []remoteEntry `json:"notes"`
	NoteCount  int           `json:"note_count"`
	Duplicates []struct {
		remoteEntry

		ID         string          `json:"id"`
		Candidates []service.Named `json:"candidates"`
	} `json:"duplicates"`
	Detail string `json:"detail"`
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
	location, err := client.upload(ctx, im.query(), inputs)
	if err != nil {
		return nil, err
	}
	shown := newStages(sh.stderr)
	defer shown.done()
	for {
		var told remoteImport
		if err := client.read(ctx, location, &told); err != nil {
			return nil, err
		}
		shown.tell(told.Stage, told.Done, told.Total)
		switch told.State {
		case "waiting", "running":
		default:
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

// outcome says what a server's import did.
func (r *remoteImport) outcome() (*outcome, error) {
	out := &outcome{
		created: r.Created, changed: r.Changed, unchanged: r.Unchanged, refused: r.Refused, seq: r.Seq,
	}
	for i := range r.Errors {
		out.wrong = append(out.wrong, wrong{r.Errors[i].place(), r.Errors[i].Detail})
	}
	for i := range r.Notes {
		out.notes = append(out.notes, r.Notes[i].place().String()+": "+r.Notes[i].Detail)
	}
	for i := range r.Duplicates {
		d := &r.Duplicates[i]
		for _, c := range d.Candidates {
			out.notes = append(out.notes, possible(d.place(), d.ID, c))
		}
	}
	if more := r.NoteCount - len(r.Notes); more > 0 {
		out.notes = append(out.notes, strconv.Itoa(more)+" more notes are not listed")
	}
	if more := r.ErrorCount - len(r.Errors); more > 0 {
		out.notes = append(out.notes, strconv.Itoa(more)+" more errors are not listed")
	}
	switch r.State {
	case "done":
		return out, nil
	case "refused":
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
		part, err := form.CreateFormFile("file", input.Name)
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
func (c *serverClient) read(ctx context.Context, path string, target any) error {
	base, err := url.Parse(c.base)
	if err != nil {
		return fmt.Errorf("reading the server's address: %w", err)
	}
	base.Path = path
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
