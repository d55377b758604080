package interchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/raced"
)

// inMemory is a file that only a test has.
func inMemory(name string, data []byte) interchange.Input {
	return interchange.Input{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// mustRead reads files in which nothing is wrong.
func mustRead(t *testing.T, inputs ...interchange.Input) []interchange.Item {
	t.Helper()
	items, faults, err := interchange.Read(t.Context(), inputs, interchange.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
	return items
}

// written writes one list.
func written(t testing.TB, f interchange.Format, kind directory.Kind, records []directory.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	opts := interchange.WriteOptions{
		Languages: interchange.LanguagesOf(slices.Values(records)), About: []interchange.Fact{{Name: "seq", Value: "7"}},
	}
	w, err := interchange.NewWriter(&out, f, kind, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r, canonical(t, r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func canonical(t testing.TB, r directory.Record) []byte {
	t.Helper()
	data, err := directory.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// same compares what was read with what was written.
func same(t *testing.T, what string, items []interchange.Item, want []directory.Record) {
	t.Helper()
	if len(items) != len(want) {
		t.Errorf("%s: %d records, want %d", what, len(items), len(want))
		return
	}
	for i := range items {
		if diff := cmp.Diff(string(canonical(t, want[i])), string(canonical(t, items[i].On(nil)))); diff != "" {
			t.Errorf("%s: record %d at %s (-written +read): %s", what, i, items[i].Place(""), diff)
			return
		}
	}
}

func TestWhatIsWrittenIsReadAgainTheSame(t *testing.T) {
	t.Parallel()
	for i, kind := range directory.Kinds() {
		records := world{rand.New(rand.NewPCG(4, uint64(i)))}.records(t, kind, raced.Part(300, 60))
		for _, f := range interchange.Formats() {
			name := string(kind) + "." + string(f)
			items := mustRead(t, inMemory(name, written(t, f, kind, records)))
			same(t, name, items, records)
			for j := range items {
				if got := canonical(t, items[j].On(records[(j+1)%len(records)])); f != interchange.NDJSON && !bytes.Equal(got, canonical(t, records[j])) {
					t.Errorf("%s: record %d laid over another is %s", name, j, got)
					break
				}
			}
			if losses := interchange.NotCarried(f, slices.Values(records)); len(losses) > 0 {
				t.Errorf("%s: said not to carry %v", name, losses)
			}
		}
	}
}

// everything returns some records of every kind.
func everything(t testing.TB, n int) []directory.Record {
	t.Helper()
	var all []directory.Record
	for i, kind := range directory.Kinds() {
		all = append(all, world{rand.New(rand.NewPCG(5, uint64(i)))}.records(t, kind, n)...)
	}
	return all
}

// export writes every list.
func export(t testing.TB, e interchange.Export, records []directory.Record) {
	t.Helper()
	for _, kind := range directory.Kinds() {
		list, err := e.List(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if r.RecordKind() != kind {
				continue
			}
			if err := list.Write(r, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := list.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileOfAllListsIsReadAgainTheSame(t *testing.T) {
	t.Parallel()
	records := everything(t, 30)
	opts := interchange.WriteOptions{Languages: interchange.LanguagesOf(slices.Values(records)), RightToLeft: true}
	for _, f := range []interchange.Format{interchange.XLSX, interchange.NDJSON} {
		var out bytes.Buffer
		e, err := interchange.NewExport(&out, f, opts)
		if err != nil {
			t.Fatal(err)
		}
		export(t, e, records)
		same(t, string(f), mustRead(t, inMemory("directory."+string(f), out.Bytes())), records)
	}
}

func TestASheetStandsRightAndRunsNothing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := interchange.NewWriter(&out, interchange.XLSX, directory.Sources, interchange.WriteOptions{RightToLeft: true})
	if err != nil {
		t.Fatal(err)
	}
	record := &directory.Source{Envelope: directory.Envelope{ID: "s"}, Title: "=1+1", Kind: "law", Date: "2022-07-20"}
	if err := errors.Join(w.Write(record, nil), w.Close()); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	part, err := fs.ReadFile(archive, "xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`rightToLeft="true"`, `state="frozen"`, `<autoFilter ref="$A$1:`, `<cols><col customWidth="true" max="1" min="1" `, `<t>=1+1</t>`, `<v>44762</v>`} {
		if !bytes.Contains(part, []byte(want)) {
			t.Errorf("no %s in %s", want, part)
		}
	}
	if bytes.Contains(part, []byte("<f>")) {
		t.Errorf("a formula in %s", part)
	}
}

func TestAZipOfAnExportIsReadAgainTheSame(t *testing.T) {
	t.Parallel()
	records := everything(t, 10)
	var out bytes.Buffer
	e, err := interchange.NewExport(&out, interchange.CSV, interchange.WriteOptions{Languages: interchange.LanguagesOf(slices.Values(records))})
	if err != nil {
		t.Fatal(err)
	}
	export(t, e, records)
	same(t, "zip", mustRead(t, inMemory("directory.zip", out.Bytes())), records)
}

func TestAFolderIsReadAgainTheSame(t *testing.T) {
	t.Parallel()
	records := everything(t, 30)
	folder := filepath.Join(t.TempDir(), "out")
	e, err := interchange.NewFolder(folder, interchange.WriteOptions{Languages: interchange.LanguagesOf(slices.Values(records))})
	if err != nil {
		t.Fatal(err)
	}
	export(t, e, records)
	inputs, _, err := interchange.Inputs(folder)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "folder", mustRead(t, inputs...), records)
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 6 {
		t.Errorf("%v %v", left, err)
	}
}
