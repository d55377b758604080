package readmodel

import (
	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/fault"
	"dalil/internal/search"
)

// Match says why a record was found: the text by which, and how well.
type Match struct {
	Field string  // the member that holds the text; of a record that it names: actor.name
	Lang  string  // und when the text is in none, or in one that nobody said
	Value string  // the text
	How   string  // exact, prefix, words, fuzzy or translit
	Score float64 // 0 to 1

	connections int64
}

// finding is what a query looks for, at work on one snapshot.
type finding struct {
	query *search.Query
	parts []part
	hits  []search.Hit // of the parts, for one record
}

// part is an index that records are found by: that of their own texts, or that of the records that a field names.
type part struct {
	*search.Matcher

	name   string // of the member that names the others; "" for the own texts
	field  int
	target kindIndex
	known  map[uint32]search.Hit // of the others
}

// partsOf returns by what the records of a table are found, beside their own texts.
func partsOf(k kindIndex) []part {
	switch k {
	case inRoles:
		return []part{
			{name: "actor", field: roleActor}, {name: "function", field: roleFunction}, {name: "initiative", field: roleInitiative},
		}
	case inRelations:
		return []part{{name: "from", field: relationFrom}, {name: "to", field: relationTo}}
	default:
		return nil
	}
}

// lookedFor is the spec of the term that keeps what is found.
var lookedFor = &spec{name: "q", absent: nothing}

// look finds what the query looks for and adds it to the terms.
func (x *run) look() error {
	if x.q.Q == "" {
		return nil
	}
	query, ok := search.NewQuery(x.q.Q)
	if !ok {
		return fault.AtParameter("q", fault.CodeNoWords, nil)
	}
	f := &finding{query: query}
	f.parts = append(f.parts, part{Matcher: x.s.texts[x.t.kind].of(x.t).Match(query)})
	for _, p := range partsOf(x.t.kind) {
		p.target = linked.form[x.t.kind][p.field].target
		p.Matcher = x.s.texts[p.target].of(x.s.tables[p.target]).Match(query)
		p.known = make(map[uint32]search.Hit)
		f.parts = append(f.parts, p)
	}
	sets := x.setsOf(f)
	seen := x.seen()
	if !query.FindsEnough(sets, seen) {
		for i := range f.parts {
			f.parts[i].Widen()
		}
		sets = x.setsOf(f)
	}
	weights := query.Weights(sets, seen)
	for i := range f.parts {
		f.parts[i].Weigh(weights)
	}
	x.found = f
	hits := roaring.FromDense(query.Hits(sets, seen, weights), false)
	x.terms = append(x.terms, term{spec: lookedFor, filter: &Filter{Name: lookedFor.name}, want: hits})
	return nil
}

// seen returns the records that the caller may see: archived ones only when they are asked for.
func (x *run) seen() search.Bits {
	seen := search.NewBits(x.t.size)
	x.t.live[x.level].bits().WriteDenseTo(seen)
	if x.archived {
		archived := search.NewBits(x.t.size)
		x.t.archived[x.level].bits().WriteDenseTo(archived)
		seen.Or(archived)
	}
	return seen
}

// setsOf returns the records in which each word is found, by their own texts or those of the records they name.
func (x *run) setsOf(f *finding) []search.Bits {
	if len(f.parts) == 1 {
		return f.parts[0].Sets()
	}
	sets := make([]search.Bits, f.query.Len())
	for i := range sets {
		sets[i] = search.NewBits(x.t.size)
		for n := range f.parts {
			p := &f.parts[n]
			if p.name == "" {
				sets[i].Or(p.Sets()[i])
				continue
			}
			holders := x.fieldOf(x.t.kind, p.field)
			p.Sets()[i].Each(func(ord uint32) {
				holders.set(ord + 1).each(func(by uint32) bool {
					sets[i].Add(by)
					return true
				})
			})
		}
	}
	return sets
}

// score judges a record; of is the part that found it best.
func (x *run) score(ord uint32) (hit search.Hit, of int) {
	f := x.found
	if len(f.parts) == 1 {
		return f.parts[0].Score(ord), 0
	}
	f.hits = f.hits[:0]
	for n := range f.parts {
		p := &f.parts[n]
		if p.name == "" {
			f.hits = append(f.hits, p.Score(ord))
			continue
		}
		var hit search.Hit
		if code := x.fieldOf(x.t.kind, p.field).one.at(ord); code != none {
			known, ok := p.known[code]
			if !ok {
				known = p.Score(code - 1)
				p.known[code] = known
			}
			hit = known
		}
		f.hits = append(f.hits, hit)
	}
	return f.query.Together(f.hits)
}

// matches says why the records of a page were found.
func (x *run) matches(page []spot) []Match {
	if x.found == nil {
		return nil
	}
	all := make([]Match, len(page))
	for i := range page {
		ord := page[i].ord
		hit, of := x.score(ord)
		m := Match{How: hit.How.String(), Score: float64(hit.Score) / search.MaxScore, connections: x.connections(ord)}
		if of >= 0 {
			p := &x.found.parts[of]
			entry := x.t.entries.at(ord)
			if p.name != "" {
				entry = x.s.tables[p.target].entries.at(x.fieldOf(x.t.kind, p.field).one.at(ord) - 1)
				m.Field = p.name + "."
			}
			text := textAt(entry.Record(), hit.Text)
			m.Field += text.field
			m.Lang, m.Value = text.lang, text.Value
		}
		all[i] = m
	}
	return all
}

// close gives back what the finding has borrowed.
func (f *finding) close() {
	if f == nil {
		return
	}
	for i := range f.parts {
		f.parts[i].Close()
	}
}
