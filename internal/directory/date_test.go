package directory_test

import (
	"fmt"
	"testing"
	"time"

	"dalil/internal/directory"
)

func day(t *testing.T, date directory.Date) directory.Day {
	t.Helper()
	first, last := date.Span()
	if first != last {
		t.Fatalf("%s is not one day", date)
	}
	return first
}

func TestADateIsAYearAMonthOrADayThatExists(t *testing.T) {
	t.Parallel()
	for date, want := range map[directory.Date]bool{
		"2022": true, "2022-07": true, "2022-07-20": true, "2024-02-29": true, "0001": true, "9999-12-31": true,
		"": false, "22": false, "2022-7": false, "2022-13": false, "2022-00": false, "2023-02-29": false, "2022-07-32": false,
		"0000": false, "0000-01-01": false, "2022/07": false, "2022-07-20T10": false, "20220720": false,
		"٢٠٢٢": false, "+022": false, "-001": false,
	} {
		if got := date.Valid(); got != want {
			t.Errorf("%q: valid %v, want %v", date, got, want)
		}
	}
}

// TestDatesAreReadAsPackageTimeReadsThem reads every day of some years, and what looks like one.
func TestDatesAreReadAsPackageTimeReadsThem(t *testing.T) {
	t.Parallel()
	layouts := map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}
	compare := func(text string) {
		want, err := time.Parse(layouts[len(text)], text)
		exists := err == nil && layouts[len(text)] != "" && want.Year() > 0
		date := directory.Date(text)
		if date.Valid() != exists {
			t.Fatalf("%q: valid %v, want %v", text, date.Valid(), exists)
		}
		if !exists {
			return
		}
		last := want
		switch len(text) {
		case 4:
			last = want.AddDate(1, 0, -1)
		case 7:
			last = want.AddDate(0, 1, -1)
		}
		if from, to := date.Span(); from != directory.DayOf(want) || to != directory.DayOf(last) {
			t.Fatalf("%q spans %s to %s", text, from.Date(), to.Date())
		}
	}
	for _, year := range []int{0, 1, 4, 100, 1582, 1900, 1969, 1970, 2000, 2023, 2024, 9999} {
		compare(fmt.Sprintf("%04d", year))
		for month := range 14 {
			compare(fmt.Sprintf("%04d-%02d", year, month))
			for day := range 33 {
				compare(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
			}
		}
	}
	for at := range "2024-02-29" {
		for b := range 256 {
			text := []byte("2024-02-29")
			text[at] = byte(b)
			for _, n := range []int{4, 7, 10} {
				compare(string(text[:n]))
			}
		}
	}
	for n := range "2024-02-29-01" {
		compare("2024-02-29-01"[:n])
	}
}

func BenchmarkSpan(b *testing.B) {
	for _, date := range []directory.Date{"", "2022", "2022-07", "2022-07-20"} {
		b.Run(string(date), func(b *testing.B) {
			for b.Loop() {
				date.Span()
			}
		})
	}
}

func TestAReducedDateCoversItsWholeYearOrMonth(t *testing.T) {
	t.Parallel()
	tests := []struct{ date, first, last directory.Date }{
		{"2022", "2022-01-01", "2022-12-31"},
		{"2024-02", "2024-02-01", "2024-02-29"},
		{"2023-02", "2023-02-01", "2023-02-28"},
		{"2022-12", "2022-12-01", "2022-12-31"},
		{"2022-07-20", "2022-07-20", "2022-07-20"},
	}
	for _, tt := range tests {
		first, last := tt.date.Span()
		if first != day(t, tt.first) || last != day(t, tt.last) {
			t.Errorf("%s spans %s to %s, want %s to %s", tt.date, first.Date(), last.Date(), tt.first, tt.last)
		}
	}
}

func TestADayIsTheCalendarsDayOfItsPlace(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 2*3600)
	late := time.Date(2022, 7, 20, 23, 30, 0, 0, time.UTC)
	if got := directory.DayOf(late).Date(); got != "2022-07-20" {
		t.Errorf("in UTC it is %s", got)
	}
	if got := directory.DayOf(late.In(east)).Date(); got != "2022-07-21" {
		t.Errorf("two hours east it is %s", got)
	}
}

func TestAPeriodIncludesBothEndsAndMayBeOpen(t *testing.T) {
	t.Parallel()
	tests := []struct {
		start, end, on directory.Date
		want           bool
	}{
		{"2022-07", "2022-12", "2022-07-01", true},
		{"2022-07", "2022-12", "2022-12-31", true},
		{"2022-07", "2022-12", "2023-01-01", false},
		{"2022-07", "", "2999", true},
		{"", "2022", "0001", true},
		{"", "", "2022", true},
		{"2022-07-20", "2022-07-21", "2022-07", true},
		{"2022-07-20", "2022-07-21", "2022-08", false},
	}
	for _, tt := range tests {
		p := directory.PeriodOf(tt.start, tt.end)
		if got := p.Meets(directory.PeriodOf(tt.on, tt.on)); got != tt.want {
			t.Errorf("%s..%s on %s: %v, want %v", tt.start, tt.end, tt.on, got, tt.want)
		}
	}
}

func TestARolesEffectivePeriodTakesWhatItLacksFromInitiativeAndActor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                           string
		start, end                     directory.Date
		initiativeStart, initiativeEnd directory.Date
		dissolved                      directory.Date
		wantFirst, wantLast            directory.Date // "" is open
	}{
		{"its own", "2020", "2021", "2010", "2030", "2020-06", "2020-01-01", "2021-12-31"},
		{"the initiative's", "", "", "2019-12", "2023", "", "2019-12-01", "2023-12-31"},
		{"its own start, the initiative's end", "2020", "", "2019", "2023", "", "2020-01-01", "2023-12-31"},
		{"not an end that would leave it empty", "2024", "", "2019", "2023", "", "2024-01-01", ""},
		{"at the latest the actor's dissolution", "2020", "", "2019", "2023", "2022-03", "2020-01-01", "2022-03-31"},
		{"the dissolution of an open one", "2020", "", "", "", "2022", "2020-01-01", "2022-12-31"},
		{"its own end stands after a dissolution", "2020", "2025", "", "", "2022", "2020-01-01", "2025-12-31"},
		{"open", "", "", "", "", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			role := &directory.Role{Start: tt.start, End: tt.end}
			initiative := &directory.Initiative{Start: tt.initiativeStart, End: tt.initiativeEnd}
			got := role.EffectivePeriod(initiative, &directory.Actor{Dissolved: tt.dissolved})
			if want := directory.PeriodOf(tt.wantFirst, tt.wantLast); got != want {
				t.Errorf("from %d to %d, want %d to %d", got.First, got.Last, want.First, want.Last)
			}
		})
	}
}

func TestAnInitiativesStateIsSaidOrFollowsFromItsDates(t *testing.T) {
	t.Parallel()
	today := day(t, "2022-07-20")
	tests := []struct {
		initiative directory.Initiative
		want       string
	}{
		{directory.Initiative{State: "suspended", Start: "2023"}, "suspended"},
		{directory.Initiative{Start: "2023"}, "planned"},
		{directory.Initiative{Start: "2022"}, "active"},
		{directory.Initiative{End: "2022-07-20"}, "active"},
		{directory.Initiative{End: "2022-07-19"}, "completed"},
		{directory.Initiative{}, "active"},
	}
	for _, tt := range tests {
		if got := tt.initiative.StateOn(today); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.initiative, got, tt.want)
		}
	}
}

func TestARolesLetterIsItsOwnElseItsTypes(t *testing.T) {
	t.Parallel()
	for role, want := range map[[2]string]string{
		{"lead", ""}: "A", {"implementer", ""}: "R", {"consulted", ""}: "C", {"observer", ""}: "I", {"funder", ""}: "",
		{"funder", "R"}: "R", {"lead", "I"}: "I",
	} {
		if got := (&directory.Role{Type: role[0], RACI: role[1]}).Letter(); got != want {
			t.Errorf("%v: %q, want %q", role, got, want)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, seed := range []string{"2022", "2022-07", "2022-07-20", "2024-02-29", "", "0000", "9999-99-99"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		date := directory.Date(text)
		first, last := date.Span()
		if first > last {
			t.Fatalf("%q spans from %d to %d", text, first, last)
		}
		if date.Valid() && len(text) == 10 && first.Date() != date {
			t.Fatalf("%q reads as %q", text, first.Date())
		}
	})
}

func TestTheEffectiveDatesAreThoseOfTheEffectivePeriod(t *testing.T) {
	t.Parallel()
	dates := []directory.Date{"", "2019", "2020-06", "2021-03-15", "2022", "2025-01"}
	for _, start := range dates {
		for _, end := range dates {
			for _, gone := range dates {
				for _, own := range dates {
					i, a := &directory.Initiative{Start: start, End: end}, &directory.Actor{Dissolved: gone}
					for _, r := range []*directory.Role{{Start: own}, {End: own}, {Start: "2020", End: own}} {
						if got, want := directory.PeriodOf(r.EffectiveDates(i, a)), r.EffectivePeriod(i, a); got != want {
							t.Fatalf("%+v in %s to %s of an actor until %s: %v, want %v", r, start, end, gone, got, want)
						}
					}
				}
			}
		}
	}
}
