package interchange_test

import (
	"strings"
	"testing"

	"dalil/internal/interchange"
)

func TestABrokenLineIsToldForWhatItIs(t *testing.T) {
	t.Parallel()
	const good = `{"kind":"actors","record":{"id":"oit","kind":"organisation","group":"international","name":{"fr":"OIT"}}}`
	const expected = "expected: sources, functions, actors, initiatives, roles, relations."
	const noKind = "all.ndjson:2: Nothing says of what kind this record is"
	for line, want := range map[string]string{
		good[:len(good)-20]:                     "all.ndjson:2: The line is not one object in JSON: it ends in the middle, after character 85.",
		`{"kind":"actors","record":{"id":oit}}`: "all.ndjson:2: The line is not one object in JSON: oit}} at character 33 does not belong there.",
		`{"kind":"actors",'record':{}}`:         "all.ndjson:2: The line is not one object in JSON: 'record':{}} at character 18 does not belong there.",
		good + "," + good:                       `all.ndjson:2: The line is not one object in JSON: ,{"kind":"actors","r at character 106 does not belong there.`,
		"{\"kind\":\"é\xff\"}":                  "all.ndjson:2: The line is not one object in JSON: �\"} at character 11 does not belong there.",
		"[1,2]":                                 "all.ndjson:2: The line is not one object in JSON: [1,2] at character 1 does not belong there.",
		"null":                                  "all.ndjson:2: The line is not one object in JSON: null at character 1 does not belong there.",
		"id,kind,name":                          "all.ndjson:2: The line is not one object in JSON: id,kind,name at character 1 does not belong there.",
		`{"kind":"frob","record":{"id":"x"}}`:   "all.ndjson:2 (/kind): frob is not a kind of record; " + expected,
		`{"kind":"frob","id":"x"}`:              "all.ndjson:2 (/kind): frob is not a kind of record; " + expected,
		`{"kind":1,"record":{"id":"x"}}`:        "all.ndjson:2 (/kind): This value has the wrong JSON type",
		`{"kind":"actors","record":[1]}`:        "all.ndjson:2 (/record): This value has the wrong JSON type",
		`{"kind":"organisation","id":"x"}`:      noKind,
		`{"kind":"actors","id":"x"}`:            noKind,
		`{"id":"x"}`:                            noKind,
		`{"record":{"id":"x"}}`:                 noKind,
		`{}`:                                    noKind,
		`{"kind":"actors","record":{"id":"x","id":"y"}}`: "all.ndjson:2 (/record/id): This member is given twice",
		`{"kind":"actors","kind":"roles","record":{}}`:   "all.ndjson:2 (/kind): This member is given twice",
	} {
		items, said := faultsOf(t, inMemory("all.ndjson", []byte(good+"\n"+line+"\n"+strings.ReplaceAll(good, "oit", "oim")+"\n")))
		if !strings.HasPrefix(said, want) || strings.Contains(said, "\n") || len(items) != 2 {
			t.Errorf("%s: %d items, %q, want %q", line, len(items), said, want)
		}
		_, first := faultsOf(t, inMemory("all.ndjson", []byte(line+"\n")))
		if want := strings.Replace(want, ":2", ":1", 1); !strings.HasPrefix(first, want) {
			t.Errorf("%s in the first line: %q, want %q", line, first, want)
		}
	}
}

func TestABrokenLineOfTheRegistryIsToldForWhatItIs(t *testing.T) {
	t.Parallel()
	const good = `{"id":"https://ror.org/00aaaaa00","status":"active","types":["company"],"names":[{"value":"A","types":["ror_display"],"lang":null}],"external_ids":[],"relationships":[]}`
	for line, want := range map[string]string{
		good[:60]:                            "orgs.ndjson:2: The line is not one object in JSON: it ends in the middle, after character 60.",
		"[1]":                                "orgs.ndjson:2: The line is not one object in JSON: [1] at character 1 does not belong there.",
		strings.Replace(good, `"A"`, "1", 1): "orgs.ndjson:2 (/names/0/value): This value has the wrong JSON type",
	} {
		items, said := faultsOf(t, inMemory("orgs.ndjson", []byte(good+"\n"+line+"\n")))
		if len(items) != 1 || !strings.HasPrefix(said, want) {
			t.Errorf("%s: %d items, %q, want %q", line, len(items), said, want)
		}
	}
}

func TestJSONLinesWithoutALineAreADirectoryWithoutRecords(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{"all.ndjson": nil, "actors.jsonl": []byte("\n"), "all.ndjson.gz": zipped(t, nil)} {
		var notes []string
		items, faults, err := interchange.Read(t.Context(), []interchange.Input{inMemory(name, data)}, interchange.ReadOptions{
			Note: func(left *interchange.CellError) { notes = append(notes, left.Error()) },
		})
		if len(items)+len(faults) > 0 || err != nil || strings.Join(notes, "\n") != name+": The file is empty." {
			t.Errorf("%s: %v, %v, %v, %v", name, items, faults, err, notes)
		}
	}
}

func TestAFileIsKnownByTheNamesOfItsSheet(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"Acteurs.csv": 1, "ACTEURS.CSV": 1, "الجهات.csv": 1, "~$acteurs.csv": 0, ".acteurs.csv": 0} {
		if items, said := faultsOf(t, inMemory(name, []byte("id,kind,group,name_fr\na,network,workers,A\n"))); len(items) != want {
			t.Errorf("%s: %d items, %s", name, len(items), said)
		}
	}
}
