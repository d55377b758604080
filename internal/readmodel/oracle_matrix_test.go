package readmodel_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// proof is the evidence of an analysis: the live roles that a caller may see, that hold and that fit the filters.
func (o *oracle) proof(q *readmodel.Analysis) []*directory.Role {
	list := &readmodel.Query{
		Kind: directory.Roles, Clearance: q.Clearance, AsOf: q.AsOf, RolesAsOf: q.AsOf, Today: q.Today, Lang: q.Lang,
	}
	var roles []*directory.Role
	for _, ref := range o.list(list, q.Filters) {
		if r, ok := o.held[ref].(*directory.Role); ok {
			roles = append(roles, r)
		}
	}
	return roles
}

// whoever is what an actor counts as.
func (o *oracle) whoever(q *readmodel.Analysis, id string) *directory.Actor {
	a := o.actor(id)
	for q.Rolled && a.Kind == "unit" && a.Parent != "" {
		a = o.actor(a.Parent)
	}
	return a
}

// valuesOf are the items that a role counts for in a dimension.
func (o *oracle) valuesOf(q *readmodel.Analysis, dimension string, r *directory.Role) []string {
	var values []string
	up := func(id string, parent func(string) string) {
		for ; id != "" && !slices.Contains(values, id); id = parent(id) {
			values = append(values, id)
		}
	}
	switch dimension {
	case "actor":
		up(o.whoever(q, r.Actor).ID, func(string) string { return "" })
	case "group":
		up(o.whoever(q, r.Actor).Group, func(string) string { return "" })
	case "country":
		up(o.whoever(q, r.Actor).Country, func(string) string { return "" })
	case "function":
		up(r.Function, func(id string) string { return o.function(id).Parent })
	case "initiative":
		up(r.Initiative, func(id string) string { return o.initiative(id).Parent })
	case "type":
		up(r.Type, func(string) string { return "" })
	case "raci":
		up(letter(r), func(string) string { return "" })
	case "territory":
		for _, place := range r.Territories {
			up(place, func(id string) string { return id[:max(0, strings.IndexByte(id, '-'))] })
		}
	case "framework":
		for _, code := range o.roleCodes(r) {
			up(code.String(), func(id string) string { return id[:max(0, strings.IndexByte(id, '.'))] })
		}
	}
	if len(values) == 0 {
		return []string{"none"}
	}
	return values
}

// lined are the rows or columns of a matrix, without numbers.
func (o *oracle) lined(q *readmodel.Analysis, dimension string, proof []*directory.Role) []readmodel.AnalysisItem {
	var items []readmodel.AnalysisItem
	occurs := make(map[string]bool)
	for _, r := range proof {
		for _, value := range o.valuesOf(q, dimension, r) {
			occurs[value] = true
		}
	}
	words := func(vocabulary string, whole bool, prefix string) {
		v, _ := directory.VocabularyNamed(vocabulary)
		for _, term := range v.Terms {
			if whole || occurs[term.Code] {
				item := readmodel.AnalysisItem{ID: prefix + term.Code, Label: term.Label.In(q.Lang), Parent: term.Parent}
				if term.Parent != "" {
					item.Parent = prefix + term.Parent
				}
				items = append(items, item)
			}
		}
	}
	switch dimension {
	case "group":
		words("groups", true, "")
	case "type":
		words("role_types", true, "")
	case "raci":
		words("raci", true, "")
	case "country":
		words("countries", false, "")
	case "territory":
		words("territories", false, "")
	case "framework":
		for _, framework := range directory.Frameworks() {
			words(framework, true, framework+":")
		}
	case "function":
		items = o.linedFunctions(q, proof)
	case "actor":
		items = o.labelled(q, directory.Actors, slices.Collect(maps.Keys(occurs)))
	case "initiative":
		var ids []string
		for id := range occurs {
			if id != "none" && o.asked(q, directory.Initiatives, "initiative", id) {
				ids = append(ids, id)
			}
		}
		items = o.labelled(q, directory.Initiatives, ids)
	}
	return append(items, readmodel.AnalysisItem{ID: "none", Label: map[string]string{"fr": "Aucun", "ar": "بدون", "en": "None", "zgh": "Aucun"}[q.Lang]})
}

// asked tells whether a record is one that the filters of a name ask for, or below one.
func (o *oracle) asked(q *readmodel.Analysis, kind directory.Kind, name, id string) bool {
	for _, f := range q.Filters {
		if f.Name != name || len(f.Values) == 0 {
			continue
		}
		if !slices.ContainsFunc(f.Values, func(top string) bool {
			if kind == directory.Functions {
				top = o.functionID(top)
			}
			return o.within(kind, id, top)
		}) {
			return false
		}
	}
	return true
}

// linedFunctions are the functions that the filters choose, and those of the roles when a framework is asked for.
func (o *oracle) linedFunctions(q *readmodel.Analysis, proof []*directory.Role) []readmodel.AnalysisItem {
	var chosen []*directory.Function
	for _, ref := range o.refs(directory.Functions) {
		f := o.function(ref.ID)
		if !o.live(ref) || !o.visible(ref, q.Clearance) {
			continue
		}
		of := &readmodel.Query{Kind: directory.Functions}
		ok, framework := true, false
		for _, filter := range q.Filters {
			switch filter.Name {
			case "function":
				ok = ok && o.choosesFunction(filter, f)
			case "framework":
				ok, framework = ok && o.fits(of, f, filter), true
			}
		}
		named := slices.ContainsFunc(proof, func(r *directory.Role) bool { return r.Function == f.ID })
		if ok || framework && named {
			chosen = append(chosen, f)
		}
	}
	slices.SortFunc(chosen, o.compareFunctions)
	var items []readmodel.AnalysisItem
	for _, f := range chosen {
		items = append(items, readmodel.AnalysisItem{ID: f.ID, Label: f.Label.In(q.Lang), Parent: f.Parent})
	}
	return items
}

func (o *oracle) choosesFunction(f readmodel.Filter, of *directory.Function) bool {
	below := func(top string) bool { return o.within(directory.Functions, of.ID, o.functionID(top)) }
	if (len(f.Values) > 0 || f.None) && !slices.ContainsFunc(f.Values, below) {
		return false
	}
	return !slices.ContainsFunc(f.Not, below)
}

// compareFunctions puts parents before what is below them, and neighbours by order, notation and id.
func (o *oracle) compareFunctions(a, b *directory.Function) int {
	path := func(f *directory.Function) []*directory.Function {
		all := []*directory.Function{f}
		for f.Parent != "" {
			f = o.function(f.Parent)
			all = append([]*directory.Function{f}, all...)
		}
		return all
	}
	return slices.CompareFunc(path(a), path(b), func(x, y *directory.Function) int {
		return cmp.Or(cmp.Compare(orderOf(x), orderOf(y)), strings.Compare(strings.ToLower(x.Notation), strings.ToLower(y.Notation)), strings.Compare(x.ID, y.ID))
	})
}

func (o *oracle) labelled(q *readmodel.Analysis, kind directory.Kind, ids []string) []readmodel.AnalysisItem {
	var items []readmodel.AnalysisItem
	for _, id := range ids {
		if r, ok := o.held[directory.Ref{Kind: kind, ID: id}]; ok {
			items = append(items, readmodel.AnalysisItem{ID: id, Label: label(r, q.Lang), Parent: parentOf(r)})
		}
	}
	slices.SortFunc(items, func(a, b readmodel.AnalysisItem) int {
		return cmp.Or(strings.Compare(directory.Fold(a.Label), directory.Fold(b.Label)), strings.Compare(a.ID, b.ID))
	})
	return items
}

// counted counts some roles.
func (o *oracle) counted(q *readmodel.Analysis, roles []*directory.Role) readmodel.MatrixCell {
	actors, sums := make(map[string]bool), make(map[string]float64)
	for _, r := range roles {
		actors[o.whoever(q, r.Actor).ID] = true
		if r.Amount != nil && r.Amount.Amount > 0 {
			sums[r.Amount.Currency] += r.Amount.Amount
		}
	}
	cell := readmodel.MatrixCell{Actors: len(actors), Roles: len(roles)}
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		cell.Amounts = append(cell.Amounts, directory.Money{Amount: sums[currency], Currency: currency})
	}
	return cell
}

func (o *oracle) matrix(q *readmodel.Analysis, rows, cols string) *readmodel.Matrix {
	proof := o.proof(q)
	whenever := *q
	whenever.AsOf = readmodel.AsOf{Any: true}
	m := &readmodel.Matrix{Total: o.counted(q, proof)}
	m.HiddenByDate, m.Mapping = max(0, len(o.proof(&whenever))-len(proof)), o.mapping(q)
	of := func(dimension, id string, among []*directory.Role) (found []*directory.Role) {
		for _, r := range among {
			if slices.Contains(o.valuesOf(q, dimension, r), id) {
				found = append(found, r)
			}
		}
		return found
	}
	for _, item := range o.lined(q, cols, proof) {
		m.Cols = append(m.Cols, readmodel.MatrixLine{AnalysisItem: item, MatrixCell: o.counted(q, of(cols, item.ID, proof))})
	}
	for _, item := range o.lined(q, rows, proof) {
		inRow := of(rows, item.ID, proof)
		m.Rows = append(m.Rows, readmodel.MatrixLine{AnalysisItem: item, MatrixCell: o.counted(q, inRow)})
		var line []readmodel.MatrixCell
		for _, col := range m.Cols {
			line = append(line, o.counted(q, of(cols, col.ID, inRow)))
		}
		m.Cells = append(m.Cells, line)
	}
	return m
}

// mapping tells which functions and initiatives carry a code that a filter asks for, or one below it.
func (o *oracle) mapping(q *readmodel.Analysis) []readmodel.Mapping {
	var found []readmodel.Mapping
	for _, kind := range []directory.Kind{directory.Functions, directory.Initiatives} {
		for _, ref := range o.refs(kind) {
			if !o.live(ref) || !o.visible(ref, q.Clearance) {
				continue
			}
			var codes []directory.FrameworkCode
			if f, ok := o.held[ref].(*directory.Function); ok {
				codes = f.Frameworks
			} else {
				codes = o.initiative(ref.ID).Frameworks
			}
			for _, code := range codes {
				if slices.ContainsFunc(q.Filters, func(f readmodel.Filter) bool {
					return f.Name == "framework" && slices.ContainsFunc(f.Values, func(wide string) bool {
						return anyCodeIn([]directory.FrameworkCode{code}, wide)
					})
				}) {
					found = append(found, readmodel.Mapping{Framework: code.Framework, Code: code.Code, Kind: kind, ID: ref.ID})
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b readmodel.Mapping) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Framework, b.Framework), cmp.Compare(a.Code, b.Code))
	})
	return found
}

// analysis is a random question.
func (a *asker) analysis() *readmodel.Analysis {
	list := a.query()
	list.Kind, list.Filters = directory.Roles, nil
	q := &readmodel.Analysis{Clearance: list.Clearance, AsOf: list.RolesAsOf, Today: list.Today, Lang: list.Lang, Rolled: a.rand.IntN(2) == 0}
	list.AsOf = q.AsOf
	wanted := a.wanted(list)
	for range a.rand.IntN(4) {
		q.Filters = append(q.Filters, a.filter(list, wanted, pick(a.rand, filtersOf(directory.Roles))))
	}
	return q
}

// refusedAnalysis tells whether a question names a record that the caller cannot see, or archived roles.
func (a *asker) refusedAnalysis(q *readmodel.Analysis) bool {
	return asksArchived(q.Filters) || a.refused(&readmodel.Query{Kind: directory.Roles, Clearance: q.Clearance, Filters: q.Filters})
}

// sameAnswers compares without what only the engine knows, and takes nothing for an empty list.
func sameAnswers() gocmp.Option {
	return gocmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(readmodel.AnalysisItem{})}
}

func TestEveryMatrixIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	eachSeed(t, 16, 2, func(t *testing.T, seed uint64) {
		w := newWorld(t, seed)
		w.grow(16)
		a := newAsker(newOracle(t, w.commits...), seed)
		s := applied(t, readmodel.Empty(), w.commits...)
		for range 12 {
			compareMatrices(t, a, s, 6)
			before := *a
			before.oracle = newOracle(t, w.commits...)
			last := s
			n := len(w.commits)
			w.grow(n + 1)
			a.apply(w.commits[n])
			s = applied(t, s, w.commits[n])
			compareMatrices(t, &before, last, 1) // what readers of the last state share must not have changed
		}
	})
}

// compareMatrices asks random questions of both.
func compareMatrices(t *testing.T, a *asker, s *readmodel.Snapshot, questions int) {
	t.Helper()
	for range questions {
		q, rows, cols := a.analysis(), pick(a.rand, readmodel.Dimensions()), pick(a.rand, readmodel.Dimensions())
		got, err := s.Matrix(q, rows, cols)
		if rows == cols || a.refusedAnalysis(q) {
			if !fault.Is(err, fault.CodeBadParameter) {
				t.Errorf("%s × %s of %s is not refused: %v", rows, cols, asJSON(t, q), err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s × %s of %s is refused: %v", rows, cols, asJSON(t, q), err)
			continue
		}
		if diff := gocmp.Diff(a.matrix(q, rows, cols), got, sameAnswers()); diff != "" {
			t.Errorf("%s × %s of %s: the oracle (-) and the engine (+) differ:\n%.3000s", rows, cols, asJSON(t, q), diff)
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
