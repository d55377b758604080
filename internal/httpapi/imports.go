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
	ID        string          `json:"id"`
	State     string          `json:"state"`
	Stage     string          `json:"stage,omitempty"`
	Done      int             `json:"done"`
	Total     int             `json:"total"`
	Began     directory.Time  `json:"began"`
	Ended     *directory.Time `json:"ended,omitempty"`
	DryRun    bool            `json:"dry_run"`
	KeepGoing bool            `json:"keep_going"`
	importCounts

	ByKind         map[directory.Kind]importCounts `json:"by_kind"`
	Refused        int                             `json:"refused"`
	Headed         int                             `json:"refused_by_header"`
	Seq            uint64                          `json:"seq"`
	Errors         []importEntry                   `json:"errors"`
	ErrorCount     int                             `json:"error_count"`
	Notes          []importEntry                   `json:"notes"`
	NoteCount      int                             `json:"note_count"`
	Duplicates     []importDuplicate               `json:"duplicates"`
	DuplicateCount int                             `json:"duplicate_count"`
	Changes        []importChange                  `json:"changes"`
	ChangeCount    int                             `json:"change_count"`
	Next           int                             `json:"next,omitzero"`
	Detail         string                          `json:"detail,omitempty"`
}

// importCounts says how many records are new, have changed, or are as they were.
type importCounts struct {
	Created   int `json:"created"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
}

// importChange is what a row would do, told by a dry run.
type importChange struct {
	importPlace

	Kind    directory.Kind `json:"kind"`
	ID      string         `json:"id"`
	Created bool           `json:"created"`
	Members []string       `json:"members,omitempty"`
}

// importPlace is a place in a file.
type importPlace struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row,omitzero"`
	Column int    `json:"column,omitzero"`
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
		signedIn(read(importsPath+"/:id", "getImport", a.getImport, Param{Name: "after"})),
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
	return c.private(http.StatusAccepted, wireJob(&job, 0, c.lang))
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
		name := fileName(part)
		if part.FormName() != "file" || name == "" {
			return fault.New(fault.Malformed, fault.CodeBadForm, nil)
		}
		if err := upload.Add(name, part); err != nil {
			return formFault(err)
		}
	}
}

// fileName returns the name of a file as it was sent, with its folders: they tell files of one name apart.
func fileName(part *multipart.Part) string {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return parameters["filename"]
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
	after, err := c.query.integerFrom(0, "after", service.MaxJobEntries, 0)
	if err != nil {
		return err
	}
	return c.private(http.StatusOK, wireJob(&job, after, c.lang))
}

// wireJob says a job in a language, with a page of each of its lists.
func wireJob(job *service.ImportJob, after int, lang string) *importJob {
	r := &job.Report
	wire := &importJob{
		ID: job.ID, State: string(job.State), Stage: string(job.Stage), Done: job.Done, Total: job.Total,
		Began: directory.At(job.Began), DryRun: job.DryRun, KeepGoing: job.KeepGoing,
		importCounts: importCounts(r.ImportCounts), ByKind: make(map[directory.Kind]importCounts, len(r.ByKind)),
		Refused: r.Refused, Headed: r.Headed, Seq: r.Seq,
		Errors: entriesOf(pageAfter(job.Faults, after), lang), ErrorCount: job.FaultCount,
		Notes: entriesOf(pageAfter(job.Notes, after), lang), NoteCount: job.NoteCount,
		Duplicates: []importDuplicate{}, DuplicateCount: job.DuplicateCount,
		Changes: []importChange{}, ChangeCount: job.ChangeCount,
	}
	for kind, counts := range r.ByKind {
		wire.ByKind[kind] = importCounts(counts)
	}
	if longest := max(len(job.Faults), len(job.Notes), len(r.Duplicates), len(r.Changes)); longest > after+service.ImportPage {
		wire.Next = after + service.ImportPage
	}
	if !job.Ended.IsZero() {
		ended := directory.At(job.Ended)
		wire.Ended = &ended
	}
	for _, d := range pageAfter(r.Duplicates, after) {
		wire.Duplicates = append(wire.Duplicates, importDuplicate{cellOf(d.At), d.ID, d.Candidates})
	}
	for _, ch := range pageAfter(r.Changes, after) {
		wire.Changes = append(wire.Changes, importChange{cellOf(ch.At), ch.Ref.Kind, ch.Ref.ID, ch.Created, ch.Members})
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

// pageAfter returns the entries of a list that follow the first so many, as many as are told at a time.
func pageAfter[E any](list []E, after int) []E {
	list = list[min(after, len(list)):]
	return list[:min(service.ImportPage, len(list))]
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
