package readmodel

import (
	"cmp"
	"slices"

	"dalil/internal/directory"
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

// Suggest returns the live records of some kinds that a text finds best, as lists ordered by relevance would, mixed by
// score, connections and kind. Its errors are faults about parameters.
func (s *Snapshot) Suggest(q string, kinds []directory.Kind, clearance directory.Visibility, lang string, limit int) ([]Suggestion, error) {
	var all []Suggestion
	for _, kind := range kinds {
		page, err := s.List(&Query{
			Kind: kind, Clearance: clearance, Q: q, Limit: limit, AsOf: AsOf{Any: true}, RolesAsOf: AsOf{Any: true}, Lang: lang,
		})
		if err != nil {
			return nil, err
		}
		for i, e := range page.Entries {
			all = append(all, Suggestion{e.Ref(), labelOf(e.Record(), lang), page.Matches[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Match.Score, a.Match.Score), cmp.Compare(b.Match.connections, a.Match.connections))
	})
	return all[:min(len(all), limit)], nil
}
