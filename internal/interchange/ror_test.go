package interchange_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// readOrganisations reads lines of the registry, and returns what was left out of them as well.
func readOrganisations(t *testing.T, name string, open func() (io.ReadCloser, error)) (items []interchange.Item, faults []*interchange.CellError, notes []string) {
	t.Helper()
	items, faults, err := interchange.Read(t.Context(), []interchange.Input{{Name: name, Open: open}}, interchange.ReadOptions{
		Note: func(left *interchange.CellError) { notes = append(notes, left.Error()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return items, faults, notes
}

func fileOf(path string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return os.Open(path) }
}

func textOf(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

// said is an item as the tests compare it.
func said(t *testing.T, it *interchange.Item) string {
	t.Helper()
	text, err := directory.Encode(it.Record)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOrganisationsOfTheRegistryBecomeActorsAndEachFactOnce(t *testing.T) {
	t.Parallel()
	const path = "testdata/ror.ndjson"
	items, faults, notes := readOrganisations(t, path, fileOf(path))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got, relations []string
	for i := range items {
		switch r := items[i].Record.(type) {
		case *directory.Actor:
			got = append(got, said(t, &items[i]))
		case *directory.Relation:
			relations = append(relations, strings.Join([]string{r.From, r.Type, r.To, string(r.Status)}, " "))
		}
	}
	want, err := os.ReadFile("testdata/ror-actors.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(string(want)), "\n"), got); diff != "" {
		t.Errorf("%s\n%s", diff, strings.Join(got, "\n"))
	}
	if diff := cmp.Diff([]string{
		"ror-0aaaaaa03 part_of ror-0aaaaaa01 published",
		"ror-0aaaaaa05 successor_of ror-0aaaaaa01 published",
		"ror-0aaaaaa02 related_to ror-0aaaaaa04 published",
		"ror-0aaaaaa03 part_of ror-0aaaaaa02 published",
		"ror-0aaaaaa02 successor_of ror-0aaaaaa06 archived",
		"ror-0aaaaaa04 part_of ror-0aaaaaa06 archived",
	}, relations); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{
		path + ":2 (/website): An address begins with https:// or http:// and has a host.",
		path + ":1 (/external_ids): The identifier wikidata:Q11 is also that of another active organisation (line 2); it is left out.",
		path + ":2 (/external_ids): The identifier wikidata:Q11 is also that of another active organisation (line 1); it is left out.",
		path + ":2 (/relationships): The organisation names itself as its own child; this is left out.",
		path + ":3 (/relationships): The organisation https://ror.org/0zzzzzz99, named as parent, is not in the file; this is left out.",
		path + ":7 (/relationships): ror-0aaaaaa07 and ror-0aaaaaa08 would each be part of the other; this is left out.",
		path + ":8 (/relationships): ror-0aaaaaa08 and ror-0aaaaaa07 would each be part of the other; this is left out.",
	}, notes); diff != "" {
		t.Error(diff)
	}
}

func TestALineOfTheRegistryThatCannotBeReadIsAFaultWithItsPlace(t *testing.T) {
	t.Parallel()
	const good = `{"id":"https://ror.org/0aaaaaa01","status":"active","types":[],"names":[{"lang":"en","types":["label"],"value":"A"}],"external_ids":[],"relationships":[]}`
	const nameless = `{"id":"https://ror.org/0aaaaaa02","status":"active","types":[],"names":[],"external_ids":[],"relationships":[]}`
	items, faults, _ := readOrganisations(t, "o.ndjson", textOf(good+"\n{broken\n\n"+good+"\n"+nameless+"\n"))
	var got []string
	for _, f := range faults {
		got = append(got, f.Place.String()+" "+string(f.Code))
	}
	want := []string{"o.ndjson:2 bad_line", "o.ndjson:4 (/id) row_twice", "o.ndjson:5 (/name) too_few"}
	if diff := cmp.Diff(want, got); diff != "" || len(items) != 1 {
		t.Errorf("%s, %d items", diff, len(items))
	}
}

func TestTheRegistryFillsInWhatTheDirectoryLacksAndRenewsWhatItGave(t *testing.T) {
	t.Parallel()
	const line = `{"id":"https://ror.org/0aaaaaa01","status":"active","types":["education"],"established":1990,` +
		`"names":[{"lang":"en","types":["ror_display","label"],"value":"The Institute"},{"lang":"fr","types":["label"],"value":"L'Institut"}],` +
		`"links":[{"type":"website","value":"https://example.org"}],"external_ids":[],"relationships":[]}`
	items, _, _ := readOrganisations(t, "o.ndjson", textOf(line+"\n"))
	it := &items[0]
	if !it.Derived() {
		t.Error("its id is not said to be derived")
	}
	own := &directory.Actor{
		Envelope: directory.Envelope{ID: "institute", Status: directory.Published, Visibility: directory.Ministry, Sources: []string{"s"}},
		Kind:     "organisation", Group: "international", State: "active", Founded: "1989",
		Name: directory.Text{"en": "Institute"}, Email: "a@example.org",
	}
	kept := *own
	got, ok := it.On(own).(*directory.Actor)
	if !ok || got.ID != "institute" || got.Group != "international" || got.Founded != "1989" || got.Name["en"] != "Institute" ||
		got.Name["fr"] != "L'Institut" || got.Website != "https://example.org" || len(got.Identifiers) != 1 {
		t.Errorf("filled in: %+v", got)
	}
	if diff := cmp.Diff(&kept, own); diff != "" {
		t.Error("the record that was there has changed", diff)
	}
	renewed := *own
	renewed.ID = "ror-0aaaaaa01"
	got, ok = it.On(&renewed).(*directory.Actor)
	if !ok || got.Group != "academia" || got.Founded != "1990" || got.Name["en"] != "The Institute" || got.Email != "a@example.org" ||
		got.Visibility != directory.Ministry || len(got.Sources) != 1 {
		t.Errorf("renewed: %+v", got)
	}
}

func TestTheRegistrysOwnFileIsReadWhole(t *testing.T) {
	t.Parallel()
	path := registryFile()
	if path == "" {
		t.Skip("the organisations are not here: set DALIL_BENCH_ROR to the path of organizations.ndjson.gz")
	}
	items, faults, notes := readOrganisations(t, path, fileOf(path))
	if len(faults) > 0 {
		t.Fatal(faults[0])
	}
	count := make(map[string]int)
	for i := range items {
		switch r := items[i].Record.(type) {
		case *directory.Actor:
			count["actors"]++
			count[string(r.Status)]++
			if r.Parent != "" {
				count["parents"]++
			}
		case *directory.Relation:
			count["relations"]++
		}
	}
	for _, n := range notes {
		for _, sort := range []string{"is also that of", "names itself", "part of the other"} {
			if strings.Contains(n, sort) {
				count[sort]++
			}
		}
	}
	count["facts"] = count["parents"] + count["relations"]
	t.Logf("%v, %d notes", count, len(notes))
	for what, want := range map[string]int{
		"actors": 51_370, "archived": 1_374, "facts": 23_014,
		"is also that of": 214, // of 104 identifiers
		"names itself":    3, "part of the other": 2,
	} {
		if count[what] != want {
			t.Errorf("%s: %d, want %d", what, count[what], want)
		}
	}
}

// registryFile is the path of the registry's whole file, as internal/bench looks for it; "" when it is not here.
func registryFile() string {
	if path := os.Getenv("DALIL_BENCH_ROR"); path != "" {
		return path
	}
	path := "../../../shared/data/ror/organizations.ndjson.gz"
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}
