package directory

import "time"

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

// days reads the digits itself: every commit asks for the periods of what it changes, often of what refers to that too,
// and package time would read its layout each time.
func (d Date) days() (first, last Day, ok bool) {
	year, ok := d.number(0, 4, 1, 9999)
	if !ok {
		return 0, 0, false
	}
	if len(d) == 4 {
		return dayOf(year, time.January, 1), dayOf(year, time.December, 31), true
	}
	number, ok := d.number(5, 7, 1, 12)
	if !ok || d[4] != '-' {
		return 0, 0, false
	}
	month := time.Month(number)
	first, last = dayOf(year, month, 1), dayOf(year, month+1, 0)
	if len(d) == 7 {
		return first, last, true
	}
	number, ok = d.number(8, 10, 1, int(last-first)+1)
	if !ok || len(d) != 10 || d[7] != '-' {
		return 0, 0, false
	}
	first += Day(number - 1) //nolint:gosec // of one month
	return first, first, true
}

// number reads the digits from one place of the date up to another; false for what is no number, too small or too large.
func (d Date) number(from, to, least, most int) (n int, ok bool) {
	if len(d) < to {
		return 0, false
	}
	for _, c := range []byte(d[from:to]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, least <= n && n <= most
}

// DayOf returns the calendar day of an instant in its own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return dayOf(y, m, d)
}

func dayOf(y int, m time.Month, d int) Day {
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
