package readmodel

import (
	"fmt"
	"math"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// manyYears is over how many years a histogram counts decades.
const manyYears = 40

// histograms are the facets of dates, by the names that the same dates have as sort keys. They have no filter.
func histograms(k kindIndex) []spec {
	begin, end := "start", "end"
	switch k {
	case inActors:
		begin, end = "founded", "dissolved"
	case inSources:
		return []spec{histogram("date", firstOf)}
	case inInitiatives, inRoles, inRelations:
	default:
		return nil
	}
	return []spec{histogram(begin, firstOf), histogram(end, lastOf)}
}

func firstOf(p directory.Period) directory.Day { return p.First }
func lastOf(p directory.Period) directory.Day  { return p.Last }

// histogram counts the records by the year of one of their days, or by decade when there are many years. Unknown dates
// are not counted.
func histogram(name string, day func(directory.Period) directory.Day) spec {
	return spec{name: name, tally: func(x *run, among *roaring.Bitmap) []FacetValue {
		return x.yearsOf(among, day)
	}}
}

func (x *run) yearsOf(among *roaring.Bitmap, day func(directory.Period) directory.Day) []FacetValue {
	first, last := math.MaxInt, math.MinInt
	years := make(map[int]int)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			d := day(x.t.periods.at(ord))
			if d == directory.FirstDay || d == directory.LastDay {
				continue
			}
			year := d.Year()
			years[year]++
			first, last = min(first, year), max(last, year)
		}
	})
	if len(years) == 0 {
		return nil
	}
	if last-first < manyYears {
		return bars(years, first, func(year int) FacetValue {
			text := fmt.Sprintf("%04d", year)
			return FacetValue{FacetName: &FacetName{Value: text, Label: text}}
		})
	}
	decades := make(map[int]int)
	for year, n := range years { // in any order: they are added up
		decades[year/10] += n
	}
	return bars(decades, first/10, func(decade int) FacetValue {
		return FacetValue{FacetName: &FacetName{Value: fmt.Sprintf("%03dX", decade), Label: fmt.Sprintf("%03d0–%03d9", decade, decade)}}
	})
}

// bars puts what was counted by number into order.
func bars(counted map[int]int, first int, named func(int) FacetValue) []FacetValue {
	last := first
	for number := range counted { // in any order: only the last is wanted
		last = max(last, number)
	}
	counts := make([]int, last-first+2)
	for number, n := range counted { // in any order: each has its place
		counts[number-first+1] = n
	}
	number := func(code uint32) int { return first + int(code-1) }
	return facetValues(counts, func(code uint32) string { return named(number(code)).Value }, func(code uint32) FacetValue {
		return named(number(code))
	})
}
