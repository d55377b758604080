package readmodel

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// manyYears is over how many years a histogram counts decades.
const manyYears = 40

// histograms are the facets of dates, by the names that the same dates have as sort keys. Their filters take what they
// count: a year or a decade.
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

// instants are the facets of what happened to the records themselves, by the names that they have as sort keys. Their
// filters take what they count, a month, a year or a decade; updated_since and unattested_since cut where one likes.
func instants() []spec {
	times := map[string]func(*table) *vector[int64]{
		"created":  func(t *table) *vector[int64] { return &t.created },
		"updated":  func(t *table) *vector[int64] { return &t.updated },
		"attested": func(t *table) *vector[int64] { return &t.attested },
	}
	specs := make([]spec, 0, len(times))
	for _, name := range []string{"created", "updated", "attested"} {
		of := times[name]
		specs = append(specs, spec{
			name: name, bars: true, shown: barShown,
			find: func(x *run, value string) (*roaring.Bitmap, error) {
				days, ok := daysOf(value)
				if !ok {
					return nil, unknown(name, value, "2021-03, 2021, 202X")
				}
				from, to := int64(days.First)*millisecondsOfDay, int64(days.Last+1)*millisecondsOfDay
				return x.recordsWhere(func(ord uint32) bool {
					at := of(x.t).at(ord)
					return at != 0 && from <= at && at < to
				}), nil
			},
			absent: func(x *run) *roaring.Bitmap {
				return x.recordsWhere(func(ord uint32) bool { return of(x.t).at(ord) == 0 })
			},
			tally: func(x *run, among *roaring.Bitmap) told { return x.monthsOf(among, of(x.t)) },
		})
	}
	return specs
}

// millisecondsOfDay is how many milliseconds a day has, in UTC.
const millisecondsOfDay = 86_400_000

// recordsWhere returns the records of the table that are as asked.
func (x *run) recordsWhere(is func(ord uint32) bool) *roaring.Bitmap {
	found := make([]uint32, 0, 64)
	for ord := range x.t.size {
		if is(ord) {
			found = append(found, ord)
		}
	}
	bits := roaring.New()
	bits.AddMany(found)
	return bits
}

// monthsOf counts the records by the month (UTC) of one of their instants, or as yearsOf does when there are many months.
func (x *run) monthsOf(among *roaring.Bitmap, times *vector[int64]) told {
	first, last, never := math.MaxInt, math.MinInt, 0
	months, years := make(map[int]int), make(map[int]int)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			at := times.at(ord)
			if at == 0 {
				never++
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
		return x.barsOfYears(years, first/12, last/12).lacking(never)
	}
	return x.bars(months, first, func(month int) string { return fmt.Sprintf("%04d-%02d", month/12, month%12+1) }).lacking(never)
}

// lacking tells how many were not counted.
func (t told) lacking(n int) told {
	t.none = n
	return t
}

func firstOf(p directory.Period) directory.Day { return p.First }
func lastOf(p directory.Period) directory.Day  { return p.Last }

// histogram counts the records by the year of one of their days, or by decade when there are many years. Unknown dates
// are absent.
func histogram(name string, day func(directory.Period) directory.Day) spec {
	known := func(x *run, ord uint32) (directory.Day, bool) {
		d := day(x.t.periods.at(ord))
		return d, d != directory.FirstDay && d != directory.LastDay
	}
	return spec{
		name: name, bars: true, shown: barShown,
		find: func(x *run, value string) (*roaring.Bitmap, error) {
			days, ok := daysOf(value)
			if !ok || len(value) != len("2021") {
				return nil, unknown(name, value, "2021, 202X")
			}
			return x.recordsWhere(func(ord uint32) bool {
				d, ok := known(x, ord)
				return ok && days.First <= d && d <= days.Last
			}), nil
		},
		absent: func(x *run) *roaring.Bitmap {
			return x.recordsWhere(func(ord uint32) bool {
				_, ok := known(x, ord)
				return !ok
			})
		},
		tally: func(x *run, among *roaring.Bitmap) told {
			return x.yearsOf(among, func(ord uint32) (directory.Day, bool) { return known(x, ord) })
		},
	}
}

func (x *run) yearsOf(among *roaring.Bitmap, day func(ord uint32) (directory.Day, bool)) told {
	first, last, unknown := math.MaxInt, math.MinInt, 0
	years := make(map[int]int)
	runs(among, func(ords []uint32) {
		for _, ord := range ords {
			d, ok := day(ord)
			if !ok {
				unknown++
				continue
			}
			year := d.Year()
			years[year]++
			first, last = min(first, year), max(last, year)
		}
	})
	return x.barsOfYears(years, first, last).lacking(unknown)
}

// barsOfYears tells what was counted by year, or by decade when there are many years between the first and the last.
func (x *run) barsOfYears(years map[int]int, first, last int) told {
	if len(years) == 0 {
		return told{}
	}
	if last-first < manyYears {
		return x.bars(years, first, func(year int) string { return fmt.Sprintf("%04d", year) })
	}
	decades := make(map[int]int)
	for year, n := range years { // in any order: they are added up
		decades[year/10] += n
	}
	return x.bars(decades, first/10, func(decade int) string { return fmt.Sprintf("%03dX", decade) })
}

// bars puts what was counted by number into order.
func (x *run) bars(counted map[int]int, first int, value func(int) string) told {
	if len(counted) == 0 {
		return told{}
	}
	last := first
	for number := range counted { // in any order: only the last is wanted
		last = max(last, number)
	}
	counts := make([]int, last-first+2)
	for number, n := range counted { // in any order: each has its place
		counts[number-first+1] = n
	}
	text := func(code uint32) string { return value(first + int(code-1)) }
	return facetValues(counts, x.q.FacetLimit, text, func(code uint32) *FacetName { return barShown(x, text(code)) })
}

// barShown names a bar: a decade by its first and its last year.
func barShown(_ *run, value string) *FacetName {
	label := value
	if century, ok := strings.CutSuffix(value, "X"); ok {
		label = century + "0–" + century + "9"
	}
	return &FacetName{Value: value, Label: label}
}

// daysOf reads what a bar counts: 2021-03, 2021, or 202X for ten years.
func daysOf(value string) (directory.Period, bool) {
	first, last := value, value
	if century, ok := strings.CutSuffix(value, "X"); ok && len(century) == 3 {
		first, last = century+"0", century+"9"
		if first == "0000" { // no year
			first = "0001"
		}
	}
	from, to := directory.Date(first), directory.Date(last)
	if !from.Valid() || !to.Valid() || len(first) > len("2021-03") {
		return directory.Period{}, false
	}
	begin, _ := from.Span()
	_, end := to.Span()
	return directory.Period{First: begin, Last: end}, true
}
