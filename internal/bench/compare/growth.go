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
	listsOfGrowth       = 100 // in each run, of each size
	suggestionsOfGrowth = 100
	rolesOfGrowth       = 2   // for each actor
	slack               = 1.1 // of what is allowed: more than chance
)

// grown is a directory of one size, what it is asked, and what was seen: of what growthWorks names the median of each run,
// and of how many records the answers told in the mean.
type grown struct {
	state   *readmodel.Snapshot
	lists   [2][]bench.ListQuery
	letters []string
	day     directory.Day

	took [3][]time.Duration
	told [3]float64
}

// growthWorks are what is measured at each size.
var growthWorks = [3]string{"list of actors by their own members", "list of actors, also by what they do", "suggestions on three letters"}

// measureGrowth asks states of several sizes, in this process and in turns, so that what else the machine does meets them
// all: lists with three filters and four facets, and suggestions. There are two roles for each actor.
func measureGrowth(ctx context.Context, s *stand) ([]line, error) {
	records, _, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	actors := slices.DeleteFunc(slices.Clone(records), func(r directory.Record) bool {
		return r.RecordKind() != directory.Actors || r.Head().Status == directory.Archived
	})
	var seen []*grown
	for _, n := range sizes {
		s.tell("growth: %d actors", n)
		g, err := s.grown(actors, n)
		if err != nil {
			return nil, err
		}
		seen = append(seen, g)
	}
	for run := range s.runs + 1 {
		for _, g := range seen {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := g.ask(run); err != nil {
				return nil, err
			}
		}
	}
	s.charts = append(s.charts, growthChart(seen))
	var lines []line
	for i := range growthWorks {
		lines = append(lines, growthLine(i, seen))
	}
	return lines, nil
}

// growthLine judges one thing that grew. What it may take grows with the logarithm of the actors, and by as much as the
// answer does: the records that a list tells of.
func growthLine(work int, seen []*grown) line {
	l := line{work: growthWorks[work] + ": growth from 5,000 to 51,370 and 200,000 actors", target: "the logarithm plus the answer", met: true}
	var took, ratios, allowed []string
	for i, g := range seen {
		took = append(took, say(median(g.took[work])))
		if i == 0 {
			continue
		}
		ratio := g.times(seen[0], work)
		most := math.Log(float64(sizes[i]))/math.Log(float64(sizes[0])) + g.told[work]/seen[0].told[work] - 1
		ratios, allowed = append(ratios, sayTimes(ratio)), append(allowed, sayTimes(most))
		l.met = l.met && ratio <= most*slack
	}
	l.seen = strings.Join(took, ", ") + ": **" + strings.Join(ratios, ", ") + "**"
	l.beside = "allowed " + strings.Join(allowed, ", ")
	return l
}

// times is how many times as long as at another size something took: the median of the runs.
func (g *grown) times(other *grown, work int) float64 {
	ratios := make([]float64, len(g.took[work]))
	for run, took := range g.took[work] {
		ratios[run] = times(took, other.took[work][run])
	}
	return median(ratios)
}

// grown makes a directory of one size.
func (s *stand) grown(actors []directory.Record, n int) (*grown, error) {
	size := bench.Country()
	size.Roles = rolesOfGrowth * n
	world := bench.World(bench.Grown(actors, n), size, worldSeed)
	state, err := bench.State(world)
	if err != nil {
		return nil, err
	}
	day, err := today()
	if err != nil {
		return nil, err
	}
	g := &grown{state: state, letters: bench.ThreeLetters(world, suggestionsOfGrowth), day: day}
	for i := range g.lists {
		k := kindsOfLists()[i]
		g.lists[i] = bench.ListQueries(world, k.kind, k.members, (s.runs+1)*listsOfGrowth, growthSeed)
	}
	return g, nil
}

// ask asks a run's questions. Of the first run no times are kept: what is made once is made in it.
func (g *grown) ask(run int) error {
	runtime.GC()
	var took [3][]time.Duration
	for i, lists := range g.lists {
		for _, q := range lists[run*listsOfGrowth:][:listsOfGrowth] {
			query := listQuery(q, g.day)
			began := time.Now()
			found, err := g.state.List(&query)
			if err != nil {
				return err
			}
			took[i] = append(took[i], time.Since(began))
			g.told[i] += float64(found.Total) / float64(len(lists))
		}
	}
	for _, text := range g.letters {
		began := time.Now()
		found, _, err := g.state.Suggest(&readmodel.SuggestQuery{
			Q: text, Kinds: readmodel.SuggestKinds(), Clearance: directory.Public, Lang: "fr", Limit: 10, AsOf: readmodel.AsOf{Any: true},
		})
		if err != nil {
			return err
		}
		took[2] = append(took[2], time.Since(began))
		if run == 0 { // they are the same in every run
			g.told[2] += float64(len(found)) / float64(len(g.letters))
		}
	}
	for i := range took {
		if run > 0 {
			g.took[i] = append(g.took[i], median(took[i]))
		}
	}
	return nil
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
func growthChart(seen []*grown) string {
	most := time.Duration(0)
	lines := make([][]string, 3)
	for _, g := range seen {
		for i := range g.took {
			d := median(g.took[i])
			lines[i] = append(lines[i], fmt.Sprintf("%.0f", float64(d.Nanoseconds())/1e3))
			most = max(most, d)
		}
	}
	var b strings.Builder
	b.WriteString("```mermaid\nxychart-beta\n    title \"Microseconds: lists of actors also by what they do (upper), by their own members (middle), suggestions (lower)\"\n")
	fmt.Fprintf(&b, "    x-axis \"actors\" [\"5,000\", \"51,370\", \"200,000\"]\n    y-axis \"µs\" 0 --> %d\n", (most.Microseconds()/100+1)*100)
	for _, l := range lines {
		fmt.Fprintf(&b, "    line [%s]\n", strings.Join(l, ", "))
	}
	return b.String() + "```\n"
}
