package readmodel

import (
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/fault"
)

// unsourcedRoles names what tells how many of an actor's roles name no source.
const unsourcedRoles = "unsourced_roles"

// interval is what a filter by a number asks for: 40..59, 80.., ..20 or 100. Both ends belong to it.
type interval struct{ first, last int }

// intervalOf reads one; it may not reach beyond the numbers that there can be.
func intervalOf(name, value string, most int) (interval, error) {
	bad := fault.AtParameter(name, fault.CodeBadInterval, fault.Args{"value": value, "max": most})
	from, to, open := strings.Cut(value, "..")
	if !open {
		to = from
	}
	is := interval{0, most}
	for text, end := range map[*string]*int{&from: &is.first, &to: &is.last} { // in any order: each has its place
		if *text == "" && open {
			continue
		}
		n, err := strconv.ParseUint(*text, 10, 31)
		if err != nil || int(n) > most {
			return is, bad
		}
		*end = int(n)
	}
	if is.first > is.last || value == ".." {
		return is, bad
	}
	return is, nil
}

func (i interval) has(n int) bool { return i.first <= n && n <= i.last }

// String writes an interval as a filter takes it.
func (i interval) String() string {
	if i.first == i.last {
		return strconv.Itoa(i.first)
	}
	if i.last == maxCounted {
		return strconv.Itoa(i.first) + ".."
	}
	return strconv.Itoa(i.first) + ".." + strconv.Itoa(i.last)
}

// maxCounted is the most that a filter by a count takes.
const maxCounted = 1_000_000

// maxPercent is all of a completeness.
const maxPercent = 100

// completenessSpec filters actors by their completeness in percent; its facet counts them by tens.
func completenessSpec() spec {
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		asked, err := intervalOf("completeness", value, maxPercent)
		if err != nil {
			return nil, err
		}
		f, found := x.fieldOf(inActors, actorComplete), roaring.New()
		for code := uint32(1); code <= f.words.size; code++ {
			if asked.has(percentOf(f, code)) {
				f.set(code).joinTo(found)
			}
		}
		return found, nil
	}
	tally := func(x *run, among *roaring.Bitmap) told {
		f := x.fieldOf(inActors, actorComplete)
		counts := make([]int, len(tens())+1)
		for code, n := range x.tally(inActors, actorComplete, among, int(f.words.size)+1) {
			if code > 0 && n > 0 {
				counts[percentOf(f, uint32(code))/10+1] += n
			}
		}
		return x.intervalValues(tens(), counts)
	}
	return spec{
		name: "completeness", find: find, absent: nothing, tally: tally, shown: intervalShown("completeness", maxPercent),
	}
}

// percentOf reads a code of the field of completeness.
func percentOf(f *field, code uint32) int {
	n, _ := strconv.Atoi(f.words.value(code)) // it was written from a number
	return n
}

// tens are the intervals by which completeness is counted; what is complete stands by itself.
func tens() []interval {
	all := make([]interval, 0, 11)
	for from := 0; from < maxPercent; from += 10 {
		all = append(all, interval{from, from + 9})
	}
	return append(all, interval{maxPercent, maxPercent})
}

// completenessOf is the completeness of an actor, for sorting.
func completenessOf(t *table, ord uint32) int64 {
	f := &t.fields[actorComplete]
	return int64(percentOf(f, f.one.at(ord)))
}

// intervalValues names what was counted by interval, from 1 on.
func (x *run) intervalValues(all []interval, counts []int) told {
	value := func(code uint32) string { return all[code-1].String() }
	return facetValues(counts, x.q.FacetLimit, value, func(code uint32) *FacetName { return all[code-1].shown() })
}

// shown names an interval.
func (i interval) shown() *FacetName {
	label := strconv.Itoa(i.first)
	switch {
	case i.last == maxCounted:
		label += "+"
	case i.first < i.last:
		label += "–" + strconv.Itoa(i.last)
	}
	return &FacetName{Value: i.String(), Label: label}
}

// intervalShown names an interval that a filter took.
func intervalShown(name string, most int) func(*run, string) *FacetName {
	return func(_ *run, value string) *FacetName {
		is, err := intervalOf(name, value, most)
		if err != nil {
			return &FacetName{Value: value, Label: value} // it does not happen: the filter took it
		}
		return is.shown()
	}
}

// unsourcedSpec filters actors by how many of their roles that count name no source.
func unsourcedSpec() spec {
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		asked, err := intervalOf(unsourcedRoles, value, maxCounted)
		if err != nil {
			return nil, err
		}
		found := make([]uint32, 0, 64)
		for ord, n := range x.unsourcedByActor() {
			if asked.has(int(n)) {
				found = append(found, uint32(ord))
			}
		}
		bits := roaring.New()
		bits.AddMany(found)
		return bits, nil
	}
	tally := func(x *run, among *roaring.Bitmap) told {
		by, all := x.unsourcedByActor(), someUnsourced()
		counts := make([]int, len(all)+1)
		runs(among, func(ords []uint32) {
			for _, ord := range ords {
				n := int(by[ord])
				counts[1+slices.IndexFunc(all, func(i interval) bool { return i.has(n) })]++
			}
		})
		return x.intervalValues(all, counts)
	}
	return spec{
		name: unsourcedRoles, counted: true, find: find, absent: nothing, tally: tally, shown: intervalShown(unsourcedRoles, maxCounted),
	}
}

// someUnsourced are the intervals by which actors are counted.
func someUnsourced() []interval { return []interval{{0, 0}, {1, 4}, {5, 9}, {10, maxCounted}} }

// countFor gives the keys of an order that are counted their numbers.
func (x *run) countFor(o *ordering) {
	for i := range o.keys {
		if o.keys[i].counted {
			o.keys[i].number = func(_ *table, ord uint32) int64 { return int64(x.unsourcedByActor()[ord]) }
		}
	}
}
