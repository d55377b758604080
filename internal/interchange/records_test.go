package interchange_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dalil/internal/directory"
)

// world makes random valid records with every member, texts in several scripts, and what formats stumble over.
type world struct{ *rand.Rand }

// records returns n valid records of a kind.
func (w world) records(t testing.TB, kind directory.Kind, n int) []directory.Record {
	t.Helper()
	list := make([]directory.Record, n)
	for i := range list {
		r := w.record(kind)
		w.envelope(r.Head(), fmt.Sprintf("%s-%d", strings.TrimSuffix(string(kind), "s"), i))
		directory.Normalize(r)
		if err := directory.Validate(r); err != nil {
			t.Fatalf("the generator made a %T that is not valid: %v", r, err)
		}
		list[i] = r
	}
	return list
}

func (w world) envelope(e *directory.Envelope, id string) {
	e.ID = id
	e.Status = pick(w, directory.Published, directory.Draft)
	e.Visibility = pick(w, directory.Public, directory.Partners, directory.Ministry)
	e.Confidence = pick(w, "", "high", "medium", "low")
	e.Sources = some(w, "src-1", "src.2", "src_3")
	e.Tags = some(w, "hors ligne", "وسم", "a-b_c")
}

func (w world) record(kind directory.Kind) directory.Record {
	switch kind {
	case directory.Actors:
		return w.actor()
	case directory.Initiatives:
		return &directory.Initiative{
			Kind: pick(w, "law", "event", "project"), Parent: pick(w, "", "snmpi"), Name: w.text(false), Acronym: w.maybe(false), Summary: w.maybe(true),
			State: pick(w, "", "planned", "completed"), Start: w.before(), End: w.after(), Place: pick(w, "", "Rabat", "=Rabat"),
			Territories: some(w, "MA", "MA-01", "FR"), Frameworks: w.frameworks(), Budget: w.money(), Website: pick(w, "", "https://a.example/?x=1;2"),
			Links: some(w, directory.InitiativeLink{Type: "within", Initiative: "thamm"}, directory.InitiativeLink{Type: "aligned_with", Initiative: "nmd"}),
		}
	case directory.Functions:
		order := w.IntN(1000)
		return &directory.Function{
			Notation: pick(w, "POL", "POL-STR", "a.b_c"), Parent: pick(w, "", "root"), Label: w.text(false), Definition: w.maybe(true),
			Frameworks: w.frameworks(), Order: pick(w, nil, &order),
		}
	case directory.Roles:
		return &directory.Role{
			Actor: "oit", Type: pick(w, "lead", "social_partner"), Function: "pol-str", Initiative: pick(w, "", "snmpi"),
			Territories: some(w, "MA", "MA-05"), Counterparts: some(w, "FR", "DE"), Start: w.before(), End: w.after(), Observed: w.before(),
			RACI: pick(w, "", "A", "C"), Amount: w.money(), Description: w.maybe(true),
		}
	case directory.Relations:
		return &directory.Relation{
			From: "oit", Type: pick(w, "funds", "part_of"), To: "oim", Start: w.before(), End: w.after(), Amount: w.money(), Description: w.maybe(true),
		}
	default:
		return &directory.Source{
			Title: w.line(), Publisher: pick(w, "", w.line()), Date: w.before(), URL: pick(w, "", "https://a.example/é;b"),
			Language: pick(w, "", "fr", "zgh"), Kind: pick(w, "law", "web_page"), Note: pick(w, "", w.prose()),
		}
	}
}

func (w world) actor() *directory.Actor {
	lat, lon := 33.97, -6.85
	return &directory.Actor{
		Kind: pick(w, "organisation", "network"), Group: pick(w, "government", "civil_society"), Parent: pick(w, "", "miepeec"),
		Name: w.text(false), Acronym: w.maybe(false), Mandate: w.maybe(true), Summary: w.maybe(true), State: pick(w, "", "dormant", "active"),
		OtherNames: some(w, directory.OtherName{Value: w.line(), Type: "former", Lang: "fr", Start: "1999", End: "2001-05"},
			directory.OtherName{Value: "A;B \"C\"", Type: "alias"}),
		Founded: w.before(), Dissolved: w.after(), Country: pick(w, "", "MA", "FR"), Territories: some(w, "MA-01", "MA-12"),
		Locations: pick(w, nil, []directory.Location{{City: "Rabat"}}, []directory.Location{{City: "=Fès"}, {City: "Oujda"}},
			[]directory.Location{{Label: "siège", Address: "1, rue\nA", City: "فاس", Territory: "MA-03", Lat: &lat, Lon: &lon}},
			[]directory.Location{{Label: "bureau"}}),
		Website: pick(w, "", "https://a.example"), Email: pick(w, "", "a@b.example"), Phone: pick(w, "", "+212 5 37 00 00 00", "0537000000"),
		Identifiers: pick(w, nil, []directory.Identifier{{Scheme: "ror", Value: "02rx3b187"}, {Scheme: "iati", Value: "XM-DAC-41302"}},
			[]directory.Identifier{{Scheme: "wikidata", Value: "Q1"}, {Scheme: "ror", Value: "02rx3b187", Preferred: true}},
			[]directory.Identifier{{Scheme: "grid", Value: "grid.1.2"}, {Scheme: "wikidata", Value: "Q1"}, {Scheme: "wikidata", Value: "Q2"}},
			[]directory.Identifier{{Scheme: "other", Value: "x;y", Issuer: "État"}}),
	}
}

func (w world) frameworks() []directory.FrameworkCode {
	return some(w, directory.FrameworkCode{Framework: "SDG", Code: "8"}, directory.FrameworkCode{Framework: "ILO-MFLM", Code: "4"})
}

func (w world) money() *directory.Money {
	return pick(w, nil, &directory.Money{Currency: "EUR"}, &directory.Money{Amount: 30000000, Currency: "MAD"}, &directory.Money{Amount: 0.1, Currency: "USD"},
		&directory.Money{Amount: 123456789012345, Currency: "JPY"})
}

func (w world) before() directory.Date {
	return pick[directory.Date](w, "", "1815", "1899-12-31", "1900-02-28", "1900-03-01", "1999-07", "2004-02-29")
}

func (w world) after() directory.Date {
	return pick[directory.Date](w, "", "2022", "2022-07", "2022-07-20", "9999-12-31")
}

// line is a text of one line that some format takes for something else.
func (w world) line() string {
	return pick(w, "Ministère de l’Emploi", "وزارة الشغل والإدماج المهني", "ⵜⴰⵎⴰⵡⴰⵙⵜ", "=1+1", "+212", "-5", "@SUM(A1)", "'=x", "''+y", "'Abd al-Karim", "''",
		`"quoted"`, `a "b" c`, "a;b,c", "007", "1e5", "44927", "TRUE", "_x0041_", "<b>&amp;</b>", "#N/A", "#REF!", "new", "日本語 🌍", "\u202eRTL")
}

// prose is a text that may have several lines.
func (w world) prose() string {
	return pick(w, w.line(), "deux\nlignes", "\ttab", "=a\n\n=b", "fin,\n\"x\"\n;", strings.Repeat("long ", 400)+"x", " space before")
}

func (w world) text(prose bool) directory.Text {
	text := directory.Text{}
	for _, lang := range []string{"fr", "ar", "en", "zgh", "zh-Hant", "und", "ber"} {
		if w.IntN(3) > 0 {
			continue
		}
		if text[lang] = w.line(); prose {
			text[lang] = w.prose()
		}
		if !prose && len([]rune(text[lang])) > 80 {
			text[lang] = "x"
		}
	}
	if len(text) == 0 {
		text["fr"] = "T"
	}
	return text
}

func (w world) maybe(prose bool) directory.Text {
	if w.IntN(2) == 0 {
		return nil
	}
	return w.text(prose)
}

func pick[T any](w world, of ...T) T { return of[w.IntN(len(of))] }

// some returns none, some or all of a list, in any order.
func some[T any](w world, of ...T) []T {
	list := slices.Clone(of)
	w.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	if list = list[:w.IntN(len(list)+1)]; len(list) == 0 {
		return nil
	}
	return list
}
