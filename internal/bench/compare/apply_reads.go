//go:build peers && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// readsBesideWrites asks a server for so many lists a second, from a second process, alone and while a third one writes.
func (s *stand) readsBesideWrites(ctx context.Context, world []directory.Record) (line, error) {
	store, err := s.copied(ctx, "written.db")
	if err != nil {
		return line{}, err
	}
	on, err := s.serve(ctx, store)
	if err != nil {
		return line{}, err
	}
	defer func() { _ = on.stop() }()
	address, err := url.Parse(on.url)
	if err != nil {
		return line{}, err
	}
	const reads = readsASecond * secondsOfReads
	var lists []bench.ListQuery
	for _, k := range kindsOfLists() {
		lists = append(lists, bench.ListQueries(world, k.kind, k.members, ((2*s.runs+1)*reads+2)/3, applySeed)...)
	}
	rand.New(rand.NewPCG(applySeed, 0)).Shuffle(len(lists), func(i, j int) { lists[i], lists[j] = lists[j], lists[i] })
	read := func() (*loadResult, error) {
		job := &loadJob{Address: address.Host, Connections: connections, PerSecond: readsASecond}
		for _, q := range lists[:reads] {
			job.Requests = append(job.Requests, loadRequest{Path: "/api/v1" + q.String()})
		}
		lists = lists[reads:]
		return loadFrom(ctx, job)
	}
	if _, err := read(); err != nil { // what is made once is made from here on
		return line{}, err
	}
	w := &patcher{address: address.Host, world: world, Rand: rand.New(rand.NewPCG(3, 4))}
	var alone, beside []time.Duration
	var rates []float64
	for range s.runs {
		quiet, err := read()
		if err != nil {
			return line{}, err
		}
		busy, rate, err := w.during(ctx, read)
		if err != nil {
			return line{}, err
		}
		alone, beside = append(alone, quantile(quiet.times(), 0.99)), append(beside, quantile(busy.times(), 0.99))
		rates = append(rates, rate)
	}
	ratio := times(median(beside), median(alone)) // not that of each run: a p99 of some hundreds is a few requests
	return line{
		work:   fmt.Sprintf("p99 of %d lists a second, of all three kinds, while %.0f commits a second are written over HTTP", readsASecond, median(rates)),
		target: "1,000 commits/s; at most twice that without", seen: say(median(beside)),
		beside: fmt.Sprintf("without %s: **%s**", say(median(alone)), sayTimes(ratio)),
		met:    ratio <= mostBesideReads && median(rates) >= enoughCommits*commitsASecond,
	}, nil
}

// applySeed makes lists of its own.
const applySeed = 55

// patcher writes to a server.
type patcher struct {
	*rand.Rand

	address string
	world   []directory.Record
	written int
}

// during reads while 1,000 commits a second are written, from before the first read until after the last one. It returns
// how many commits a second were answered.
func (p *patcher) during(ctx context.Context, read func() (*loadResult, error)) (*loadResult, float64, error) {
	job := &loadJob{Address: p.address, Connections: 2 * connections, PerSecond: commitsASecond}
	for len(job.Requests) < commitsASecond*(secondsOfReads+1) {
		if r, ok := p.patch(); ok {
			job.Requests = append(job.Requests, r)
		}
	}
	type written struct {
		result *loadResult
		err    error
	}
	done := make(chan written, 1)
	go func() {
		result, err := loadFrom(ctx, job)
		done <- written{result, err}
	}()
	time.Sleep(time.Second / 2)
	result, err := read()
	w := <-done
	if err = errors.Join(err, w.err); err != nil {
		return nil, 0, err
	}
	return result, float64(len(job.Requests)) / w.result.clock().Seconds(), nil
}

// patch changes an actor's tags or a role's description; ok is false of another record.
func (p *patcher) patch() (r loadRequest, ok bool) {
	p.written++
	record := p.world[p.IntN(len(p.world))]
	r = loadRequest{Method: http.MethodPatch, Path: fmt.Sprintf("/api/v1/%s/%s", record.RecordKind(), record.Head().ID)}
	switch record.RecordKind() {
	case directory.Actors:
		r.Body = fmt.Sprintf(`{"tags":["tag-%d"]}`, p.written)
	case directory.Roles:
		r.Body = fmt.Sprintf(`{"description":{"fr":"Note %d"}}`, p.written)
	default:
		return r, false
	}
	return r, record.Head().Status != directory.Archived
}
