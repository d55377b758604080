package readmodel

import (
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// run is one query at work on one snapshot. Bitmaps that it passes around may be the snapshot's own: none is changed
// but where it was just made.
type run struct {
	s               *Snapshot
	q               *Query
	t               *table
	level           int
	asOf, rolesAsOf AsOf
	terms           []term
	archived        bool // status=archived is asked for

	rolesHeld *roaring.Bitmap // the roles that count, once asked for
	did       *deeds          // the same for lists of actors, once asked for
	own       *marks          // what all filters but those through roles keep, once asked for

	live, withArchived *marks     // what the list holds without filters, once asked for
	unsourced          []uint32   // by actor: how many of them name no source, once asked for
	found              *finding   // what was looked for; nil for nothing
	connected          *connected // of the table, once asked for
	moment             *moment
}

// term is one filter with its values found. Where it is by a field the codes of the values are found, and what has them
// only when it is needed.
type term struct {
	*spec
	filter *Filter
	codes  []uint32 // of the values, and of those that must not be; of filters by a field
	denied []uint32
	none   bool // absence will do as well
	exists bool // presence is asked for

	want   *roaring.Bitmap // what has one of the values, once looked; nil when none was asked for
	deny   *roaring.Bitmap // what must be left out; nil when nothing must
	looked bool

	wanted, unwanted *marks // the same as marks, once asked for
}

// asks tells whether the filter asks for something.
func (t *term) asks() bool { return len(t.codes) > 0 || t.none || t.code == nil && t.want != nil }

// refuses tells whether the filter leaves something out.
func (t *term) refuses() bool { return len(t.denied) > 0 || t.exists || t.code == nil && t.deny != nil }

// look finds what has the values of a filter by a field: roles, where it goes through them.
func (t *term) look(x *run) {
	if t.looked || t.code == nil {
		return
	}
	t.looked = true
	t.want, t.deny = t.holdersOf(x, t.codes), t.holdersOf(x, t.denied)
	if t.through != 0 { // absence through roles is a matter of all the roles: see through.go
		return
	}
	if t.none {
		t.want = join(t.want, t.absent(x))
	}
	if t.exists {
		t.deny = join(t.deny, t.absent(x))
	}
}

func (t *term) holdersOf(x *run, codes []uint32) *roaring.Bitmap {
	all := make([]*roaring.Bitmap, len(codes))
	for i, code := range codes {
		all[i] = t.holders(x, code)
	}
	return union(all)
}

// List answers a query. Its errors are faults about parameters.
func (s *Snapshot) List(q *Query) (*Page, error) {
	k, ok := indexOf(q.Kind)
	if !ok || k >= inKeys {
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	x := &run{s: s, q: q, t: s.tables[k], level: q.Clearance.Level(), asOf: q.AsOf, rolesAsOf: q.RolesAsOf}
	order, err := newOrdering(k, q.order(), x.relevanceFields())
	if err != nil {
		return nil, err
	}
	x.countFor(&order)
	facets, err := facetsNamed(k, q.Facets)
	if err != nil {
		return nil, err
	}
	x.begin()
	defer x.end()
	if x.terms, err = x.find(); err != nil {
		return nil, err
	}
	if err := x.look(); err != nil {
		return nil, err
	}
	defer x.found.close()
	chosen := x.pick(leaveNone)
	p := &Page{Total: chosen.cardinality()}
	if k == inActors || k == inRoles { // others carry the codes themselves
		p.Mapping = x.mapping()
	}
	if err := x.fill(p, order, chosen); err != nil {
		return nil, err
	}
	p.HiddenByDate = x.hidden(p.Total)
	if len(facets) > 0 {
		p.Facets = make([]Facet, 0, len(facets))
	}
	for _, facet := range facets {
		p.Facets = append(p.Facets, x.facet(facet, chosen))
	}
	return p, nil
}

// find looks up the values of all filters.
func (x *run) find() ([]term, error) {
	terms := make([]term, 0, len(x.q.Filters))
	for i := range x.q.Filters {
		f := &x.q.Filters[i]
		s, ok := specNamed(x.t.kind, f.Name)
		if !ok || !s.filters() {
			return nil, fault.AtParameter(f.Name, fault.CodeUnknownParameter, nil)
		}
		if s.name == "status" && slices.Contains(f.Values, string(directory.Archived)) {
			x.archived = true
		}
		t, err := x.term(s, f)
		if err != nil {
			return nil, err
		}
		if len(f.Values) > 0 || len(f.Not) > 0 || t.none || t.exists {
			terms = append(terms, t)
		}
	}
	return terms, nil
}

// term looks up the values of one filter.
func (x *run) term(s *spec, f *Filter) (t term, err error) {
	t = term{spec: s, filter: f, none: f.None, exists: f.NotNone}
	if s.absent == nil && (f.None || f.NotNone || len(f.Not) > 0) { // a time, of which only values make sense
		return t, unknown(s.name, excluded(f), "YYYY-MM-DD")
	}
	if s.code != nil {
		if t.codes, err = x.codesOf(s, f.Values); err != nil {
			return t, err
		}
		t.denied, err = x.codesOf(s, f.Not)
		return t, err
	}
	if t.want, err = x.anyOf(s, f.Values); err != nil {
		return t, err
	}
	if t.deny, err = x.anyOf(s, f.Not); err != nil {
		return t, err
	}
	if f.None {
		t.want = join(t.want, s.absent(x))
	}
	if f.NotNone {
		t.deny = join(t.deny, s.absent(x))
	}
	return t, nil
}

// excluded says what else than values was asked for.
func excluded(f *Filter) string {
	switch {
	case f.None:
		return "none"
	case f.NotNone:
		return "!none"
	default:
		return "!" + f.Not[0]
	}
}

// anyOf returns the records that have one of the values; nil when there are no values.
func (x *run) anyOf(s *spec, values []string) (*roaring.Bitmap, error) {
	all := make([]*roaring.Bitmap, len(values))
	for i, value := range values {
		bits, err := s.find(x, value)
		if err != nil {
			return nil, err
		}
		all[i] = bits
	}
	return union(all), nil
}

func (x *run) codesOf(s *spec, values []string) (codes []uint32, err error) {
	if len(values) == 0 {
		return nil, nil
	}
	codes = make([]uint32, 0, len(values))
	for _, value := range values {
		code, err := s.code(x, value)
		if err != nil {
			return nil, err
		}
		codes = append(codes, code)
	}
	return codes, nil
}

// union returns what stands in one of the bitmaps; nil of none.
func union(all []*roaring.Bitmap) *roaring.Bitmap {
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	default:
		return roaring.FastOr(all...)
	}
}

// join returns the records of either; the first may be nil.
func join(a, b *roaring.Bitmap) *roaring.Bitmap {
	if a == nil {
		return b
	}
	return roaring.Or(a, b)
}

// choose returns the records that all filters keep, but those that are left out.
func (x *run) choose(leave func(*term) bool) *roaring.Bitmap {
	archived := x.archived
	var wants, denies []*roaring.Bitmap
	var through []*term
	for i := range x.terms {
		t := &x.terms[i]
		switch {
		case leave(t):
			archived = archived && t.name != "status"
		case t.through != 0:
			through = append(through, t)
		default:
			t.look(x)
			wants, denies = appendTo(wants, t.want), appendTo(denies, t.deny)
		}
	}
	chosen, ours := x.base(archived), false // ours: just made, to be changed in place
	slices.SortFunc(wants, func(a, b *roaring.Bitmap) int { return cardinality(a) - cardinality(b) })
	for i, want := range wants {
		switch {
		case ours:
			chosen.And(want)
		case i == 0 && want.AndCardinality(chosen) == want.GetCardinality():
			chosen = want // nothing of it is archived, hidden or of another time
		default:
			chosen, ours = roaring.And(want, chosen), true
		}
	}
	for _, deny := range denies {
		chosen = roaring.AndNot(chosen, deny)
	}
	return x.throughRoles(chosen, through)
}

func appendTo(list []*roaring.Bitmap, bits *roaring.Bitmap) []*roaring.Bitmap {
	if bits == nil {
		return list
	}
	return append(list, bits)
}

// What a facet, or nothing, leaves out of the filters.
func leaveNone(*term) bool                    { return false }
func leaveThrough(t *term) bool               { return t.through != 0 }
func leaveNamed(name string) func(*term) bool { return func(t *term) bool { return t.name == name } }

// base returns what a list holds without filters.
func (x *run) base(archived bool) *roaring.Bitmap {
	base := x.t.live[x.level].bits()
	if archived {
		base = roaring.Or(base, x.t.archived[x.level].bits())
	}
	if held := x.s.holding(x.t.kind, x.asOf); held != nil {
		base = roaring.And(base, held)
	}
	return base
}

// hidden is how many more records there would be whatever the dates.
func (x *run) hidden(total int) int {
	own, byRoles, through := !x.asOf.Any && x.t.kind.dated(), false, false
	for i := range x.terms {
		t := &x.terms[i]
		through = through || t.through != 0 && !x.rolesAsOf.Any
		byRoles = byRoles || t.counted && !x.rolesAsOf.Any
	}
	switch {
	case !own && !byRoles && !through:
		return 0
	case !own && !byRoles && x.did != nil:
		return x.did.hidden(total)
	}
	always := &run{s: x.s, q: x.q, t: x.t, level: x.level, asOf: AsOf{Any: true}, rolesAsOf: AsOf{Any: true}}
	always.terms, always.archived = slices.Clone(x.terms), x.archived
	for i := range always.terms {
		if t := &always.terms[i]; t.dated || t.counted {
			again, err := always.term(t.spec, t.filter)
			if err != nil {
				return 0 // it does not happen: the same values were just found
			}
			*t = again
		}
	}
	if always.moment = x.moment; always.moment != nil {
		return max(0, always.pick(leaveNone).cardinality()-total)
	}
	return max(0, cardinality(always.choose(leaveNone))-total)
}
