package interchange_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

func TestARowIsLaidOverTheMembersThatItsFileHas(t *testing.T) {
	t.Parallel()
	before := &directory.Actor{
		Envelope: directory.Envelope{ID: "a", Status: "draft", Visibility: "partners", Tags: []string{"t"}, Version: 3},
		Kind:     "network", Group: "workers", State: "dormant", Name: directory.Text{"fr": "N", "zgh": "Z"}, Website: "https://a.example",
		Locations:   []directory.Location{{City: "Rabat", Territory: "MA-04"}},
		Identifiers: []directory.Identifier{{Scheme: "grid", Value: "grid.1.2"}, {Scheme: "ror", Value: "02rx3b187", Preferred: true}, {Scheme: "wikidata", Value: "Q1"}},
	}
	held := string(canonical(t, before))
	const file = "kind,group,name_fr,website,city,ror,wikidata,state\nnetwork,employers,N2,,Fès,05f950310,,\n"
	items := mustRead(t, inMemory("actors.csv", []byte(file)))
	if items[0].Record.Head().ID != "" {
		t.Errorf("a row without an id has %s", items[0].Record.Head().ID)
	}
	got := string(canonical(t, items[0].On(before)))
	want := `{"group":"employers","id":"a","identifiers":[{"scheme":"grid","value":"grid.1.2"},{"preferred":true,"scheme":"ror","value":"05f950310"}],` +
		`"kind":"network","locations":[{"city":"Fès","territory":"MA-04"}],"name":{"fr":"N2","zgh":"Z"},"state":"active","status":"draft","tags":["t"],` +
		`"version":3,"visibility":"partners"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if now := string(canonical(t, before)); now != held {
		t.Errorf("the record that was there became %s", now)
	}
}

func TestWhatIsSaidOfAPossibleDuplicateIsTold(t *testing.T) {
	t.Parallel()
	const head = "kind,group,name_fr,same_as\n"
	items := mustRead(t, inMemory("actors.csv", []byte(head+"network,workers,A,oit\nnetwork,workers,B,Nouveau\nnetwork,workers,C,\n")),
		inMemory("x.ndjson", []byte(`{"kind":"actors","record":{"id":"d"},"same_as":"new"}`)))
	var said []string
	for i := range items {
		id, isNew := items[i].SameAs()
		if said = append(said, id); isNew {
			said[i] = "(new)"
		}
	}
	if got := strings.Join(said, ","); got != "oit,(new),,(new)" {
		t.Error(got)
	}
}

func TestARowsOfAFormulaIsATextInCSV(t *testing.T) {
	t.Parallel()
	records := []directory.Record{&directory.Source{Envelope: directory.Envelope{ID: "s"}, Title: "=HYPERLINK(1)", Kind: "law", Publisher: "'+1", Note: "\t=1"}}
	got := string(written(t, interchange.CSV, directory.Sources, records))
	if !strings.Contains(got, "\r\ns,'=HYPERLINK(1),law,''+1,") || !strings.Contains(got, ",'\t=1,") {
		t.Error(got)
	}
}

func TestTheCommandCanNameWhatATableDoesNotCarry(t *testing.T) {
	t.Parallel()
	records := []directory.Record{
		&directory.Source{Envelope: directory.Envelope{ID: "a", Version: 2, Created: &directory.Stamp{Seq: 1}}, Title: "T ", Kind: "law"},
		&directory.Source{Envelope: directory.Envelope{ID: "b", Version: 1}, Title: "T", Kind: "law", Note: strings.Repeat("é", 40_000)},
	}
	var said []string
	for _, l := range interchange.NotCarried(interchange.XLSX, slices.Values(records)) {
		said = append(said, l.String())
	}
	want := []string{
		"/created is set by Dalil and has no column: 1 records, the first is sources/a",
		"/version is set by Dalil and has no column: 2 records, the first is sources/a",
		"note is too long for a cell of a workbook: 1 records, the first is sources/b",
		"title loses the spaces around it: 1 records, the first is sources/a",
	}
	if !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
	if left := interchange.NotCarried(interchange.NDJSON, slices.Values(records)); left != nil {
		t.Error(left)
	}
	w, err := interchange.NewWriter(&bytes.Buffer{}, interchange.XLSX, directory.Sources, interchange.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(records[1], nil); err == nil || err.Error() != "note of sources/b has more than 32767 letters, which no cell of a workbook holds; CSV and JSON lines do." {
		t.Errorf("a text that would be cut off: %v", err)
	}
}

func TestATemplateThatIsFilledInIsRead(t *testing.T) {
	t.Parallel()
	for lang, actors := range map[string]string{"fr": "Acteurs", "ar": "الجهات", "en": "actors"} {
		var out bytes.Buffer
		if err := interchange.WriteTemplate(&out, lang, interchange.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		if items, faults := faultsOf(t, inMemory("modele.xlsx", out.Bytes())); len(items) > 0 || faults != "" {
			t.Errorf("%s: the empty one gives %d items, %s", lang, len(items), faults)
		}
		filled := filledIn(t, out.Bytes(), actors)
		items := mustRead(t, inMemory("modele.xlsx", filled))
		if len(items) != 1 || items[0].Record.(*directory.Actor).Name["fr"] != "N" {
			t.Errorf("%s: %v", lang, items)
		}
	}
}
