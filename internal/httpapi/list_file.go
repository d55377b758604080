package httpapi

import (
	"errors"
	"io"
	"iter"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// pageOnly are the parameters of a list that mean nothing in a file, which is always the whole filtered result.
var pageOnly = []string{"cursor", "limit", "facets", facetLimit}

// listFile answers the whole of a list as a file.
func (c *call) listFile(l *listing, f *fileFormat) error {
	for _, name := range pageOnly {
		if c.query.has(name) {
			return fault.AtParameter(name, fault.CodeNotInFile, fault.Args{"format": f.name})
		}
	}
	if l.complete != nil {
		return fault.AtParameter("fields", fault.CodeCombination, fault.Args{"other": "format=" + string(f.name)})
	}
	l.query.Limit = math.MaxInt32
	page, err := c.head.List(&l.query)
	if err != nil {
		return err
	}
	t := l.tag(c)
	t.mark += "+" + string(f.name)
	return c.sendFile(f, string(l.query.Kind)+f.ending, t, func(w io.Writer) error {
		return l.writeFile(w, f, page.Entries, l.about(c))
	})
}

// about tells beside the list of a workbook how to get it again.
func (l *listing) about(c *call) []interchange.Fact {
	parts := make([]string, 0, len(l.chosen)+3)
	for _, p := range l.chosen {
		if p.name != "as_of" {
			parts = append(parts, p.name+"="+url.QueryEscape(p.value))
		}
	}
	if l.fields != nil {
		parts = append(parts, "fields="+url.QueryEscape(strings.Join(l.fields, ",")))
	}
	if l.chosen.has("as_of") { // without it, what goes through roles is of today
		parts = append(parts, "as_of="+l.asOf)
	}
	parts = append(parts, "lang="+l.query.Lang)
	return []interchange.Fact{
		{Name: "query", Value: c.req.URL.Path + "?" + strings.Join(parts, "&")},
		{Name: "as_of", Value: l.asOf},
		{Name: "today", Value: string(l.query.Today.Date())},
		{Name: "seq", Value: strconv.FormatUint(c.position(), 10), Number: true},
		{Name: "lang", Value: l.query.Lang},
		{Name: "clearance", Value: string(l.query.Clearance)},
	}
}

// writeFile writes records of one kind in a file's format.
func (l *listing) writeFile(w io.Writer, f *fileFormat, entries []*readmodel.Entry, about []interchange.Fact) error {
	opts := interchange.WriteOptions{RightToLeft: l.query.Lang == "ar", About: about}
	if f.name != interchange.NDJSON {
		opts.Languages = interchange.LanguagesOf(inOtherLanguages(slices.Values(entries)))
		opts.Columns = interchange.ColumnsOf(l.query.Kind, opts.Languages, l.fields)
	}
	if err := interchange.Fits(f.name, l.query.Kind, opts, withSize(slices.Values(entries))); err != nil {
		return err
	}
	out, err := interchange.NewWriter(w, f.name, l.query.Kind, opts)
	if err != nil {
		return err
	}
	lines := fileLines{format: f.name, clearance: l.query.Clearance, fields: l.fields}
	for _, e := range entries {
		if err := out.Write(lines.record(e), lines.of(e)); err != nil {
			return err
		}
	}
	return out.Close()
}

// fileLines gives records as JSON lines have them. Other formats need none.
type fileLines struct {
	format    interchange.Format
	clearance directory.Visibility
	fields    []string // nil is all of them
	line      []byte
	blank     directory.Record // of the kind that is written
}

// record gives what other formats are written from. Of JSON lines only the kind matters.
func (l *fileLines) record(e *readmodel.Entry) directory.Record {
	if l.format != interchange.NDJSON {
		return e.Record()
	}
	if kind := e.Ref().Kind; l.blank == nil || l.blank.RecordKind() != kind {
		l.blank = kind.New()
	}
	return l.blank
}

// of returns a record's JSON, good until the next.
func (l *fileLines) of(e *readmodel.Entry) []byte {
	if l.format != interchange.NDJSON {
		return nil
	}
	l.line = e.AppendJSON(l.line[:0], l.clearance)
	return projected(l.line, l.fields)
}

// withSize yields records, decoded when they are asked for, with the length of their JSON.
func withSize(entries iter.Seq[*readmodel.Entry]) iter.Seq2[func() directory.Record, int] {
	return func(yield func(func() directory.Record, int) bool) {
		for e := range entries {
			if !yield(e.Record, e.Size()) {
				return
			}
		}
	}
}

// inOtherLanguages yields records that have, together, texts in all the languages that some records have texts in,
// but for those that every table has columns for: one record stands for all whose texts are in the same languages.
func inOtherLanguages(entries iter.Seq[*readmodel.Entry]) iter.Seq[directory.Record] {
	return func(yield func(directory.Record) bool) {
		seen := make([]bool, math.MaxUint16+1)
		seen[0] = true // no others
		for e := range entries {
			number, ok := e.TextLanguages()
			if ok && seen[number] {
				continue
			}
			if seen[number] = true; !yield(e.Record()) {
				return
			}
		}
	}
}

// sendFile sends a file that fill writes while the client takes it.
func (c *call) sendFile(f *fileFormat, name string, t tag, fill func(io.Writer) error) error {
	packed := ""
	if f.packs() {
		packed = coding(c.req.Header.Get("Accept-Encoding"))
	}
	c.stampPosition()
	if c.tagged(t, packed) {
		c.out.WriteHeader(http.StatusNotModified)
		c.out.WriteHeaderNow()
		return nil
	}
	begin := func() {
		h := c.out.Header()
		h["Content-Type"] = []string{f.mediaType()}
		h["Content-Disposition"] = []string{`attachment; filename="` + name + `"`}
		if packed != "" {
			h["Content-Encoding"] = []string{packed}
		}
		c.out.WriteHeader(http.StatusOK)
		c.out.WriteHeaderNow()
	}
	if c.req.Method == http.MethodHead {
		begin()
		return nil
	}
	steady, _ := c.unhurried()
	out := &lateWriter{to: steady, begin: begin}
	var err error
	if packed != "" {
		err = pack(out, packed, fill)
	} else {
		err = fill(out)
	}
	if err == nil {
		out.start() // a list of nothing has no bytes
		return nil
	}
	if !out.begun {
		c.out.Header().Del("Etag")
	}
	if cell, ok := errors.AsType[*interchange.CellError](err); ok { // the format cannot hold a text
		return fault.New(fault.NotAcceptable, cell.Code, cell.Args)
	}
	if out.begun {
		c.breakOff(err)
	}
	return err
}

// lateWriter sends the headers with the first bytes: what fails before them can still be told.
type lateWriter struct {
	to    io.Writer
	begin func()
	begun bool
}

func (w *lateWriter) start() {
	if !w.begun {
		w.begun = true
		w.begin()
	}
}

func (w *lateWriter) Write(p []byte) (int, error) {
	w.start()
	return w.to.Write(p)
}

// export answers the whole directory, as far as the caller may see it, archived records included, as one file.
func (a *API) export(c *call) error {
	f, err := c.format()
	if err != nil {
		return err
	}
	if f == nil {
		f = &fileFormats[len(fileFormats)-1]
	}
	asked, err := c.query.moment("as_of", c.today(), always())
	if err != nil {
		return err
	}
	opts := interchange.WriteOptions{RightToLeft: c.lang == "ar"}
	if f.name != interchange.NDJSON {
		opts.Languages = interchange.LanguagesOf(inOtherLanguages(c.everything(asked.AsOf)))
	}
	mark := strings.Join([]string{
		"export", string(c.caller.Clearance), c.lang, string(f.name), asked.said, strconv.FormatBool(asked.Strict),
	}, "+")
	ending := f.ending
	if f.name == interchange.CSV {
		ending = ".zip"
	}
	file := *f
	file.zipped = f.name == interchange.CSV
	return c.sendFile(&file, "dalil"+ending, positionTag(c.position(), mark), func(w io.Writer) error {
		return c.writeExport(w, f, opts, asked.AsOf)
	})
}

// writeExport writes a list for each kind.
func (c *call) writeExport(w io.Writer, f *fileFormat, opts interchange.WriteOptions, asOf readmodel.AsOf) error {
	for _, kind := range directory.Kinds() {
		if err := interchange.Fits(f.name, kind, opts, withSize(c.visible(kind, asOf))); err != nil {
			return err
		}
	}
	out, err := interchange.NewExport(w, f.name, opts)
	if err != nil {
		return err
	}
	lines := fileLines{format: f.name, clearance: c.caller.Clearance}
	for _, kind := range directory.Kinds() {
		list, err := out.List(kind)
		if err != nil {
			return err
		}
		for e := range c.visible(kind, asOf) {
			if err := list.Write(lines.record(e), lines.of(e)); err != nil {
				return err
			}
		}
		if err := list.Close(); err != nil {
			return err
		}
	}
	return out.Close()
}

// visible yields the records of a kind that the caller may see and that hold at a date, archived ones included, in the
// order of their ids.
func (c *call) visible(kind directory.Kind, asOf readmodel.AsOf) iter.Seq[*readmodel.Entry] {
	return func(yield func(*readmodel.Entry) bool) {
		for e := range c.head.Entries(kind) {
			if _, ok := c.head.Lookup(e.Ref(), c.caller.Clearance); ok && !e.Erased() && e.MergedInto() == "" &&
				c.head.Holds(e, asOf) && !yield(e) {
				return
			}
		}
	}
}

// everything yields the records of all kinds that the caller may see and that hold at a date.
func (c *call) everything(asOf readmodel.AsOf) iter.Seq[*readmodel.Entry] {
	return func(yield func(*readmodel.Entry) bool) {
		for _, kind := range directory.Kinds() {
			for e := range c.visible(kind, asOf) {
				if !yield(e) {
					return
				}
			}
		}
	}
}
