//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/service"
)

// How the past is measured.
const (
	pastCommits  = 10_000
	pastLists    = 100 // in each run, of then and of now
	mostForFirst = 3 * time.Second
	mostForLater = 1.1 // times as long as now: more than chance
)

// measureKnown asks for the directory as it was 10,000 commits ago: the first answer of a server that has just started,
// and later ones in turns with the same lists of now.
func measureKnown(ctx context.Context, s *stand) ([]line, error) {
	records, world, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	store, err := s.copied(ctx, "known.db")
	if err != nil {
		return nil, err
	}
	s.tell("writing %d commits", pastCommits)
	actors := slices.DeleteFunc(slices.Clone(records), func(r directory.Record) bool {
		return r.RecordKind() != directory.Actors || r.Head().Status == directory.Archived
	})
	var seq uint64
	if err := withService(ctx, store, func(s *service.Service, w service.Write) error {
		seq = s.Head().Position().Seq
		return bench.Change(ctx, s, w, actors, pastCommits)
	}); err != nil {
		return nil, err
	}
	lists := bench.ListQueries(world, directory.Actors, bench.DeedMembers, s.runs*pastLists+2, knownSeed)
	var first, later, now []time.Duration
	var ratios []float64
	for range s.runs {
		f, l, n, err := s.knownOnce(ctx, store, seq, lists[:pastLists+2])
		if err != nil {
			return nil, err
		}
		first, later, now = append(first, f), append(later, l), append(now, n)
		ratios = append(ratios, times(l, n))
		lists = lists[pastLists:]
	}
	return []line{{
		work: "`known_at` 10,000 commits back, the first answer: a list of actors", target: "at most 3 s",
		seen: "**" + say(median(first)) + "** over HTTP", met: median(first) <= mostForFirst,
	}, {
		work: "the same, later answers", target: "as fast as now (at most 1.1 ×)", seen: say(median(later)) + " over HTTP",
		beside: fmt.Sprintf("now %s: **%s**", say(median(now)), sayTimes(median(ratios))), met: median(ratios) <= mostForLater,
	}}, nil
}

// knownSeed makes lists of its own.
const knownSeed = 77

// knownOnce starts a server and asks it.
func (s *stand) knownOnce(ctx context.Context, store string, seq uint64, lists []bench.ListQuery) (first, later, now time.Duration, err error) {
	on, err := s.serve(ctx, store)
	if err != nil {
		return 0, 0, 0, err
	}
	defer func() { _ = on.stop() }()
	then := func(q bench.ListQuery) string { return q.String() + "&known_at=" + strconv.FormatUint(seq, 10) }
	if _, _, err = on.get(ctx, lists[0].String()); err != nil {
		return 0, 0, 0, err
	}
	body, first, err := on.get(ctx, then(lists[1]))
	if err != nil {
		return 0, 0, 0, err
	}
	if !strings.Contains(string(body), fmt.Sprintf(`"seq":%d}`, seq)) {
		return 0, 0, 0, fmt.Errorf("the answer is not of position %d: …%.100s", seq, body[max(0, len(body)-100):])
	}
	var thens, nows []time.Duration
	for i, q := range lists[2:] {
		paths := []string{q.String(), then(q)}
		if i%2 == 1 {
			slices.Reverse(paths)
		}
		took := make(map[string]time.Duration, 2)
		for _, path := range paths {
			if _, took[path], err = on.get(ctx, path); err != nil {
				return 0, 0, 0, err
			}
		}
		thens, nows = append(thens, took[then(q)]), append(nows, took[q.String()])
	}
	return first, median(thens), median(nows), nil
}
