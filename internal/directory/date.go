package directory

import (
	"strings"
	"time"
)

// Date is an ISO 8601 calendar date with reduced precision: 2022, 2022-07 or 2022-07-20; "" is no date.
type Date string

// Day counts days; 0 is 1970-01-01. It is what periods are compared by.
type Day int32

// The ends of time, for periods that are open.
const (
	FirstDay Day = -1 << 30
	LastDay  Day = 1 << 30
)

// Valid tells whether the date has one of the three forms, lies in the years 0001 to 9999 and exists.
func (d Date) Valid() bool {
	_, _, ok := d.days()
	return ok
}

// Span returns the first and the last day that the date covers. An empty or invalid date covers all of time.
func (d Date) Span() (first, last Day) {
	first, last, ok := d.days()
	if !ok {
		return FirstDay, LastDay
	}
	return first, last
}

func (d Date) days() (first, last Day, ok bool) {
	layout := ""
	switch len(d) {
	case 4:
		layout = "2006"
	case 7:
		layout = "2006-01"
	case 10:
		layout = time.DateOnly
	}
	if layout == "" || strings.HasPrefix(string(d), "0000") {
		return 0, 0, false
	}
	start, err := time.Parse(layout, string(d))
	if err != nil {
		return 0, 0, false
	}
	end := start
	switch len(d) {
	case 4:
		end = start.AddDate(1, 0, -1)
	case 7:
		end = start.AddDate(0, 1, -1)
	}
	return DayOf(start), DayOf(end), true
}

// DayOf returns the calendar day of an instant in its own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400) //nolint:gosec // years have four digits
}

// Date returns the day as a date of full precision.
func (d Day) Date() Date {
	return Date(time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly))
}

// Year returns the calendar year that the day lies in.
func (d Day) Year() int { return time.Unix(int64(d)*86400, 0).UTC().Year() }

// Period is a span of days with both ends included; the ends of time stand for open ends.
type Period struct{ First, Last Day }

// PeriodOf returns the period from a start to an end date, either of which may be empty.
func PeriodOf(start, end Date) Period {
	first, _ := start.Span()
	_, last := end.Span()
	return Period{first, last}
}

// Empty tells whether the period has no day.
func (p Period) Empty() bool { return p.First > p.Last }

// Meets tells whether the two periods share a day.
func (p Period) Meets(q Period) bool { return p.First <= q.Last && q.First <= p.Last }
