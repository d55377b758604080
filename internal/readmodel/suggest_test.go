package readmodel_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/raced"
	"dalil/internal/readmodel"
)

// crowd is a directory of so many actors that suggestions take the short way.
type crowd struct {
	rand     *rand.Rand
	at       ledger.Position
	versions map[directory.Ref]uint64
}

// put applies records, new or changed ones.
func (w *crowd) put(t *testing.T, s *readmodel.Snapshot, records ...directory.Record) *readmodel.Snapshot {
	t.Helper()
	c := &ledger.Commit{At: time.Unix(1_700_000_000+int64(w.at.Seq), 0)}
	for _, r := range records {
		ref := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}
		w.versions[ref]++
		r.Head().Version = w.versions[ref]
		text, err := directory.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		c.Changes = append(c.Changes, ledger.Change{Op: ledger.Put, Ref: ref, Version: w.versions[ref], JSON: text, Decoded: r})
	}
	c.Seal(w.at)
	w.at = c.Position()
	return applied(t, s, c)
}

// actor is a random one, whom few or many can see, and who may be archived.
func (w *crowd) actor(n int) *directory.Actor {
	words := []string{"institut", "institution", "insas", "inst", "national", "office", "ins", "anas", "agence", "ONS", "rabat", "rbt", "rbtaaaa", "union"}
	name := func() string {
		var all []string
		for range 1 + w.rand.IntN(3) {
			all = append(all, pick(w.rand, words))
		}
		return strings.Join(all, " ")
	}
	a := &directory.Actor{Kind: "organisation", Group: "academia", Name: directory.Text{"fr": name(), "en": name()}}
	a.ID = fmt.Sprintf("actor-%03d", n)
	a.Status = pick(w.rand, []directory.Status{directory.Published, directory.Published, directory.Published, directory.Archived})
	a.Visibility = pick(w.rand, []directory.Visibility{directory.Public, directory.Public, directory.Partners, directory.Ministry})
	if w.rand.IntN(6) == 0 {
		a.Dissolved = pick(w.rand, []directory.Date{"1946", "1990-05", "2010"})
	}
	if w.rand.IntN(3) == 0 {
		a.OtherNames = []directory.OtherName{{Value: name(), Lang: "fr", Type: pick(w.rand, []string{"alias", "former", "acronym"})}}
	}
	return a
}

// relation makes two actors better connected.
func (w *crowd) relation(n, actors int) *directory.Relation {
	from := w.rand.IntN(actors)
	r := &directory.Relation{
		From: fmt.Sprintf("actor-%03d", from), To: fmt.Sprintf("actor-%03d", (from+1+w.rand.IntN(actors-1))%actors), Type: "partner_of",
	}
	r.ID, r.Status = fmt.Sprintf("relation-%03d", n), directory.Published
	r.Visibility = pick(w.rand, []directory.Visibility{directory.Public, directory.Partners, directory.Ministry})
	return r
}

func TestSuggestionsAreTheFirstOfTheList(t *testing.T) {
	t.Parallel()
	const actors = 600
	full := 0
	for seed := range uint64(raced.Part(6, 1)) {
		w := &crowd{rand: rand.New(rand.NewPCG(seed, 7)), versions: make(map[directory.Ref]uint64)}
		var records []directory.Record
		for n := range actors {
			records = append(records, w.actor(n))
		}
		for n := range 400 {
			records = append(records, w.relation(n, actors))
		}
		s := w.put(t, readmodel.Empty(), records...)
		for range 4 {
			full += compareSuggestions(t, w.rand, s, seed)
			records = records[:0]
			for range 1 + w.rand.IntN(20) {
				records = append(records, w.actor(w.rand.IntN(actors)))
			}
			slices.SortFunc(records, func(a, b directory.Record) int { return strings.Compare(a.Head().ID, b.Head().ID) })
			records = slices.CompactFunc(records, func(a, b directory.Record) bool { return a.Head().ID == b.Head().ID })
			s = w.put(t, s, append(records, w.relation(w.rand.IntN(400), actors))...)
		}
	}
	if full == 0 {
		t.Error("no answer was full of names that begin so: the short way was never taken")
	}
}

// compareSuggestions asks for suggestions and for the list by relevance. It returns how many answers were full of names
// that begin with what was asked for.
func compareSuggestions(t *testing.T, random *rand.Rand, s *readmodel.Snapshot, seed uint64) (full int) {
	t.Helper()
	kinds := []directory.Kind{directory.Actors}
	for _, text := range []string{"ins", "inst", "insti", "rbt", "rab", "on", "o.n.s", "uni", "zzz", "nat", "institut na", "office"} {
		limit, clearance := 1+random.IntN(12), pick(random, []directory.Visibility{directory.Public, directory.Partners, directory.Ministry})
		asOf := pick(random, []readmodel.AsOf{{Any: true}, readmodel.On("2000"), readmodel.On("2026-01-01"), readmodel.On("1950-06")})
		got, hidden, err := s.Suggest(&readmodel.SuggestQuery{Q: text, Kinds: kinds, Clearance: clearance, Lang: "en", Limit: limit, AsOf: asOf})
		if err != nil {
			t.Fatal(err)
		}
		listed := func(asOf readmodel.AsOf) *readmodel.Page {
			page, err := s.List(&readmodel.Query{Kind: directory.Actors, Clearance: clearance, Q: text, Limit: limit, AsOf: asOf, RolesAsOf: asOf, Lang: "en"})
			if err != nil {
				t.Fatal(err)
			}
			return page
		}
		page, passed := listed(asOf), 0
		for _, e := range listed(readmodel.AsOf{Any: true}).Entries {
			a, _ := e.Record().(*directory.Actor)
			if !asOf.Holds(directory.PeriodOf(a.Founded, a.Dissolved)) {
				passed++
			}
		}
		if hidden != passed {
			t.Fatalf("seed %d: %d of the first %d of %q for %s are said to be hidden by %v, not %d", seed, hidden, limit, text, clearance, asOf, passed)
		}
		var want []readmodel.Suggestion
		begun := len(page.Entries) == limit
		for i, e := range page.Entries {
			a, _ := e.Record().(*directory.Actor)
			want = append(want, readmodel.Suggestion{Ref: e.Ref(), Label: a.Name["en"], Match: page.Matches[i]})
			begun = begun && (page.Matches[i].How == "prefix" || page.Matches[i].How == "exact")
		}
		if begun {
			full++
		}
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(readmodel.Match{})); diff != "" {
			t.Fatalf("seed %d: %d of %q for %s: the list (-) and the suggestions (+) differ:\n%s", seed, limit, text, clearance, diff)
		}
	}
	return full
}
