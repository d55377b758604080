//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"dalil/internal/bench"
)

// side is what was seen of one of two servers under load.
type side struct {
	rates, p99s []float64 // of each run: requests a second, microseconds
	cpu         time.Duration
	clock       time.Duration // of the run under way
	took        []time.Duration
}

func (s *side) add(r *loadResult) {
	s.clock += r.clock()
	s.took = append(s.took, r.times()...)
}

func (s *side) endRun() {
	s.rates = append(s.rates, float64(len(s.took))/s.clock.Seconds())
	s.p99s = append(s.p99s, float64(quantile(s.took, 0.99).Microseconds()))
	s.clock, s.took = 0, nil
}

// listsUnderLoad asks Dalil for lists, as many at a time as there are connections, from a second process, and in turns
// a handler that answers bytes of the same sizes.
func (s *stand) listsUnderLoad(ctx context.Context, k kindOfList, lists []bench.ListQuery) ([]line, error) {
	memory, err := serveBare(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = memory.stop() }()
	var ours, theirs side
	var bytes int
	ask := func(some []bench.ListQuery) error {
		sizes, err := s.inTurn(ctx, some, &ours, memory, &theirs)
		for _, size := range sizes {
			bytes += size
		}
		return err
	}
	if err := ask(lists[:connections]); err != nil { // what is made once is made from here on
		return nil, err
	}
	ours, theirs, bytes, lists = side{}, side{}, 0, lists[connections:]
	n := len(lists)
	for run := range slices.Chunk(lists, listsARun) {
		for turn := range slices.Chunk(run, listsInTurn) {
			if err := ask(turn); err != nil {
				return nil, err
			}
		}
		ours.endRun()
		theirs.endRun()
	}
	var shares, slower []float64
	for i := range ours.rates {
		shares = append(shares, ours.rates[i]/theirs.rates[i])
		slower = append(slower, ours.p99s[i]/theirs.p99s[i])
	}
	each := func(d time.Duration) time.Duration { return d / time.Duration(n) }
	return []line{{
		work:   fmt.Sprintf("lists of %s: 3 filters, 4 facets, 50 items, %d different ones, %d connections", k.name, n, connections),
		target: "at least 0.50 of the requests/s of a gin handler with bytes of the same sizes",
		seen:   fmt.Sprintf("%.0f requests/s; %s of processor time each, %d kB", median(ours.rates), say(each(ours.cpu)), bytes/n/1000),
		beside: fmt.Sprintf("%.0f requests/s, %s: **%.2f**", median(theirs.rates), say(each(theirs.cpu)), median(shares)),
		met:    median(shares) >= leastShare,
	}, {
		work:   "the same: p99 under that load",
		target: "at most 5 × that of the handler",
		seen:   say(time.Duration(median(ours.p99s)) * time.Microsecond),
		beside: fmt.Sprintf("%s: **%s**", say(time.Duration(median(theirs.p99s))*time.Microsecond), sayTimes(median(slower))),
		met:    median(slower) <= mostSlower,
	}}, nil
}

// inTurn asks Dalil for some lists, tells the other server the sizes of the answers, and asks that one for the same.
func (s *stand) inTurn(ctx context.Context, some []bench.ListQuery, ours *side, memory *server, theirs *side) ([]int, error) {
	job := &loadJob{Connections: connections}
	for _, q := range some {
		job.Requests = append(job.Requests, loadRequest{Path: "/api/v1" + q.String()})
	}
	result, err := ours.ask(ctx, s.server, job)
	if err != nil {
		return nil, err
	}
	sizes := make(map[string]int, len(some))
	for i, r := range job.Requests {
		sizes[r.Path] = result.Sizes[i]
	}
	told, err := json.Marshal(sizes)
	if err != nil {
		return nil, err
	}
	response, err := memory.client.Post(memory.url+sizesPath, "application/json", strings.NewReader(string(told))) //nolint:noctx // a process of ours
	if err != nil {
		return nil, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	again, err := theirs.ask(ctx, memory, job)
	if err != nil {
		return nil, err
	}
	for i, size := range again.Sizes {
		if size != result.Sizes[i] {
			return nil, fmt.Errorf("the handler answered %d bytes for %d", size, result.Sizes[i])
		}
	}
	return result.Sizes, nil
}

// ask runs a job against a server and counts the processor time that the server used.
func (s *side) ask(ctx context.Context, on *server, job *loadJob) (*loadResult, error) {
	address, err := url.Parse(on.url)
	if err != nil {
		return nil, err
	}
	job.Address = address.Host
	before, err := processorTime(on.cmd.Process.Pid)
	if err != nil {
		return nil, err
	}
	result, err := loadFrom(ctx, job)
	if err != nil {
		return nil, err
	}
	after, err := processorTime(on.cmd.Process.Pid)
	s.cpu += after - before
	s.add(result)
	return result, err
}
