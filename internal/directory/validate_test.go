package directory_test

import (
	"errors"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// places returns the faults of a body as "pointer code", after the defaults were filled in.
func places(t *testing.T, kind directory.Kind, body string) []string {
	t.Helper()
	record, err := directory.Decode(kind, []byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	directory.Normalize(record)
	err = directory.Validate(record)
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("%s: %v is not a refusal of the domain", body, err)
	}
	var list []string
	for _, field := range f.Fields {
		list = append(list, field.Pointer+" "+string(field.Code))
		if text := fault.Message("fr", field.Code, field.Args); strings.ContainsAny(text, "{}") || text == string(field.Code) {
			t.Errorf("%s %s is said as %q", field.Pointer, field.Code, text)
		}
	}
	return list
}

func TestEveryFaultIsNamedByPlaceAndCode(t *testing.T) {
	t.Parallel()
	actor := func(more string) string {
		return `{"kind":"organisation","group":"workers","name":{"fr":"Un"}` + more + `}`
	}
	initiative := func(more string) string { return `{"kind":"project","name":{"fr":"Un"}` + more + `}` }
	role := func(more string) string { return `{"actor":"a","type":"lead"` + more + `}` }
	long := strings.Repeat("x", 501)
	tests := []struct {
		kind directory.Kind
		body string
		want string
	}{
		{directory.Actors, `{}`, "/kind required"},
		{directory.Actors, `{}`, "/group required"},
		{directory.Actors, `{}`, "/name required"},
		{directory.Actors, `{"kind":"organisation","group":"workers","name":{}}`, "/name too_few"},
		{directory.Actors, actor(`,"acronym":{}`), "/acronym too_few"},
		{directory.Actors, actor(`,"summary":{"français":"x"}`), "/summary/français bad_language"},
		{directory.Actors, actor(`,"summary":{"fr":"  "}`), "/summary/fr empty_text"},
		{directory.Actors, `{"kind":"organisation","group":"workers","name":{"fr":"` + long + `"}}`, "/name/fr too_long"},
		{directory.Actors, `{"kind":"organisation","group":"workers","name":{"fr":"a\nb"}}`, "/name/fr bad_character"},
		{directory.Actors, actor(`,"summary":{"fr":"a\u0000b"}`), "/summary/fr bad_character"},
		{directory.Actors, actor(`,"id":"Upper"`), "/id bad_id"},
		{directory.Actors, actor(`,"id":"../etc"`), "/id bad_id"},
		{directory.Actors, actor(`,"id":"none"`), "/id reserved_id"},
		{directory.Actors, actor(`,"id":"` + strings.Repeat("a", 81) + `"`), "/id bad_id"},
		{directory.Actors, `{"kind":"unit","group":"workers","name":{"fr":"x"}}`, "/parent unit_needs_parent"},
		{directory.Actors, actor(`,"id":"a","parent":"a"`), "/parent own_parent"},
		{directory.Actors, actor(`,"status":"archived"`), "/status archive_by_delete"},
		{directory.Actors, actor(`,"visibility":"secret"`), "/visibility unknown_code"},
		{directory.Actors, actor(`,"confidence":"sure"`), "/confidence unknown_code"},
		{directory.Actors, actor(`,"country":"XX"`), "/country unknown_code"},
		{directory.Actors, actor(`,"territories":["MA","MA-13"]`), "/territories/1 unknown_code"},
		{directory.Actors, actor(`,"territories":["MA","MA"]`), "/territories repeated"},
		{directory.Actors, actor(`,"founded":"2001-02-30"`), "/founded bad_date"},
		{directory.Actors, actor(`,"founded":"2002","dissolved":"2001-12"`), "/dissolved end_before_start"},
		{directory.Actors, actor(`,"locations":[{},{"lat":91}]`), "/locations/1/lat out_of_range"},
		{directory.Actors, actor(`,"website":"javascript:alert(1)"`), "/website bad_url"},
		{directory.Actors, actor(`,"website":"https://user:pass@example.org"`), "/website bad_url"},
		{directory.Actors, actor(`,"email":"a@"`), "/email bad_email"},
		{directory.Actors, actor(`,"phone":"call me"`), "/phone bad_phone"},
		{directory.Actors, actor(`,"tags":["Upper"]`), "/tags/0 bad_tag"},
		{directory.Actors, actor(`,"sources":["a","b c"]`), "/sources/1 bad_id"},
		{directory.Actors, actor(`,"other_names":[{"value":"x","type":"nickname"}]`), "/other_names/0/type unknown_code"},
		{directory.Actors, actor(`,"other_names":[{"value":"x","type":"alias","start":"2002","end":"2001"}]`), "/other_names/0/end end_before_start"},
		{directory.Actors, actor(`,"identifiers":[{"scheme":"ror","value":"x"}]`), "/identifiers/0/value bad_identifier"},
		{directory.Actors, actor(`,"identifiers":[{"scheme":"other","value":"x"}]`), "/identifiers/0/issuer required"},
		{directory.Actors, actor(`,"identifiers":[{"scheme":"wikidata","value":"Q1"},{"scheme":"wikidata","value":"q1"}]`), "/identifiers/1/value bad_identifier"},
		{directory.Actors, actor(`,"identifiers":[{"scheme":"iati","value":"XM 1"},{"scheme":"iati","value":"xm1"}]`), "/identifiers/1 repeated"},
		{directory.Initiatives, initiative(`,"end":"2001","start":"2002"`), "/end end_before_start"},
		{directory.Initiatives, initiative(`,"frameworks":[{"framework":"SDG","code":"99"}]`), "/frameworks/0/code unknown_code"},
		{directory.Initiatives, initiative(`,"frameworks":[{"framework":"ABC","code":"1"}]`), "/frameworks/0/framework unknown_code"},
		{directory.Initiatives, initiative(`,"budget":{"amount":-1,"currency":"EUR"}`), "/budget/amount out_of_range"},
		{directory.Initiatives, initiative(`,"budget":{"amount":1,"currency":"EURO"}`), "/budget/currency bad_currency"},
		{directory.Initiatives, initiative(`,"id":"i","links":[{"type":"within","initiative":"i"}]`), "/links/0/initiative same_ends"},
		{directory.Functions, `{"notation":"A B","label":{"fr":"x"}}`, "/notation bad_id"},
		{directory.Functions, `{"notation":"A","label":{"fr":"x"},"order":-1}`, "/order out_of_range"},
		{directory.Roles, role(``), "/function function_or_initiative_required"},
		{directory.Roles, role(`,"function":"f","raci":"X"`), "/raci unknown_code"},
		{directory.Roles, role(`,"function":"f","counterparts":["MA-01"]`), "/counterparts/0 unknown_code"},
		{directory.Relations, `{"from":"a","type":"funds","to":"a"}`, "/to same_ends"},
		{directory.Relations, `{"from":"a","type":"likes","to":"b"}`, "/type unknown_code"},
		{directory.Sources, `{"title":"t","kind":"web page"}`, "/kind unknown_code"},
		{directory.Sources, `{"title":"t","kind":"law","language":"french!"}`, "/language bad_language"},
	}
	for _, tt := range tests {
		got := places(t, tt.kind, tt.body)
		found := false
		for _, place := range got {
			found = found || place == tt.want
		}
		if !found {
			t.Errorf("%s %.120s: %q, want %q", tt.kind, tt.body, got, tt.want)
		}
	}
}

func TestWhatIsRightIsNotRefused(t *testing.T) {
	t.Parallel()
	for kind, bodies := range map[directory.Kind][]string{
		directory.Actors: {
			`{"kind":"organisation","group":"workers","name":{"und":"x","zgh":"ⵣ","zh-Hant":"x"},"tags":["هجرة","to-check"]}`,
			`{"kind":"organisation","group":"workers","name":{"fr":"x"},"locations":[{"lat":0,"lon":0}],"founded":"2001","dissolved":"2001"}`,
			`{"kind":"organisation","group":"workers","name":{"fr":"x"},"identifiers":[{"scheme":"ror","value":"000025p04"},{"scheme":"wikidata","value":"Q42"}]}`,
		},
		directory.Roles:       {`{"actor":"a","type":"lead","function":"POL-STR"}`, `{"actor":"a","type":"lead","initiative":"i"}`},
		directory.Initiatives: {`{"kind":"law","name":{"ar":"قانون"},"budget":{"amount":0,"currency":"MAD"}}`},
		directory.Functions:   {`{"notation":"POL","label":{"fr":"x"},"order":0}`},
	} {
		for _, body := range bodies {
			if got := places(t, kind, body); got != nil {
				t.Errorf("%s is refused: %v", body, got)
			}
		}
	}
}

func TestTheDefaultsAreFilledInOnceAndNothingElse(t *testing.T) {
	t.Parallel()
	a := &directory.Actor{}
	directory.Normalize(a)
	if a.Status != directory.Published || a.Visibility != directory.Public || a.State != "active" {
		t.Errorf("defaults %+v", a)
	}
	b := &directory.Actor{State: "dissolved"}
	b.Status, b.Visibility = directory.Draft, directory.Ministry
	directory.Normalize(b)
	if b.Status != directory.Draft || b.Visibility != directory.Ministry || b.State != "dissolved" {
		t.Errorf("what was said is changed: %+v", b)
	}
}

func TestAnEmptyListIsAsIfItWereLeftOut(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"title":"t","kind":"law"}`, `{"title":"t","kind":"law","tags":[],"sources":[]}`, `{"title":"t","kind":"law","note":""}`,
	} {
		record, err := directory.Decode(directory.Sources, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		text, err := directory.Encode(record)
		if err != nil || string(text) != `{"kind":"law","title":"t"}` {
			t.Errorf("%s is written %s (%v)", body, text, err)
		}
	}
}

func TestARecordNamesWhatItRefersToByPlace(t *testing.T) {
	t.Parallel()
	i := &directory.Initiative{Parent: "p", Links: []directory.InitiativeLink{{Type: "within", Initiative: "x"}, {Type: "succeeds", Initiative: "y"}}}
	i.Sources = []string{"s"}
	want := []directory.Reference{
		{Pointer: "/sources/0", To: directory.Ref{Kind: directory.Sources, ID: "s"}},
		{Pointer: "/parent", To: directory.Ref{Kind: directory.Initiatives, ID: "p"}},
		{Pointer: "/links/0/initiative", To: directory.Ref{Kind: directory.Initiatives, ID: "x"}},
		{Pointer: "/links/1/initiative", To: directory.Ref{Kind: directory.Initiatives, ID: "y"}},
	}
	got := i.References()
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for n := range want {
		if got[n] != want[n] {
			t.Errorf("%v, want %v", got[n], want[n])
		}
	}
}

func TestAnIDIsDerivedFromNotationAcronymOrName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		record directory.Record
		want   string
	}{
		{&directory.Function{Notation: "POL-STR"}, "pol-str"},
		{&directory.Actor{Acronym: directory.Text{"fr": "OIT"}, Name: directory.Text{"fr": "Organisation"}}, "oit"},
		{&directory.Actor{Name: directory.Text{"fr": "Ministère de l’Emploi"}}, "ministere-de-l-emploi"},
		{&directory.Actor{Name: directory.Text{"ar": "وزارة"}}, ""},
		{&directory.Actor{Name: directory.Text{"en": "None"}}, ""},
		{&directory.Role{Actor: "a"}, ""},
	} {
		if got := directory.DeriveID(tt.record); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.record, got, tt.want)
		}
	}
}

func FuzzID(f *testing.F) {
	for _, seed := range []string{"a", "pol-str", "none", "A", "../x", strings.Repeat("a", 81), "a\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if !directory.ValidID(id) {
			return
		}
		if len(id) > 80 || strings.ContainsAny(id, "/\\ \n\x00?#%&") || id != strings.ToLower(id) || id == "none" || id == "any" {
			t.Fatalf("%q passes for an id", id)
		}
	})
}
