package readmodel

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// MaxChanged is how many records an answer tells at most whose two states differ.
const MaxChanged = 10_000

// How a record differs between two states of the directory.
const (
	ChangeCreated  = "created"  // it is live, and may be seen, in the later state only
	ChangeChanged  = "changed"  // it is live in both, and says something else
	ChangeArchived = "archived" // it is live, and may be seen, in the earlier state only
)

// ChangedRecord is a record that differs between two states.
type ChangedRecord struct {
	Span

	Change  string         `json:"change"`
	Was     uint64         `json:"was,omitzero"`     // the version in the earlier state, where it may be seen there
	Version uint64         `json:"version,omitzero"` // the version in the later state, where it may be seen there
	Patch   jsontext.Value `json:"patch"`            // JSON Patch from the earlier state to the later one
}

// comparing compares two states, each as the question finds it there.
type comparing struct {
	before, after *evidence
	found         []ChangedRecord
}

// Changed tells what differs between an earlier state and this one, by kind and id: of the roles of the evidence in either
// state and of the initiatives that the filters choose there and, without filters, of all records. Both states must come
// from one head. A value of a filter that only this one knows is looked for here.
func (s *Snapshot) Changed(before *Snapshot, q *Analysis) (*Comparison, error) {
	whenever := *q
	whenever.AsOf = AsOf{Any: true}
	after, err := s.evidence(&whenever)
	if err != nil {
		return nil, err
	}
	earlier := whenever
	var nothing bool
	if earlier.Filters, nothing = before.knownOf(&whenever); nothing {
		earlier.Filters = nil
	}
	e, err := before.evidence(&earlier)
	if err != nil {
		return nil, err
	}
	if nothing {
		e.roles = roaring.New()
	}
	x := &comparing{before: e, after: after}
	pairs := make([][]pairOf, inKeys)
	n := 0
	for k := range inKeys {
		switch {
		case len(q.Filters) == 0:
			pairs[k] = x.differing(k, x.before.live(k), x.after.live(k))
		case k == inRoles:
			pairs[k] = x.differing(k, x.before.roles, x.after.roles)
		case k == inInitiatives && nothing:
			pairs[k] = x.differing(k, roaring.New(), x.after.initiativesInvolved())
		case k == inInitiatives:
			pairs[k] = x.differing(k, x.before.initiativesInvolved(), x.after.initiativesInvolved())
		}
		n += len(pairs[k])
	}
	if n > MaxChanged {
		return nil, fault.New(fault.Malformed, fault.CodeAnswerTooLarge, fault.Args{
			"count": n, "max": MaxChanged, "filters": "initiative, function, actor, group, territory, type",
		})
	}
	for k, list := range pairs {
		for _, pair := range list {
			if err := x.tell(kindIndex(k), pair); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(x.found, func(a, b ChangedRecord) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	c := &Comparison{Findings: after.Findings, KnownAt: []uint64{before.position.Seq, s.position.Seq}, Changed: x.found}
	c.Mapping = inOrderOnce(slices.Concat(e.Mapping, after.Mapping)) // through either
	return c, nil
}

// knownOf returns the filters of a question with those values alone that a state knows. nothing tells that one of them is
// left without any, and so keeps nothing.
func (s *Snapshot) knownOf(q *Analysis) (filters []Filter, nothing bool) {
	known := func(name string, values []string) []string {
		return slices.DeleteFunc(slices.Clone(values), func(value string) bool {
			one := *q
			one.Filters = []Filter{{Name: name, Values: []string{value}}}
			_, err := s.evidence(&one)
			return err != nil
		})
	}
	for _, f := range q.Filters {
		asked := len(f.Values) > 0
		f.Values, f.Not = known(f.Name, f.Values), known(f.Name, f.Not)
		if asked && len(f.Values) == 0 && !f.None {
			return nil, true
		}
		filters = append(filters, f)
	}
	return filters, false
}

// live are the live records of a kind that the caller may see.
func (e *evidence) live(k kindIndex) *roaring.Bitmap { return e.s.tables[k].live[e.level].bits() }

// pairOf is one record in two states; nil where it is not live there, or not to be seen.
type pairOf struct {
	before, after *Entry
	ord           uint32 // in the state that has it, the later one before the other
}

// differing pairs the records that only one of the states has, among some of each, and those that have two versions.
// An id has the same ordinal in every state that comes from one head.
func (x *comparing) differing(k kindIndex, before, after *roaring.Bitmap) (pairs []pairOf) {
	was, is := x.before.s.tables[k], x.after.s.tables[k]
	wasLive, isLive := x.before.live(k), x.after.live(k)
	runs(roaring.Or(before, after), func(ords []uint32) {
		for _, ord := range ords {
			pair := pairOf{ord: ord}
			if wasLive.Contains(ord) {
				pair.before = was.entries.at(ord)
			}
			if isLive.Contains(ord) {
				pair.after = is.entries.at(ord)
			}
			if pair.before != pair.after && (pair.before == nil || pair.after == nil || pair.before.version != pair.after.version) {
				pairs = append(pairs, pair)
			}
		}
	})
	return pairs
}

// tell adds a record when its two states say something else.
func (x *comparing) tell(k kindIndex, pair pairOf) error {
	c := ChangedRecord{Change: ChangeChanged}
	switch {
	case pair.before == nil:
		c.Change, c.Span = ChangeCreated, x.after.spanOf(k, pair.ord)
	case pair.after == nil:
		c.Change, c.Span = ChangeArchived, x.before.spanOf(k, pair.ord)
	default:
		c.Span = x.after.spanOf(k, pair.ord)
	}
	was, is := x.before.textOf(k, pair.ord), x.after.textOf(k, pair.ord)
	c.Was, c.Version = was.version, is.version
	patch, err := directory.Difference(was.json, is.json)
	if err != nil {
		return fmt.Errorf("comparing %s/%s: %w", c.Kind, c.ID, err)
	}
	if c.Change == ChangeChanged && string(patch) == "[]" {
		return nil // written, and then as it was
	}
	c.Patch = patch
	x.found = append(x.found, c)
	return nil
}

// seenText is what a caller may see of a record in a state, archived or not.
type seenText struct {
	version uint64
	json    []byte
}

func (e *evidence) textOf(k kindIndex, ord uint32) seenText {
	t := e.s.tables[k]
	entry := t.entries.at(ord)
	if entry == nil || entry.past == notYet || entry.Erased() || int(t.levels.at(ord)) > e.level {
		return seenText{}
	}
	return seenText{entry.Version(), entry.JSONFor(e.q.Clearance)}
}

// spanOf is the period of a record of any kind: without dates where its kind has none.
func (e *evidence) spanOf(k kindIndex, ord uint32) Span {
	span := e.span(k, ord)
	if !k.dated() {
		span.Label = e.labelOf(k, ord)
	}
	return span
}
