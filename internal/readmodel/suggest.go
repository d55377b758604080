package readmodel

import (
	"cmp"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/search"
)

// Suggestion is a record that somebody who is typing may mean.
type Suggestion struct {
	Ref   directory.Ref
	Label string
	Match Match
}

// SuggestKinds are the kinds of records that are suggested, in the order in which equals stand.
func SuggestKinds() []directory.Kind {
	return []directory.Kind{directory.Actors, directory.Initiatives, directory.Functions}
}

// SuggestQuery asks what somebody who is typing may mean.
type SuggestQuery struct {
	Q         string           // what was typed
	Kinds     []directory.Kind // some of SuggestKinds, in that order
	Clearance directory.Visibility
	Lang      string // of labels
	Limit     int
	AsOf      AsOf // what the records must hold at
}

// Suggest returns the live records that a text finds best, as lists ordered by relevance would, mixed by score, connections
// and kind. hidden is how many of the first ones whatever the dates do not hold, and are left out. Its errors are faults
// about parameters.
func (s *Snapshot) Suggest(q *SuggestQuery) (found []Suggestion, hidden int, err error) {
	whenever := *q
	whenever.AsOf = AsOf{Any: true}
	if found, err = s.suggest(&whenever); err != nil || q.AsOf.Any {
		return found, 0, err
	}
	for i := range found {
		if e, ok := s.Find(found[i].Ref); ok && !s.Holds(e, q.AsOf) {
			hidden++
		}
	}
	if hidden > 0 { // others take their places; this is rare
		found, err = s.suggest(q)
	}
	return found, hidden, err
}

func (s *Snapshot) suggest(q *SuggestQuery) ([]Suggestion, error) {
	var all []Suggestion
	for _, kind := range q.Kinds {
		some, err := s.suggested(&Query{
			Kind: kind, Clearance: q.Clearance, Q: q.Q, Limit: q.Limit, AsOf: q.AsOf, RolesAsOf: q.AsOf, Lang: q.Lang,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Match.Score, a.Match.Score), cmp.Compare(b.Match.connections, a.Match.connections))
	})
	return all[:min(len(all), q.Limit)], nil
}

// suggested returns the records of one kind, as a list ordered by relevance would.
func (s *Snapshot) suggested(q *Query) ([]Suggestion, error) {
	if some, ok := s.begun(q); ok {
		return some, nil
	}
	page, err := s.List(q)
	if err != nil {
		return nil, err
	}
	some := make([]Suggestion, len(page.Entries))
	for i, e := range page.Entries {
		some[i] = Suggestion{e.Ref(), labelOf(e.Record(), q.Lang), page.Matches[i]}
	}
	return some, nil
}

// begun returns what begins with a query, when that fills the page: it comes before all else, so what else there is need
// not be found. It is for large tables: in a small one all is found as quickly.
func (s *Snapshot) begun(q *Query) (some []Suggestion, ok bool) {
	k, known := indexOf(q.Kind)
	if !known || k >= inKeys || s.tables[k].held < many || q.Limit < 1 {
		return nil, false
	}
	query, ok := search.NewQuery(q.Q)
	if !ok {
		return nil, false // the list says why
	}
	x := &run{s: s, q: q, t: s.tables[k], level: q.Clearance.Level()}
	names, ok := s.texts[k].of(x.t).Beginners(query)
	if !ok {
		return nil, false
	}
	defer names.Close()
	live := x.t.live[x.level].has
	counts, held := live, s.holding(k, q.AsOf)
	if held != nil {
		counts = func(ord uint32) bool { return held.Contains(ord) && live(ord) }
	}
	leaders, ok := names.Leaders(q.Limit, counts)
	if !ok {
		return nil, false
	}
	first := x.firstOf(leaders, q.Limit)
	some = make([]Suggestion, len(first))
	for i := range first {
		l := &first[i]
		entry := x.t.entries.at(l.Document)
		hit := names.Score(l.Document)
		text := textAt(entry.Record(), hit.Text)
		some[i] = Suggestion{entry.Ref(), labelOf(entry.Record(), q.Lang), Match{
			Field: text.field, Lang: text.lang, Value: text.Value, How: hit.How.String(), Score: float64(hit.Score) / search.MaxScore,
			connections: l.connections,
		}}
	}
	return some, true
}

// leading is a record that was found, and how well connected it is.
type leading struct {
	search.Leader

	connections int64
}

// firstOf returns the first n of some records by relevance.
func (x *run) firstOf(leaders []search.Leader, n int) []leading {
	slices.SortFunc(leaders, func(a, b search.Leader) int { return cmp.Compare(b.Score, a.Score) })
	least := leaders[n-1].Score
	first := make([]leading, 0, n+1)
	for _, l := range leaders {
		if l.Score < least {
			break
		}
		first = append(first, leading{l, x.connections(l.Document)})
	}
	slices.SortFunc(first, func(a, b leading) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.connections, a.connections), x.t.compare(a.Document, b.Document))
	})
	return first[:n]
}
