package interchange_test

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/sample"
)

// read reads a folder of one file.
func read(t *testing.T, name, text string) ([]interchange.Item, []*interchange.CellError) {
	t.Helper()
	items, faults, err := interchange.ReadFolder(fstest.MapFS{name: {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return items, faults
}

func TestAFaultyFileIsRefusedWithThePlace(t *testing.T) {
	t.Parallel()
	const head = "id,title,kind\n"
	tests := []struct{ name, file, text, want string }{
		{"empty", "sources.csv", "", "sources.csv: The file is empty"},
		{"Latin-1", "sources.csv", head + "s,Minist\xe8re,law\n", "sources.csv:2:2 (title): The file is not UTF-8"},
		{"an unknown column", "sources.csv", "id,title,kind,colour\ns,T,law,red\n", "sources.csv:1:4 (colour): There is no column colour"},
		{"a column twice", "sources.csv", "id,title,kind,id\ns,T,law,s\n", "sources.csv:1:4 (id): The column id is given twice"},
		{"a short row", "sources.csv", head + "s,T\n", "sources.csv:2: The row has 2 cells, the header 3"},
		{"wrong quoting", "sources.csv", head + "s,\"T,law\n", "sources.csv:"},
		{"an amount that is no number", "relations.csv", "from,type,to,amount,currency\na,funds,b,many,EUR\n", "relations.csv:2:4 (amount): many is not a number"},
		{"a link without a type", "initiatives.csv", "id,kind,links\ni,law,nmd\n", "initiatives.csv:2:3 (links): A link is written"},
		{"an id twice", "sources.csv", head + "s,T,law\ns,U,law\n", "sources.csv:3:1 (id): Row 2 of sources.csv is about the same record, s."},
	}
	for _, tt := range tests {
		_, faults := read(t, tt.file, tt.text)
		if len(faults) == 0 || !strings.HasPrefix(faults[0].Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, faults, tt.want)
		}
	}
}

func TestEveryFaultIsToldNotOnlyTheFirst(t *testing.T) {
	t.Parallel()
	_, faults := read(t, "roles.csv", "actor,role,amount\na,lead,x\nb,lead,y\nc\n")
	if len(faults) != 3 { // that roles have neither function nor initiative is found when they are judged
		t.Errorf("%d faults, want 3: %v", len(faults), faults)
	}
}

func TestWhatSpreadsheetsWriteIsRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a byte order mark": "\xef\xbb\xbfid,title,kind\ns,T,web page\n",
		"CRLF":              "id,title,kind\r\ns,T,web page\r\n",
		"columns moved":     "kind,id,title\nWeb Page,s,T\n",
		"spaces around":     "id, title ,kind\n s , T ,web page\n",
	} {
		items, faults := read(t, "sources.csv", text)
		if len(faults) > 0 || len(items) != 1 {
			t.Errorf("%s: %d items, %v", name, len(items), faults)
			continue
		}
		s, ok := items[0].Record.(*directory.Source)
		if !ok || s.ID != "s" || s.Title != "T" || s.Kind != "web_page" {
			t.Errorf("%s: %+v", name, items[0].Record)
		}
	}
}

func TestAHeaderAloneIsAFileWithoutRows(t *testing.T) {
	t.Parallel()
	if items, faults := read(t, "sources.csv", "id,title,kind\n"); len(items)+len(faults) > 0 {
		t.Errorf("%v %v", items, faults)
	}
}

func TestAFolderWithoutAnyOfTheFilesIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := interchange.ReadFolder(fstest.MapFS{"notes.txt": {Data: []byte("x")}})
	if !fault.Is(err, fault.CodeNoFiles) {
		t.Errorf("%v", err)
	}
}

func TestARowIsCountedAsASpreadsheetDoes(t *testing.T) {
	t.Parallel()
	items, _ := read(t, "sources.csv", "id,title,kind\na,\"two\nlines\",law\nb,T,law\n")
	if got := items[1].Place("/title").String(); got != "sources.csv:3:2 (title)" {
		t.Errorf("the second row is at %s", got)
	}
}

func TestAPointerLeadsToItsColumn(t *testing.T) {
	t.Parallel()
	items, _ := read(t, "actors.csv", "id,kind,group,name_fr,city,ror,source_ids\na,unit,workers,N,Rabat,x,s\n")
	for pointer, want := range map[string]string{
		"/name/fr": "4 (name_fr)", "/name": "4 (name_fr)", "/locations/0/city": "5 (city)", "/identifiers/0/value": "6 (ror)",
		"/sources/0": "7 (source_ids)", "": "", "/nowhere": "",
	} {
		place := "actors.csv:2"
		if want != "" {
			place += ":" + want
		}
		if got := items[0].Place(pointer).String(); got != place {
			t.Errorf("%q is at %s, want %s", pointer, got, place)
		}
	}
}

func TestIDsFollowFromContentAndStayTheSame(t *testing.T) {
	t.Parallel()
	const roles = "actor,role,function,territories,start\n" +
		"miepeec,lead,POL-STR,MA,2022\n" +
		"miepeec,lead,POL-STR,MA,2022\n" +
		"miepeec,lead,POL-STR,MA,2023\n"
	first, _ := read(t, "roles.csv", roles)
	ids := make([]string, len(first))
	for i, it := range first {
		ids[i] = it.Record.Head().ID
	}
	if ids[1] != ids[0]+"-2" || ids[2] == ids[0] {
		t.Errorf("equal rows are told apart by order, others by content: %v", ids)
	}
	if want := "miepeec-lead-"; !strings.HasPrefix(ids[0], want) || !directory.ValidID(ids[0]) {
		t.Errorf("%s does not begin with %s", ids[0], want)
	}
	again, _ := read(t, "roles.csv", roles)
	for i, it := range again {
		if it.Record.Head().ID != ids[i] {
			t.Errorf("row %d is %s, then %s", i+2, ids[i], it.Record.Head().ID)
		}
	}
}

func TestTheColumnsBecomeTheMembersThatTheREADMETells(t *testing.T) {
	t.Parallel()
	items, _, err := interchange.ReadFolder(sample.Morocco())
	if err != nil {
		t.Fatal(err)
	}
	byRef := make(map[string]directory.Record)
	for _, it := range items {
		byRef[string(it.Record.RecordKind())+"/"+it.Record.Head().ID] = it.Record
	}
	f, _ := byRef["functions/pol-str"].(*directory.Function)
	if f == nil || f.Notation != "POL-STR" || f.Parent != "pol" || f.Label["ar"] == "" || len(f.Frameworks) != 3 && len(f.Frameworks) != 4 {
		t.Errorf("function %+v", f)
	}
	i, _ := byRef["initiatives/thamm"].(*directory.Initiative)
	if i == nil || i.Budget == nil || i.Budget.Amount != 30000000 || i.Budget.Currency != "EUR" || fmt.Sprint(i.Territories) != "[MA EG TN]" {
		t.Errorf("initiative %+v", i)
	}
	e, _ := byRef["initiatives/evt-snmpi-seminaire"].(*directory.Initiative)
	if e == nil || len(e.Links) != 2 || e.Links[0].Type != "within" || e.Place != "Rabat" || e.State != "" {
		t.Errorf("event %+v", e)
	}
	a, _ := byRef["actors/miepeec"].(*directory.Actor)
	if a == nil || a.Acronym["fr"] != "MIEPEEC" || a.Locations[0].City != "Rabat" || len(a.Sources) != 4 || a.Confidence != "high" || a.State != "active" {
		t.Errorf("actor %+v", a)
	}
}

func TestTheFrameworksOfTheSampleAreThoseOfTheVocabulary(t *testing.T) {
	t.Parallel()
	file, err := fs.ReadFile(sample.Morocco(), "frameworks.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(file))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		term, ok := directory.FrameworkTerm(row[0], row[1])
		if !ok || term.Label["en"] != row[2] || term.Label["fr"] != row[3] {
			t.Errorf("%s:%s is %v, in the file %q and %q", row[0], row[1], term, row[2], row[3])
		}
	}
	if len(rows) != 52 {
		t.Errorf("%d rows, want 51 and a header", len(rows))
	}
}

func TestATableOfAFolderThatIsNotReadIsTold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"sources.csv", "Acteurs.xlsx", "members.csv", "annex.ndjson.gz", "README.md", "notes.txt", "~$members.xlsx", ".csv"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("id\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inputs, left, err := interchange.Inputs(folder)
	if err != nil || len(inputs) != 2 {
		t.Fatalf("%d files are read, %v", len(inputs), err)
	}
	var names []string
	for _, file := range left {
		if file.Code != fault.CodeFileLeftOut {
			t.Errorf("%v", file)
		}
		names = append(names, filepath.Base(file.Place.File))
	}
	if got := strings.Join(names, " "); got != "annex.ndjson.gz members.csv" {
		t.Errorf("left out: %s", got)
	}
}
