//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// How lists are measured.
const (
	listsARun   = 2_400 // none of them in another run: 12,000 different ones in five
	listsInTurn = 800   // before the other server is asked, so that what else the machine does meets both
	connections = 8
	listsAlone  = 60 // in each run, asked one after the other, of Dalil and of PostgreSQL
)

// The targets of lists.
const (
	leastShare = 0.5 // of the requests a second of a handler that answers from memory
	mostSlower = 5.0 // times the p99 of that handler
	leastTimes = 50.0
)

// kindOfList is a way to ask for lists.
type kindOfList struct {
	row     string
	name    string
	kind    directory.Kind
	members []string
}

func kindsOfLists() []kindOfList {
	return []kindOfList{
		{"list", "actors by their own members", directory.Actors, bench.OwnMembers},
		{"list-deeds", "actors, also by what they do", directory.Actors, bench.DeedMembers},
		{"list-roles", "roles", directory.Roles, bench.RoleMembers},
	}
}

// measure asks for different lists under load, beside a handler that answers from memory, and one after the other,
// beside PostgreSQL.
func (k kindOfList) measure(ctx context.Context, s *stand) ([]line, error) {
	_, world, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := s.served(ctx); err != nil {
		return nil, err
	}
	if _, err := s.loaded(ctx); err != nil {
		return nil, err
	}
	lists := bench.ListQueries(world, k.kind, k.members, s.runs*(listsARun+listsAlone)+connections, listsSeed)
	lines, err := s.listsUnderLoad(ctx, k, lists[:s.runs*listsARun+connections])
	if err != nil {
		return nil, err
	}
	alone, err := s.listsAlone(ctx, lists[s.runs*listsARun+connections:])
	return append(lines, alone), err
}

// listsSeed makes the lists.
const listsSeed = 1

// listsAlone asks for lists one after the other: Dalil over HTTP, PostgreSQL for the items, the exact total and the four
// facets, in one round trip over its socket. PostgreSQL was asked the very same before, so that its plans and its cache
// are warm; Dalil was not. Both have to say the same.
func (s *stand) listsAlone(ctx context.Context, lists []bench.ListQuery) (line, error) {
	day, err := today()
	if err != nil {
		return line{}, err
	}
	w := newWriter(s.world, day)
	var ratios []float64
	var ours, served, theirs []time.Duration
	for some := range slices.Chunk(lists, listsAlone) {
		paths := make([]string, len(some))
		for i, q := range some {
			paths[i] = q.String()
		}
		asked, err := s.server.getAll(ctx, paths)
		if err != nil {
			return line{}, err
		}
		took, err := s.listsBeside(ctx, w, some, asked.bodies)
		if err != nil {
			return line{}, err
		}
		ours, served, theirs = append(ours, median(asked.seen)), append(served, median(asked.served)), append(theirs, median(took))
		ratios = append(ratios, times(median(took), median(asked.seen)))
	}
	return line{
		work:   fmt.Sprintf("the same, one after the other, %d different ones", s.runs*listsAlone),
		target: "at least 50 × faster than PostgreSQL",
		seen:   fmt.Sprintf("%s (%s in the server)", say(median(ours)), say(median(served))),
		beside: fmt.Sprintf("%s: **%s**", say(median(theirs)), sayTimes(median(ratios))),
		met:    median(ratios) >= leastTimes,
	}, nil
}

// listsBeside asks PostgreSQL for lists, twice, and compares its answers with ours.
func (s *stand) listsBeside(ctx context.Context, w *writer, lists []bench.ListQuery, ours [][]byte) ([]time.Duration, error) {
	var all []time.Duration
	for i, q := range lists {
		statements := w.statements(q)
		if _, _, err := s.postgres.askAll(ctx, statements); err != nil {
			return nil, fmt.Errorf("%s: %w", q, err)
		}
		answers, took, err := s.postgres.askAll(ctx, statements)
		if err == nil {
			err = agree(q, ours[i], answers)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q, err)
		}
		all = append(all, took)
	}
	return all, nil
}
