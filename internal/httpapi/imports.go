package httpapi

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

const (
	importsPath = basePath + "/imports"
	mediaForm   = "multipart/form-data"

	formRoom = 1 << 20 // for what stands around the files of a form
)

// importJob is the wire form of an import.
type importJob struct {
	ID             string            `json:"id"`
	State          string            `json:"state"`
	Stage          string            `json:"stage,omitempty"`
	Done           int               `json:"done"`
	Total          int               `json:"total"`
	Began          directory.Time    `json:"began"`
	Ended          *directory.Time   `json:"ended,omitempty"`
	DryRun         bool              `json:"dry_run"`
	KeepGoing      bool              `json:"keep_going"`
	Created        int               `json:"created"`
	Changed        int               `json:"changed"`
	Unchanged      int               `json:"unchanged"`
	Refused        int               `json:"refused"`
	Seq            uint64            `json:"seq"`
	Errors         []importEntry     `json:"errors"`
	ErrorCount     int               `json:"error_count"`
	Notes          []importEntry     `json:"notes"`
	NoteCount      int               `json:"note_count"`
	Duplicates     []importDuplicate `json:"duplicates"`
	DuplicateCount int               `json:"duplicate_count"`
	Detail         string            `json:"detail,omitempty"`
}

// importPlace is a place in a file.
type importPlace struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column int    `json:"column,omitempty"`
	Name   string `json:"name,omitempty"`
}

// importEntry is something told of a place in a file.
type importEntry struct {
	importPlace

	Code   fault.Code `json:"code"`
	Detail string     `json:"detail"`
}

// importDuplicate is a new actor that may be one that is there already.
type importDuplicate struct {
	importPlace

	ID         string          `json:"id"`
	Candidates []service.Named `json:"candidates"`
}

// importRoutes are the addresses of imports.
func (a *API) importRoutes() []Route {
	return []Route{
		write(http.MethodPost, importsPath, "startImport", a.startImport, Param{Name: "keep_going"}).
			takes(service.MaxImportBytes+formRoom, mediaForm).unrepeated(),
		signedIn(read(importsPath+"/:id", "getImport", a.getImport)),
	}
}

// signedIn asks for a key, whatever its scope.
func signedIn(r Route) Route {
	r.Scope = access.Read
	return r
}

// startImport keeps the files of a form and begins their import.
func (a *API) startImport(c *call) error {
	w := service.Write{Caller: c.caller, Reason: c.query.first("reason")}
	var err error
	if w.DryRun, err = c.query.truth("dry_run", false); err != nil {
		return err
	}
	var opts service.ImportOptions
	if opts.KeepGoing, err = c.query.truth("keep_going", false); err != nil {
		return err
	}
	upload, err := a.imports.Begin(w)
	if err != nil {
		return c.unwritten(err)
	}
	if err := c.receive(upload); err != nil {
		upload.Discard()
		return err
	}
	job, err := upload.Start(opts)
	if err != nil {
		return c.unwritten(err)
	}
	c.out.Header()["Location"] = []string{importsPath + "/" + job.ID}
	return c.private(http.StatusAccepted, wireJob(&job, c.lang))
}

// receive takes the files of the form as they come.
func (c *call) receive(upload *service.Upload) error {
	_, parameters, err := mime.ParseMediaType(c.req.Header.Get("Content-Type"))
	if err != nil || parameters["boundary"] == "" {
		return fault.AtHeader(fault.Unsupported, "Content-Type", fault.CodeUnsupportedMedia, fault.Args{"expected": mediaForm})
	}
	_, in := c.unhurried()
	form := multipart.NewReader(in, parameters["boundary"])
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return formFault(err)
		}
		if part.FormName() != "file" || part.FileName() == "" {
			return fault.New(fault.Malformed, fault.CodeBadForm, nil)
		}
		if err := upload.Add(part.FileName(), part); err != nil {
			return formFault(err)
		}
	}
}

// formFault says why a form could not be taken.
func formFault(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if over, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(over.Limit)
	}
	return fault.Wrap(fault.Malformed, fault.CodeBadForm, err)
}

// getImport says how an import stands.
func (a *API) getImport(c *call) error {
	job, err := a.imports.Job(c.caller, c.gin.Param("id"))
	if err != nil {
		return err
	}
	return c.private(http.StatusOK, wireJob(&job, c.lang))
}

// wireJob says a job in a language.
func wireJob(job *service.ImportJob, lang string) *importJob {
	r := &job.Report
	wire := &importJob{
		ID: job.ID, State: string(job.State), Stage: string(job.Stage), Done: job.Done, Total: job.Total,
		Began: directory.At(job.Began), DryRun: job.DryRun, KeepGoing: job.KeepGoing,
		Created: r.Created, Changed: r.Changed, Unchanged: r.Unchanged, Refused: r.Refused, Seq: r.Seq,
		Errors: entriesOf(job.Faults, lang), ErrorCount: job.FaultCount,
		Notes: entriesOf(job.Notes, lang), NoteCount: job.NoteCount,
		Duplicates: []importDuplicate{}, DuplicateCount: job.DuplicateCount,
	}
	if !job.Ended.IsZero() {
		ended := directory.At(job.Ended)
		wire.Ended = &ended
	}
	for i, d := range r.Duplicates {
		wire.Duplicates = append(wire.Duplicates, importDuplicate{cellOf(job.DuplicateAt[i]), d.ID, d.Candidates})
	}
	if job.Problem != nil {
		f, ok := errors.AsType[*fault.Error](job.Problem)
		if !ok {
			f = fault.New(fault.Internal, fault.CodeInternal, nil)
		}
		wire.Detail = problemOf(f, lang).Detail
	}
	return wire
}

func entriesOf(list []service.JobEntry, lang string) []importEntry {
	entries := make([]importEntry, len(list))
	for i, e := range list {
		entries[i] = importEntry{cellOf(e.Place), e.Code, fault.Message(lang, e.Code, e.Args)}
	}
	return entries
}

func cellOf(p interchange.Place) importPlace {
	return importPlace{File: p.File, Sheet: p.Sheet, Row: p.Row, Column: p.Column, Name: p.Name}
}
