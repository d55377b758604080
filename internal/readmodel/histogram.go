package readmodel

import (
	"fmt"
	"math"
	"time"

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

// manyMonths is over how many months a histogram of instants counts years.
const manyMonths = 24

// instants are the facets of what happened to the records themselves, by the names that they have as sort keys. They have
// no filter of their own: updated_since and unattested_since cut where one likes.
func instants() []spec {
	times := map[string]func(*table) *vector[int64]{
		"created":  func(t *table) *vector[int64] { return &t.created },
		"updated":  func(t *table) *vector[int64] { return &t.updated },
		"attested": func(t *table) *vector[int64] { return &t.attested },
	}
	specs := make([]spec, 0, len(times))
	for _, name := range []string{"created", "updated", "attested"} {
		specs = append(specs, spec{name: name, tally: func(x *run, among *roaring.Bitmap) []FacetValue {
			return x.monthsOf(among, times[name](x.t))
		}})
	}
	return specs
}

// monthsOf counts the records by the month (UTC) of one of their instants, or as yearsOf does when there are many months.
// What never happened is not counted.
func (x *run) monthsOf(among *roaring.Bitmap, times *vector[int64]) []FacetValue {
	first, last := math.MaxInt, math.MinInt
	months, years := make(map[int]int), make(map[int]int)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			at := times.at(ord)
			if at == 0 {
				continue
			}
			then := time.UnixMilli(at).UTC()
			month := 12*then.Year() + int(then.Month()) - 1
			months[month]++
			years[then.Year()]++
			first, last = min(first, month), max(last, month)
		}
	})
	if last-first >= manyMonths {
		return barsOfYears(years, first/12, last/12)
	}
	return bars(months, first, func(month int) FacetValue {
		text := fmt.Sprintf("%04d-%02d", month/12, month%12+1)
		return FacetValue{FacetName: &FacetName{Value: text, Label: text}}
	})
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
	return barsOfYears(years, first, last)
}

// barsOfYears tells what was counted by year, or by decade when there are many years between the first and the last.
func barsOfYears(years map[int]int, first, last int) []FacetValue {
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
	if len(counted) == 0 {
		return nil
	}
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
