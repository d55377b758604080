//go:build peers && linux

package main

import (
	"context"
	"time"
)

// mostForJudgement is the target of what is judged function by function.
const mostForJudgement = 10 * time.Millisecond

// judgementsARun is how often each is asked for in a run.
const judgementsARun = 10

// judgementPaths ask about all 120 functions, as of today.
func judgementPaths() []string { return []string{"/gaps?scope=all", "/balance?scope=all"} }

// measureJudgements asks for gaps and for the balance of all functions.
func measureJudgements(ctx context.Context, s *stand) ([]line, error) {
	on, err := s.served(ctx)
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, path := range judgementPaths() {
		if _, err := on.getAll(ctx, []string{path}); err != nil { // what is made once is made from here on
			return nil, err
		}
		var seen, served []time.Duration
		for range s.runs {
			paths := make([]string, judgementsARun)
			for i := range paths {
				paths[i] = path
			}
			a, err := on.getAll(ctx, paths)
			if err != nil {
				return nil, err
			}
			seen, served = append(seen, median(a.seen)), append(served, median(a.served))
		}
		lines = append(lines, line{
			work: "`" + path + "`, 120 functions", target: "at most 10 ms", seen: "**" + say(median(served)) + "** in the server",
			beside: say(median(seen)) + " over HTTP", met: median(served) <= mostForJudgement,
		})
	}
	return lines, nil
}
