package interchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/raced"
)

func TestTextsThatAWorkbookWritesInItsOwnWayAreReadAgainTheSame(t *testing.T) {
	t.Parallel()
	var records []directory.Record
	for i, note := range []string{
		"_x0041_", "_x005F_", "_x005F_x0041_", "a_x0041_x0042_b", "_x0041", "_xGHIJ_", "__x000d__", "_x00e9_é", "_", "_x",
		`<b>&amp;"it's"</b>`, "]]>", "one\ntwo", "one\ttwo", "two  spaces", "\u00a0 is a space", "دليل _x0062_ دليل", "🇲🇦 < 🇫🇷", "&#x41;",
		"'quoted'", "'=1", "''-2", "=1+1", "+212", "-", "@x",
	} {
		r := &directory.Source{Envelope: directory.Envelope{ID: fmt.Sprintf("s%d", i)}, Title: "T", Kind: "law", Note: note}
		directory.Normalize(r)
		if err := directory.Validate(r); err != nil {
			t.Fatalf("%q: %v", note, err)
		}
		records = append(records, r)
	}
	data := written(t, interchange.XLSX, directory.Sources, records)
	same(t, "workbook", mustRead(t, inMemory("sources.xlsx", data)), records)
}

func TestALibraryReadsEverySheetThatWasWrittenRowByRow(t *testing.T) {
	t.Parallel()
	records := everything(t, 200)
	var out bytes.Buffer
	e, err := interchange.NewExport(&out, interchange.XLSX, interchange.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	export(t, e, records)
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	for _, kind := range directory.Kinds() {
		rows, err := book.GetRows(string(kind))
		if err != nil || len(rows) != 201 || rows[0][0] != "id" {
			t.Errorf("%s: %d rows, %v", kind, len(rows), err)
		}
		panes, err := book.GetPanes(string(kind))
		if err != nil || !panes.Freeze || panes.TopLeftCell != "A2" {
			t.Errorf("%s: the header is not held: %+v, %v", kind, panes, err)
		}
	}
	if names := book.GetDefinedName(); len(names) != len(directory.Kinds()) {
		t.Errorf("%d sheets can be filtered", len(names))
	}
}

// halfway counts what was written and drops it.
type halfway struct{ written int }

func (h *halfway) Write(p []byte) (int, error) {
	h.written += len(p)
	return len(p), nil
}

func TestRecordsGoOutAsTheyComeAndLittleIsHeld(t *testing.T) { //nolint:paralleltest // it measures memory
	records := world{rand.New(rand.NewPCG(8, 8))}.records(t, directory.Actors, 2000)
	opts := interchange.WriteOptions{Languages: interchange.LanguagesOf(slices.Values(records))}
	encoded := canonical(t, records[0])
	rounds := raced.Part(10, 2)
	for _, f := range interchange.Formats() {
		var out halfway
		w, err := interchange.NewWriter(&out, f, directory.Actors, opts)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		for round := range 1 + rounds { // the first one fills the buffers
			if round == 1 {
				runtime.ReadMemStats(&before)
			}
			for _, r := range records {
				if err := w.Write(r, encoded); err != nil {
					t.Fatal(err)
				}
			}
		}
		runtime.ReadMemStats(&after)
		if each := (after.TotalAlloc - before.TotalAlloc) / uint64(rounds*len(records)); each > 400 {
			t.Errorf("%s: %d bytes are allocated for each record", f, each)
		}
		halfway := out.written
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if last := out.written - halfway; halfway == 0 || last > 200_000 {
			t.Errorf("%s: %d bytes went out before the end, %d at the end", f, halfway, last)
		}
	}
}

func TestWhatAFormatCannotHoldIsFoundBeforeItIsWritten(t *testing.T) {
	t.Parallel()
	long := &directory.Source{Envelope: directory.Envelope{ID: "long"}, Title: "T", Kind: "law", Note: strings.Repeat("é", 32767)}
	over := &directory.Source{Envelope: directory.Envelope{ID: "over"}, Title: "T", Kind: "law", Note: long.Note + "é"}
	marked := &directory.Source{Envelope: directory.Envelope{ID: "marked"}, Title: "T", Kind: "law", Note: "'=" + strings.Repeat("é", 32765)}
	for _, r := range []directory.Record{long, over, marked} {
		for _, f := range interchange.Formats() {
			for _, columns := range [][]string{nil, {"id", "note"}, {"id", "title"}} {
				opts := interchange.WriteOptions{Columns: columns}
				told := interchange.Fits(f, directory.Sources, opts, func(yield func(func() directory.Record, int) bool) {
					yield(func() directory.Record { return r }, len(canonical(t, r)))
				})
				w, err := interchange.NewWriter(io.Discard, f, directory.Sources, opts)
				if err != nil {
					t.Fatal(err)
				}
				err = w.Write(r, canonical(t, r))
				want := f == interchange.XLSX && r != long && !slices.Contains(columns, "title")
				for what, err := range map[string]error{"told": told, "written": err} {
					cell, ok := errors.AsType[*interchange.CellError](err)
					if ok != want || (err != nil) != want || ok && cell.Code != fault.CodeTextTooLong {
						t.Errorf("%s in %s, %v, %s: %v", r.Head().ID, f, columns, what, err)
					}
				}
			}
		}
	}
}
