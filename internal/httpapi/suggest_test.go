package httpapi_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/interchange"
	"dalil/internal/sample"
	"dalil/internal/service"
)

// onTheSample lets a server begin with the sample content.
func onTheSample(_ *httpapi.Options, o *service.Options) {
	o.Sample = func() ([]directory.Record, error) {
		items, _, err := interchange.ReadFolder(sample.Morocco())
		return interchange.Records(items), err
	}
}

// foundList is what the tests look at in a list of what was looked for.
type foundList struct {
	Items []struct {
		Kind  string         `json:"kind"`
		ID    string         `json:"id"`
		Label any            `json:"label"`
		More  map[string]any `json:",embed"`
		Match struct {
			Field string  `json:"field"`
			Lang  string  `json:"lang"`
			Value string  `json:"value"`
			How   string  `json:"how"`
			Score float64 `json:"score"`
		} `json:"match"`
	} `json:"items"`
	Total  int    `json:"total"`
	Next   string `json:"next_cursor"`
	Facets map[string][]struct {
		Value string `json:"value"`
		Count int    `json:"count"`
	} `json:"facets"`
}

func (l *foundList) ids() []string {
	ids := []string{}
	for _, item := range l.Items {
		ids = append(ids, item.ID)
	}
	return ids
}

// found sends the request and reads what was found.
func (r *request) found() *foundList {
	r.Helper()
	l := new(foundList)
	r.expect(200).decode(l)
	return l
}

func TestSearchFindsInThreeLanguages(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	for _, test := range []struct{ q, id, how string }{
		{"OIT", "ilo", "exact"},
		{"ILO", "ilo", "exact"},
		{"O.I.T.", "ilo", "exact"},
		{"منظمة العمل الدولية", "ilo", "exact"},
		{"منظمه العمل الدوليه", "ilo", "exact"},
		{"مُنظَّمة الـعمل الدولية", "ilo", "exact"},
		{"عمل دولية منظمة", "ilo", "words"},
		{"organisation internationale du travail", "ilo", "exact"},
		{"ORGANISATION INTERNATIONALE DU TRAVAIL", "ilo", "exact"},
		{"travail internationale organisation", "ilo", "words"},
		{"organization internationl labor", "ilo", "fuzzy"},
		{"International Labour Organ", "ilo", "prefix"},
		{"ministere inclusion economique petite entreprise", "miepeec", "words"},
		{"l'Inclusion économique, l’Emploi", "miepeec", "words"},
		{"الوكالة الوطنية لانعاش التشغيل", "anapec", "prefix"},
		{"agence promotion emploi competences", "anapec", "words"},
		{"agnece promotion emploi", "anapec", "fuzzy"},
		{"anap", "anapec", "prefix"},
	} {
		l := s.get("/actors?limit=5&q=" + url.QueryEscape(test.q)).found()
		if len(l.Items) == 0 || l.Items[0].ID != test.id || l.Items[0].Match.How != test.how {
			t.Errorf("%q finds %+v of %d, want %s (%s) first", test.q, l.Items, l.Total, test.id, test.how)
		}
		suggested := s.get("/suggest?limit=3&lang=ar&q=" + url.QueryEscape(test.q)).found()
		if len(suggested.Items) == 0 || suggested.Items[0].ID != test.id {
			t.Errorf("%q suggests %+v, want %s first", test.q, suggested.Items, test.id)
		}
	}
}

func TestSearchCombinesWithFiltersAndFacets(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	all := s.get("/actors?q=emploi&facets=group&limit=1000").found()
	if all.Total != len(all.Items) || all.Total < 3 {
		t.Fatalf("%d found, %d told", len(all.Items), all.Total)
	}
	for _, value := range all.Facets["group"] {
		some := s.get("/actors?q=emploi&limit=1000&group=" + value.Value).found()
		if some.Total != value.Count {
			t.Errorf("%d of the group %s, its facet says %d", some.Total, value.Value, value.Count)
		}
		for _, id := range some.ids() {
			if !slices.Contains(all.ids(), id) {
				t.Errorf("%s is found with a filter only", id)
			}
		}
	}
	roles := s.get("/roles?q=OIT&limit=1000").found()
	by := s.get("/roles?actor=ilo&limit=1000").found()
	if roles.Total < by.Total || by.Total == 0 {
		t.Errorf("%d roles found, the actor has %d", roles.Total, by.Total)
	}
	for _, item := range roles.Items[:by.Total] {
		if item.Match.Field != "actor.acronym" {
			t.Errorf("%s is found by %s before all roles of the actor", item.ID, item.Match.Field)
		}
	}
	for _, kind := range []string{"initiatives", "functions", "relations", "sources"} {
		if l := s.get("/" + kind + "?q=migration").found(); l.Total == 0 || l.Items[0].Match.Value == "" {
			t.Errorf("nothing found among %s", kind)
		}
	}
}

func TestSearchIsPagedByRelevance(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	whole := s.get("/roles?q=formation%20emploi&limit=1000").found()
	for i := range whole.Items[1:] {
		if whole.Items[i].Match.Score < whole.Items[i+1].Match.Score {
			t.Errorf("%s with %v stands before %s with %v", whole.Items[i].ID, whole.Items[i].Match.Score, whole.Items[i+1].ID, whole.Items[i+1].Match.Score)
		}
	}
	var ids []string
	address := "/roles?q=formation%20emploi&limit=7"
	for {
		page := s.get(address).found()
		ids = append(ids, page.ids()...)
		if page.Next == "" {
			break
		}
		address = "/roles?limit=7&cursor=" + page.Next
	}
	if !slices.Equal(ids, whole.ids()) || len(ids) < 20 {
		t.Errorf("the pages hold %d, the whole list %d", len(ids), len(whole.Items))
	}
	s.get(address+"&q=autre").refused(400, "bad_parameter", "cursor cursor_mismatch")
	named := s.get("/actors?q=emploi&sort=name&limit=1000").found()
	if slices.Equal(named.ids(), s.get("/actors?q=emploi&limit=1000").found().ids()) || named.Items[0].Match.How == "" {
		t.Error("another order is of no effect, or tells no match")
	}
}

func TestSearchTakesWhateverIsTyped(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	for _, q := range []string{
		"ministè*", "minist.*", "[a-z]+", "(ilo OR oit)", "emploi -maroc", "\u200fمنظمة\u200e العمل", "OIT 🙂", "дом ⵜⴰⵎⴰⵣⵉⵖⵜ 東京 emploi",
		strings.Repeat("a ", 249), strings.Repeat("é", 500), strings.Repeat("ab cd ef ", 55), "a", "ا", "%", "l'", "de la", "!emploi", "none", "٢٠٢٢", "e\u0301cole",
	} {
		if strings.ContainsAny(q, "abcdefghijklmnopqrstuvwxyzاéмд٢ظ") {
			s.get("/actors?q=" + url.QueryEscape(q)).expect(200)
			s.get("/suggest?q=" + url.QueryEscape(q)).expect(200)
		}
	}
	if l := s.get("/actors?q=minist*zzz").found(); l.Total != 0 {
		t.Errorf("a star is taken for a wildcard: %d found", l.Total)
	}
	if l := s.get("/actors?q=" + url.QueryEscape("OIT 🙂")).found(); len(l.Items) == 0 || l.Items[0].ID != "ilo" {
		t.Error("an emoji stands in the way")
	}
}

func TestWhatIsHiddenIsNeverFoundAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	ask := func() string {
		var all strings.Builder
		for _, q := range []string{"quatzcoatl", "quatzcoatl emploi", "emploi quatz", "oit quatzcoatl", "conseil"} {
			for _, address := range []string{"/actors?facets=group&q=", "/roles?q=", "/relations?q=", "/suggest?q="} {
				body := s.get(address + url.QueryEscape(q)).expect(200).Body.String()
				all.WriteString(body[:strings.LastIndex(body, `"seq"`)])
			}
		}
		return all.String()
	}
	before := ask()
	s.create("actors", actor("secret", "Conseil Quatzcoatl de l’emploi", `,"visibility":"ministry","acronym":{"fr":"OIT"}`))
	s.create("roles", `{"actor":"secret","type":"lead","function":"POL-STR","description":{"fr":"Quatzcoatl"}}`)
	s.create("relations", `{"from":"secret","type":"funds","to":"ilo","description":{"fr":"Quatzcoatl"}}`)
	if after := ask(); after != before {
		t.Errorf("the answers tell of what is hidden:\n%s\n%s", before, after)
	}
	for _, address := range []string{"/actors", "/roles", "/relations"} {
		if l := s.get(address + "?q=quatzcoatl").as(adminKey).found(); l.Total != 1 {
			t.Errorf("%s: %d found by who may see them", address, l.Total)
		}
	}
}

func TestWhatChangesIsFoundAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	first := func(q string) string {
		if l := s.get("/actors?status=published&status=archived&q=" + url.QueryEscape(q)).found(); len(l.Items) > 0 {
			return l.Items[0].ID + " " + l.Items[0].Match.Value
		}
		return ""
	}
	s.create("actors", actor("office", "Office des changes", ""))
	s.send("PATCH", "/actors/office", `{"name":{"fr":"Bureau du contrôle"}}`).with("If-Match", "*").expect(200)
	s.send("DELETE", "/actors/office", "").with("If-Match", "*").expect(200)
	if got := first("controle"); got != "office Bureau du contrôle" {
		t.Errorf("the new name finds %q", got)
	}
	if got := first("changes"); got != "" {
		t.Errorf("the old name finds %q", got)
	}
	if l := s.get("/actors?q=controle").found(); l.Total != 0 {
		t.Error("what is archived is found unasked")
	}
	if l := s.get("/suggest?q=controle").found(); len(l.Items) != 0 {
		t.Error("what is archived is suggested")
	}
}

func TestFoundRecordsComeWithTheirMatchInEveryShape(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	item := s.get("/actors?q=oit&limit=1&fields=group").found().Items[0]
	if item.ID != "ilo" || item.More["group"] != "international" || item.Match.Field != "acronym" || item.Match.Lang != "fr" || item.Match.Value != "OIT" || item.Match.Score != 1 {
		t.Errorf("with fields: %+v", item)
	}
	rows := strings.Split(strings.TrimSpace(s.get("/actors?q=oit&format=csv&fields=id").expect(200).Body.String()), "\n")
	total := s.get("/actors?q=oit").found().Total
	if len(rows) != total+1 || !strings.Contains(rows[1], "ilo") {
		t.Errorf("%d rows of %d, the first is %q", len(rows)-1, total, rows[1])
	}
	one := s.get("/suggest?q=migration&kind=functions&kind=functions&limit=2").found()
	if len(one.Items) != 2 || one.Items[0].Kind != "functions" || one.Items[1].Kind != "functions" {
		t.Errorf("of one kind: %+v", one.Items)
	}
	answer := s.get("/suggest?q=migration").expect(200)
	s.get("/suggest?q=migration").with("If-None-Match", answer.head("Etag")).expect(304)
	s.get("/suggest?q=migrations").with("If-None-Match", answer.head("Etag")).expect(200)
	if n := len(s.get("/suggest?q=m&limit=" + strconv.Itoa(50)).found().Items); n != 50 {
		t.Errorf("%d suggestions", n)
	}
}

func TestSuggestionsAreOfTodayUnlessAnotherDayIsAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, step := range aStory()[:7] {
		s.send(step.method, step.target, step.body).expect(201)
	}
	s.create("actors", actor("sdn-amis", "Amis de la SDN", ""))
	for query, want := range map[string]struct {
		ids, asOf string
		hidden    float64
	}{
		"":                          {"sdn-amis", "2026-11-24", 1},
		"&as_of=today":              {"sdn-amis", "2026-11-24", 1},
		"&as_of=any":                {"sdn sdn-amis", "any", 0},
		"&as_of=1946":               {"sdn sdn-amis", "1946", 0},
		"&as_of=1946&dates=strict":  {"sdn", "1946", 1},
		"&as_of=any&limit=1":        {"sdn", "any", 0},
		"&limit=1":                  {"sdn-amis", "2026-11-24", 1},
		"&kind=functions&as_of=any": {"", "any", 0},
	} {
		answer := s.get("/suggest?q=sdn" + query).expect(200)
		var l foundList
		answer.decode(&l)
		said := answer.object()
		if got := strings.Join(l.ids(), " "); got != want.ids || said["as_of"] != want.asOf || said["hidden_by_date"] != want.hidden {
			t.Errorf("%q suggests %q as of %v, %v hidden; want %+v", query, got, said["as_of"], said["hidden_by_date"], want)
		}
	}
	s.get("/suggest?q=sdn&as_of=tomorrow").undescribed().refused(400, "bad_parameter", "as_of bad_date")
	s.get("/suggest?q=sdn&dates=loose").undescribed().refused(400, "bad_parameter", "dates unknown_value")
}

func TestAnAcronymInANameStandsBeforeNamesThatHaveIt(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	for q, id := range map[string]string{
		"SNMPI": "snmpi", "snmpi": "snmpi", "thamm": "thamm", "PALIM": "palim", "MIEPEEC": "miepeec", "SNIA": "snia", "CeDIE": "uclouvain-cedie",
	} {
		l := s.get("/suggest?as_of=any&q=" + q).found()
		if len(l.Items) == 0 || l.Items[0].ID != id || l.Items[0].Match.How != "exact" || !strings.EqualFold(l.Items[0].Match.Value, q) {
			t.Errorf("%q suggests %+v, want %s first", q, l.Items, id)
		}
	}
}

func TestEveryWordMayBeABeginning(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	for q, id := range map[string]string{"min emp": "miepeec", "org int trav": "ilo", "org internationale": "ilo", "org int migr": "iom"} {
		if l := s.get("/suggest?q=" + url.QueryEscape(q)).found(); len(l.Items) == 0 || l.Items[0].ID != id {
			t.Errorf("%q suggests %+v, want %s first", q, l.Items, id)
		}
		if l := s.get("/actors?q=" + url.QueryEscape(q)).found(); len(l.Items) == 0 || l.Items[0].ID != id {
			t.Errorf("%q finds %v, want %s first", q, l.ids(), id)
		}
	}
}

// Whoever types the name of an actor finds it among ten suggestions from the half of its letters on, letter by letter.
func TestNamesAreSuggestedWhileTheyAreTyped(t *testing.T) {
	t.Parallel()
	s := start(t, onTheSample)
	items, _, err := interchange.ReadFolder(sample.Morocco())
	if err != nil {
		t.Fatal(err)
	}
	typed, missed := 0, []string{}
	for _, r := range interchange.Records(items) {
		a, ok := r.(*directory.Actor)
		if !ok || a.Name["ar"] == "" {
			continue
		}
		letters := []rune(a.Name["ar"])
		for n := (len(letters) + 1) / 2; n <= len(letters); n++ {
			typed++
			text := string(letters[:n])
			if l := s.get("/suggest?kind=actors&q=" + url.QueryEscape(text)).found(); !slices.Contains(l.ids(), a.ID) {
				missed = append(missed, text+" ("+a.ID+")")
			}
		}
	}
	if typed < 300 || 100*len(missed) > typed {
		t.Errorf("of %d beginnings %d do not find the actor: %s", typed, len(missed), strings.Join(missed, ", "))
	}
}
