//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// sizes are the numbers of actors by which growth is measured.
var sizes = []int{5_000, 51_370, 200_000}

// How growth is measured.
const (
	listsOfGrowth       = 200 // in each run, of each size
	suggestionsOfGrowth = 200
	slack               = 1.1 // of what is allowed: more than chance
)

// grown is what was seen at one size: medians, and how many records the lists told of in the mean.
type grown struct {
	list, page, suggest time.Duration
	told                float64
}

// measureGrowth asks states of several sizes, in this process: lists with three filters and four facets, the same
// without facets, and suggestions. There are as many roles for each actor as in the world.
func measureGrowth(ctx context.Context, s *stand) ([]line, error) {
	records, _, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	actors := slices.DeleteFunc(slices.Clone(records), func(r directory.Record) bool {
		return r.RecordKind() != directory.Actors || r.Head().Status == directory.Archived
	})
	var seen []grown
	for _, n := range sizes {
		s.tell("growth: %d actors", n)
		g, err := s.grown(actors, n)
		if err != nil {
			return nil, err
		}
		seen = append(seen, g)
	}
	s.charts = append(s.charts, growthChart(seen))
	return []line{
		growthLine("list of actors, 3 filters, 4 facets", seen, func(g grown) time.Duration { return g.list }, func(g grown) float64 { return g.told }),
		growthLine("the same without facets", seen, func(g grown) time.Duration { return g.page }, func(g grown) float64 { return g.told }),
		growthLine("suggestions on three letters", seen, func(g grown) time.Duration { return g.suggest }, func(grown) float64 { return 1 }),
	}, nil
}

// growthLine judges one thing that grew. What it may take grows with the logarithm of the actors, and by as much as the
// answer does: the records that a list tells of.
func growthLine(name string, seen []grown, took func(grown) time.Duration, answer func(grown) float64) line {
	l := line{work: name + ": growth from 5,000 to 51,370 and 200,000 actors", target: "the logarithm plus the answer", met: true}
	var times, ratios, allowed []string
	for i, g := range seen {
		times = append(times, say(took(g)))
		if i == 0 {
			continue
		}
		ratio := float64(took(g)) / float64(took(seen[0]))
		most := math.Log(float64(sizes[i]))/math.Log(float64(sizes[0])) + answer(g)/answer(seen[0]) - 1
		ratios, allowed = append(ratios, sayTimes(ratio)), append(allowed, sayTimes(most))
		l.met = l.met && ratio <= most*slack
	}
	l.seen = strings.Join(times, ", ") + ": **" + strings.Join(ratios, ", ") + "**"
	l.beside = "allowed " + strings.Join(allowed, ", ")
	return l
}

// grown measures one size.
func (s *stand) grown(actors []directory.Record, n int) (g grown, err error) {
	size := bench.Country()
	size.Roles = size.Roles * n / 51_370
	world := bench.World(bench.Grown(actors, n), size, worldSeed)
	state, err := bench.State(world)
	if err != nil {
		return g, err
	}
	day, err := today()
	if err != nil {
		return g, err
	}
	lists := bench.ListQueries(world, directory.Actors, bench.DeedMembers, (s.runs+1)*listsOfGrowth, growthSeed)
	letters := bench.ThreeLetters(world, suggestionsOfGrowth)
	world = nil //nolint:ineffassign,wastedassign // so that the collector need not look at it
	var of [3][]time.Duration
	told := 0
	for run := range s.runs + 1 {
		runtime.GC()
		var took [3][]time.Duration
		for _, q := range lists[run*listsOfGrowth:][:listsOfGrowth] {
			full := listQuery(q, day)
			page := full
			page.Facets = nil
			for i, query := range []*readmodel.Query{&full, &page} {
				began := time.Now()
				found, err := state.List(query)
				if err != nil {
					return g, err
				}
				took[i] = append(took[i], time.Since(began))
				told += found.Total
			}
		}
		for _, text := range letters {
			began := time.Now()
			if _, err := state.Suggest(text, readmodel.SuggestKinds(), directory.Public, "fr", 10); err != nil {
				return g, err
			}
			took[2] = append(took[2], time.Since(began))
		}
		if run == 0 { // what is made once is made from here on
			continue
		}
		for i := range of {
			of[i] = append(of[i], median(took[i]))
		}
	}
	return grown{median(of[0]), median(of[1]), median(of[2]), float64(told) / float64(2*len(lists))}, nil
}

// growthSeed makes lists of its own.
const growthSeed = 33

// listQuery is a list as the read model is asked for it.
func listQuery(q bench.ListQuery, day directory.Day) readmodel.Query {
	query := readmodel.Query{
		Kind: q.Kind, Clearance: directory.Public, Facets: q.Facets[:], Limit: 50, AsOf: readmodel.AsOf{Any: true},
		RolesAsOf: readmodel.On(day.Date()), Today: day, Lang: "fr",
	}
	for _, f := range q.Filters {
		query.Filters = append(query.Filters, readmodel.Filter{Name: f.Name, Values: f.Values})
	}
	return query
}

// growthChart draws what was seen, as Markdown.
func growthChart(seen []grown) string {
	most := time.Duration(0)
	lines := make([][]string, 3)
	for _, g := range seen {
		for i, d := range []time.Duration{g.list, g.page, g.suggest} {
			lines[i] = append(lines[i], fmt.Sprintf("%.0f", float64(d.Nanoseconds())/1e3))
			most = max(most, d)
		}
	}
	var b strings.Builder
	b.WriteString("```mermaid\nxychart-beta\n    title \"Microseconds: list with facets (1st), without (2nd), suggestions (3rd)\"\n")
	fmt.Fprintf(&b, "    x-axis \"actors\" [\"5,000\", \"51,370\", \"200,000\"]\n    y-axis \"µs\" 0 --> %d\n", (most.Microseconds()/100+1)*100)
	for _, l := range lines {
		fmt.Fprintf(&b, "    line [%s]\n", strings.Join(l, ", "))
	}
	return b.String() + "```\n"
}
