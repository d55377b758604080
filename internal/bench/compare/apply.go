//go:build peers && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// How commits are measured, and their targets.
const (
	commitsARun     = 1_000
	mostForCommit   = 200 * time.Microsecond
	commitsASecond  = 1_000
	readsASecond    = 300
	secondsOfReads  = 3
	mostBesideReads = 2.0 // times the p99 without commits
	enoughCommits   = 0.95
)

// measureApply applies commits to a state in this process, and asks a server for lists while commits come in over HTTP
// and while none do.
func measureApply(ctx context.Context, s *stand) ([]line, error) {
	_, world, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	applied, err := s.applied(ctx, world)
	if err != nil {
		return nil, err
	}
	beside, err := s.readsBesideWrites(ctx, world)
	return []line{applied, beside}, err
}

// applied puts new versions of actors and of roles, one a commit, each with the state that readers get.
func (s *stand) applied(ctx context.Context, world []directory.Record) (line, error) {
	state, err := bench.State(world)
	if err != nil {
		return line{}, err
	}
	live := slices.DeleteFunc(slices.Clone(world), func(r directory.Record) bool {
		return r.Head().Status == directory.Archived || (r.RecordKind() != directory.Actors && r.RecordKind() != directory.Roles)
	})
	c := &changer{Rand: rand.New(rand.NewPCG(1, 2)), live: live, at: ledger.Position{Seq: 1}, versions: make(map[string]uint64)}
	var medians, means, longest []time.Duration
	for range s.runs {
		if err := ctx.Err(); err != nil {
			return line{}, err
		}
		runtime.GC()
		var took []time.Duration
		var sum time.Duration
		for range commitsARun {
			commit, err := c.next()
			if err != nil {
				return line{}, err
			}
			began := time.Now()
			e := state.Edit()
			if err := e.Apply(commit); err != nil {
				return line{}, err
			}
			state = e.Snapshot()
			took = append(took, time.Since(began))
			sum += took[len(took)-1]
		}
		medians, means, longest = append(medians, median(took)), append(means, sum/commitsARun), append(longest, quantile(took, 0.99))
	}
	return line{
		work: "applying one commit: a new version of an actor or of a role", target: "at most 200 µs",
		seen:   "**" + say(median(means)) + "** in the mean",
		beside: fmt.Sprintf("median %s, p99 %s", say(median(medians)), say(median(longest))), met: median(means) <= mostForCommit,
	}, nil
}

// changer makes commits that follow each other.
type changer struct {
	*rand.Rand

	live     []directory.Record
	at       ledger.Position
	versions map[string]uint64
}

// next is a commit that puts another version of a record: an actor with another tag and name, or a role with another
// type and place. Every other record is an actor.
func (c *changer) next() (*ledger.Commit, error) {
	want := directory.Actors
	if c.at.Seq%2 == 0 {
		want = directory.Roles
	}
	r := c.live[c.IntN(len(c.live))]
	for r.RecordKind() != want {
		r = c.live[c.IntN(len(c.live))]
	}
	text, err := directory.Encode(r)
	if err != nil {
		return nil, err
	}
	if r, err = directory.Decode(want, text); err != nil {
		return nil, err
	}
	now := time.Unix(1_900_000_000, 0).Add(time.Duration(c.at.Seq) * time.Millisecond)
	switch r := r.(type) {
	case *directory.Actor:
		r.Tags = append(r.Tags, fmt.Sprintf("tag-%d", c.at.Seq%100))
		r.Name["fr"] = fmt.Sprintf("Organisation %d", c.at.Seq)
	case *directory.Role:
		r.Type, r.Territories = directory.RoleLead, []string{"MA-05"}
	}
	id := r.Head().ID
	c.versions[id] = max(c.versions[id], 1) + 1
	r.Head().Version = c.versions[id]
	r.Head().Updated = &directory.Stamp{At: directory.At(now), By: "key-2", Seq: c.at.Seq + 1}
	if text, err = directory.Encode(r); err != nil {
		return nil, err
	}
	commit := &ledger.Commit{At: now, Author: ledger.Author{ID: "key-2", Via: "api"}, Changes: []ledger.Change{{
		Op: ledger.Put, Ref: directory.Ref{Kind: want, ID: id}, Version: r.Head().Version, JSON: text, Decoded: r,
	}}}
	commit.Seal(c.at)
	c.at = commit.Position()
	return commit, nil
}

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
	var ratios, rates []float64
	for range s.runs {
		quiet, err := read()
		if err != nil {
			return line{}, err
		}
		busy, rate, err := w.during(ctx, read)
		if err != nil {
			return line{}, err
		}
		a, b := quantile(quiet.times(), 0.99), quantile(busy.times(), 0.99)
		alone, beside, ratios, rates = append(alone, a), append(beside, b), append(ratios, times(b, a)), append(rates, rate)
	}
	return line{
		work:   fmt.Sprintf("p99 of %d lists a second, of all three kinds, while %.0f commits a second are written over HTTP", readsASecond, median(rates)),
		target: "1,000 commits/s; at most twice that without", seen: say(median(beside)),
		beside: fmt.Sprintf("without %s: **%s**", say(median(alone)), sayTimes(median(ratios))),
		met:    median(ratios) <= mostBesideReads && median(rates) >= enoughCommits*commitsASecond,
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
