package directory_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// whole holds a record of each kind with every member, in canonical JSON.
var whole = map[directory.Kind]string{
	directory.Actors: `{"acronym":{"fr":"OIT"},"attested":{"at":"2026-01-02T03:04:05.678Z","by":"k"},"confidence":"high",` +
		`"country":"MA","created":{"at":"2026-01-02T03:04:05.678Z","by":"k","seq":1},"dissolved":"2025","email":"a@example.org",` +
		`"founded":"1919","group":"international","id":"oit","identifiers":[{"issuer":"X","preferred":true,"scheme":"other","value":"1"}],` +
		`"kind":"organisation","locations":[{"address":"1, rue <A> & B","city":"Rabat","label":"Siège","lat":34.02,"lon":-6.83,"territory":"MA-04"}],` +
		`"mandate":{"fr":"m"},"name":{"ar":"منظمة العمل الدولية","fr":"Organisation internationale du Travail"},` +
		`"other_names":[{"end":"1946","lang":"fr","start":"1919","type":"former","value":"BIT"}],"parent":"onu","phone":"+212 537 000000",` +
		`"sources":["s"],"state":"active","status":"published","summary":{"fr":"s"},"tags":["un"],"territories":["MA"],` +
		`"updated":{"at":"2026-01-02T03:04:05.678Z","by":"k","seq":2},"version":2,"visibility":"public","website":"https://ilo.org"}`,
	directory.Initiatives: `{"budget":{"amount":30000000,"currency":"EUR"},"end":"2023","frameworks":[{"code":"8","framework":"SDG"}],` +
		`"id":"thamm","kind":"programme","links":[{"initiative":"nmd","type":"within"}],"name":{"fr":"THAMM"},"place":"Rabat",` +
		`"start":"2019-12","status":"published","territories":["MA","TN"],"version":1,"visibility":"public"}`,
	directory.Functions: `{"definition":{"en":"d"},"frameworks":[{"code":"10.7","framework":"SDG"}],"id":"pol-str","label":{"fr":"l"},` +
		`"notation":"POL-STR","order":0,"parent":"pol","status":"published","version":1,"visibility":"public"}`,
	directory.Roles: `{"actor":"oit","amount":{"amount":0.5,"currency":"USD"},"counterparts":["FR"],"description":{"fr":"d"},"end":"2023",` +
		`"function":"pol-str","id":"r","initiative":"thamm","observed":"2022","raci":"A","start":"2022-07","status":"published",` +
		`"territories":["MA-05"],"type":"lead","version":1,"visibility":"public"}`,
	directory.Relations: `{"amount":{"amount":1,"currency":"MAD"},"description":{"fr":"d"},"end":"2023","from":"a","id":"l",` +
		`"start":"2022","status":"published","to":"b","type":"funds","version":1,"visibility":"partners"}`,
	directory.Sources: `{"date":"2022-07","id":"s","kind":"law","language":"fr","note":"ligne\nligne","publisher":"p","status":"draft",` +
		`"title":"t","url":"https://example.org/x?y=1","version":1,"visibility":"ministry"}`,
	directory.APIKeys: `{"clearance":"ministry","expires":"2027-01-01T00:00:00.000Z","hash":"` + strings.Repeat("ab", 32) + `","id":"k",` +
		`"name":"n","scope":"admin","status":"published","version":1,"visibility":"ministry"}`,
	directory.Webhooks: `{"clearance":"partners","description":"d","disabled":"no answer in time","id":"w","kinds":["actors"],"ops":["put"],` +
		`"salt":"` + strings.Repeat("ab", 32) + `","status":"published","url":"https://example.org/hook","version":1,"visibility":"ministry"}`,
	directory.Citations: `{"as_of":"any","checksum":"` + strings.Repeat("ab", 32) + `","clearance":"public","day":"2026-11-24","id":"c",` +
		`"known_at":7,"lang":"fr","path":"/api/v1/actors","status":"published","title":"t","version":1,"visibility":"public"}`,
}

func TestEveryKindIsReadJudgedAndWrittenBackToTheSameBytes(t *testing.T) {
	t.Parallel()
	for _, kind := range directory.AllKinds() {
		record, err := directory.Decode(kind, []byte(whole[kind]))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if err := directory.Validate(record); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		directory.Normalize(record)
		text, err := directory.Encode(record)
		if err != nil || string(text) != whole[kind] {
			t.Errorf("%s: %v %s", kind, err, cmp.Diff(whole[kind], string(text)))
		}
		if record.RecordKind() != kind {
			t.Errorf("%s says it is of %s", kind, record.RecordKind())
		}
	}
}

func TestAMistakeInTheJSONIsRefusedAtItsPlace(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000)
	tests := []struct {
		name, body string
		code       fault.Code
		pointer    string
	}{
		{"nothing", " ", fault.CodeBodyRequired, ""},
		{"cut", `{"name":{"fr":"x"`, fault.CodeBadJSON, ""},
		{"trailing data", `{} {}`, fault.CodeBadJSON, ""},
		{"unknown member", `{"nome":1}`, fault.CodeUnknownMember, "/nome"},
		{"unknown member below", `{"locations":[{},{"town":"x"}]}`, fault.CodeUnknownMember, "/locations/1/town"},
		{"member twice", `{"kind":"unit","kind":"unit"}`, fault.CodeDuplicateMember, "/kind"},
		{"member twice below", `{"name":{"fr":"a","fr":"b"}}`, fault.CodeDuplicateMember, "/name/fr"},
		{"wrong type", `{"name":"x"}`, fault.CodeWrongType, "/name"},
		{"wrong type below", `{"locations":[{"lat":"north"}]}`, fault.CodeWrongType, "/locations/0/lat"},
		{"a number too large", `{"locations":[{"lat":1e400}]}`, fault.CodeWrongType, "/locations/0/lat"},
		{"an array", `[]`, fault.CodeWrongType, ""},
		{"bytes that are no text", "{\"website\":\"\xff\"}", fault.CodeBadJSON, "/website"},
		{"half a surrogate", `{"website":"\ud800"}`, fault.CodeBadJSON, "/website"},
		{"a byte order mark", "\ufeff{}", fault.CodeBadJSON, ""},
		{"NUL", "{\x00}", fault.CodeBadJSON, ""},
	}
	for _, tt := range tests {
		_, err := directory.Decode(directory.Actors, []byte(tt.body))
		if fault.KindOf(err) != fault.Malformed || fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
			continue
		}
		if tt.pointer != "" && !strings.Contains(err.Error(), tt.pointer+":") {
			t.Errorf("%s: %v does not name %s", tt.name, err, tt.pointer)
		}
	}
	if _, err := directory.Decode(directory.Actors, []byte(deep)); fault.KindOf(err) != fault.Malformed {
		t.Errorf("20,000 levels deep: %v", err)
	}
}

func TestATimeIsKeptToTheMillisecondHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"2026-01-02T03:04:05Z":           "2026-01-02T03:04:05.000Z",
		"2026-01-02T04:04:05.6789+01:00": "2026-01-02T03:04:05.678Z",
	} {
		var at directory.Time
		if err := at.UnmarshalText([]byte(given)); err != nil || at.String() != want {
			t.Errorf("%s is %s (%v), want %s", given, at, err, want)
		}
	}
	if err := new(directory.Time).UnmarshalText([]byte("yesterday")); err == nil {
		t.Error("yesterday is read as a time")
	}
}

func FuzzDecode(f *testing.F) {
	for _, kind := range directory.AllKinds() {
		f.Add(string(kind), []byte(whole[kind]))
	}
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		kind := directory.Kind(name)
		if kind.New() == nil {
			return
		}
		record, err := directory.Decode(kind, body)
		if err != nil {
			if kind := fault.KindOf(err); kind != fault.Malformed && kind != fault.Invalid { // a time that does not exist
				t.Fatalf("refused with %v", err)
			}
			return
		}
		encodedAlike(t, record)
		directory.Normalize(record)
		if directory.Validate(record) != nil {
			return
		}
		text, err := directory.Encode(record)
		if err != nil {
			t.Fatalf("what is valid cannot be written: %v", err)
		}
		canonical := jsontext.Value(bytes.Clone(text))
		if err := canonical.Canonicalize(); err != nil || !bytes.Equal(canonical, text) {
			t.Fatalf("not canonical: %s (%v)", text, err)
		}
		again, err := directory.Decode(kind, text)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		if twice, err := directory.Encode(again); err != nil || !bytes.Equal(twice, text) {
			t.Fatalf("written again it is %s, not %s (%v)", twice, text, err)
		}
	})
}
