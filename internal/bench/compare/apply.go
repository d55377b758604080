//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
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
	readsASecond    = 200
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
