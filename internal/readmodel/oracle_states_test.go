package readmodel_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// changedTold is what a comparison of two states tells of one record, in short: the two texts in the place of their patch.
type changedTold struct {
	Ref          directory.Ref
	Change       string
	Was, Version uint64
	Before       string
	After        string
}

// textFor is what a caller sees of a record, archived or not, without what every version changes; "{}" of nothing.
func (o *oracle) textFor(ref directory.Ref, clearance directory.Visibility) (text string, version uint64) {
	r, held := o.held[ref]
	if !held || !o.visible(ref, clearance) || erased(r) {
		return "{}", 0
	}
	twin := clone(o.tb, r)
	e := twin.Head()
	version = e.Version
	e.Version, e.Updated = 0, nil
	if clearance == directory.Public {
		if e.Created != nil {
			e.Created.By = ""
		}
		if e.Attested != nil {
			e.Attested.By = ""
		}
	}
	raw, err := directory.Encode(twin)
	if err != nil {
		o.tb.Fatal(err)
	}
	return string(raw), version
}

// told are the records that a question is about in a state.
func (o *oracle) told(q *readmodel.Analysis) map[directory.Ref]bool {
	about := map[directory.Ref]bool{}
	if len(q.Filters) == 0 {
		for _, kind := range directory.Kinds() {
			for _, ref := range o.refs(kind) {
				if o.live(ref) && o.visible(ref, q.Clearance) {
					about[ref] = true
				}
			}
		}
		return about
	}
	for _, ref := range o.about(q, false) {
		about[ref] = true
	}
	return about
}

// knownFilters leaves out the values that a state does not know; nothing tells that a filter is left without any.
func (a *asker) knownFilters(q *readmodel.Analysis) (filters []readmodel.Filter, nothing bool) {
	known := func(name string) func(string) bool {
		return func(value string) bool {
			one := &readmodel.Query{Kind: directory.Roles, Clearance: q.Clearance, Filters: []readmodel.Filter{{Name: name, Values: []string{value}}}}
			return a.refused(one)
		}
	}
	for _, f := range q.Filters {
		asked := len(f.Values) > 0
		f.Values = slices.DeleteFunc(slices.Clone(f.Values), known(f.Name))
		f.Not = slices.DeleteFunc(slices.Clone(f.Not), known(f.Name))
		nothing = nothing || asked && len(f.Values) == 0 && !f.None
		filters = append(filters, f)
	}
	return filters, nothing
}

// changed compares every record of two states.
func (a *asker) changed(before *asker, q *readmodel.Analysis) []changedTold {
	was, is := map[directory.Ref]bool{}, a.told(q)
	earlier := *q
	var nothing bool
	if earlier.Filters, nothing = before.knownFilters(q); !nothing {
		was = before.told(&earlier)
	}
	var found []changedTold
	for _, ref := range a.refs("") {
		if !was[ref] && !is[ref] {
			continue
		}
		c := changedTold{Ref: ref, Change: "changed"}
		c.Before, c.Was = before.textFor(ref, q.Clearance)
		c.After, c.Version = a.textFor(ref, q.Clearance)
		there := before.live(ref) && before.visible(ref, q.Clearance)
		here := a.live(ref) && a.visible(ref, q.Clearance)
		switch {
		case !there && !here, there && here && c.Before == c.After:
			continue
		case !there:
			c.Change = "created"
		case !here:
			c.Change = "archived"
			if c.Version == 0 {
				c.After = c.Before // nothing is told of what it has become
			}
		}
		found = append(found, c)
	}
	return found
}

// carriers are the functions and initiatives through which codes of frameworks were looked for in two states.
func (a *asker) carriers(before *asker, q *readmodel.Analysis) []readmodel.Mapping {
	found := a.mapping(q)
	earlier := *q
	var nothing bool
	if earlier.Filters, nothing = before.knownFilters(q); nothing {
		return found
	}
	for _, m := range before.mapping(&earlier) {
		if !slices.Contains(found, m) {
			found = append(found, m)
		}
	}
	return found
}

// withPatches puts a comparison in short. The texts after are what the patches make of the texts before.
func (a *asker) withPatches(t *testing.T, before *asker, q *readmodel.Analysis, changed []readmodel.ChangedRecord) []changedTold {
	t.Helper()
	var short []changedTold
	for _, c := range changed {
		told := changedTold{Ref: directory.Ref{Kind: c.Kind, ID: c.ID}, Change: c.Change, Was: c.Was, Version: c.Version}
		told.Before, _ = before.textFor(told.Ref, q.Clearance)
		patch, err := jsonpatch.DecodePatch(c.Patch)
		if err != nil {
			t.Fatalf("%s: %v", c.Patch, err)
		}
		after, err := patch.Apply([]byte(told.Before))
		if err != nil {
			t.Fatalf("%s of %s: %v", c.Patch, told.Before, err)
		}
		var plain any
		if err := json.Unmarshal(after, &plain); err != nil {
			t.Fatal(err)
		}
		told.After = asJSON(t, plain)
		if strings.Contains(string(c.Patch), `"/updated"`) || strings.Contains(string(c.Patch), `"/version"`) {
			t.Errorf("the patch of %s tells what every version changes: %s", c.ID, c.Patch)
		}
		state := a
		if c.Change == "archived" {
			state = before
		}
		if c.Kind != directory.Functions && c.Kind != directory.Sources {
			if diff := gocmp.Diff(state.span(q, told.Ref), c.Span, sameSpans()); diff != "" {
				t.Errorf("the period of %s: %s", c.ID, diff)
			}
		}
		short = append(short, told)
	}
	return short
}

// plainly orders the members of a text as the other side does.
func plainly(t *testing.T, list []changedTold) []changedTold {
	t.Helper()
	for i := range list {
		for _, text := range []*string{&list[i].Before, &list[i].After} {
			var plain any
			if err := json.Unmarshal([]byte(*text), &plain); err != nil {
				t.Fatal(err)
			}
			*text = asJSON(t, plain)
		}
	}
	return list
}

func TestWhatChangedBetweenTwoStatesIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 20, 3, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(30)
		head := applied(t, readmodel.Empty(), w.commits...)
		a := newAsker(newOracle(t, w.commits...), seed)
		for range 6 {
			first := 1 + a.rand.IntN(len(w.commits)-1)
			second := first + a.rand.IntN(len(w.commits)-first+1)
			before, after := newAsker(earlier(t, w.commits, first), seed), a
			was, is := rewound(t, head, head, w.commits, first), head
			if second < len(w.commits) {
				after = newAsker(earlier(t, w.commits, second), seed)
				is = rewound(t, head, head, w.commits, second)
			}
			for range 12 {
				q := after.analysis()
				if a.rand.IntN(2) == 0 {
					q.Filters = nil
				}
				got, err := is.Changed(was, q)
				if after.refusedAnalysis(q) {
					if !fault.Is(err, fault.CodeBadParameter) {
						t.Errorf("%s is not refused: %v", asJSON(t, q), err)
					}
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", asJSON(t, q), err)
				}
				q.AsOf = readmodel.AsOf{Any: true}
				want, told := plainly(t, after.changed(before, q)), plainly(t, after.withPatches(t, before, q, got.Changed))
				if diff := gocmp.Diff(want, told, sameSpans()); diff != "" {
					t.Fatalf("%d to %d of %s: the oracle (-) and the engine (+) differ:\n%s", first, second, asJSON(t, q), diff)
				}
				inAnyOrder := cmpopts.SortSlices(func(a, b readmodel.Mapping) int { return strings.Compare(asJSON(t, a), asJSON(t, b)) })
				if diff := gocmp.Diff(after.carriers(before, q), got.Mapping, inAnyOrder, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("the mapping of %s: %s", asJSON(t, q), diff)
				}
				if !slices.Equal(got.KnownAt, []uint64{uint64(first), uint64(second)}) {
					t.Errorf("the states are those at %v", got.KnownAt)
				}
			}
		}
	})
}
