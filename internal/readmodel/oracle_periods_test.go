package readmodel_test

import (
	"time"

	"dalil/internal/directory"
)

// effectivePeriod is written anew from model.md: the role's own dates; a missing start or end is the initiative's
// (unless that would leave it empty); a missing end is at the latest the actor's dissolution.
func effectivePeriod(r *directory.Role, i *directory.Initiative, a *directory.Actor) directory.Period {
	start, end := r.Start, r.End
	if i != nil {
		if r.Start == "" {
			start = i.Start
		}
		if r.End == "" {
			end = i.End
		}
		if dated(start, end).Empty() {
			start, end = r.Start, r.End
		}
	}
	p := dated(start, end)
	if r.End == "" && a != nil && a.Dissolved != "" {
		if gone := lastDay(a.Dissolved); gone < p.Last {
			p.Last = max(gone, p.First)
		}
	}
	return p
}

func dated(start, end directory.Date) directory.Period {
	return directory.Period{First: firstDay(start), Last: lastDay(end)}
}

// firstDay is the first day of a date; always before for none.
func firstDay(d directory.Date) directory.Day {
	switch len(d) {
	case 4:
		d += "-01-01"
	case 7:
		d += "-01"
	case 0:
		return directory.FirstDay
	}
	return day(d)
}

// lastDay is the last day of a date; still for none.
func lastDay(d directory.Date) directory.Day {
	switch len(d) {
	case 4:
		return day(d + "-12-31")
	case 7:
		first := instant(d + "-01")
		return directory.Day(first.AddDate(0, 1, 0).Unix()/86400) - 1
	case 0:
		return directory.LastDay
	}
	return day(d)
}

func day(d directory.Date) directory.Day { return directory.Day(instant(d).Unix() / 86400) }

func instant(d directory.Date) time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(err)
	}
	return t
}
