package readmodel_test

import (
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// store makes commits one after the other, a record's version counting up by itself.
type store struct {
	tb       testing.TB
	edit     *readmodel.Edit
	at       ledger.Position
	now      time.Time
	versions map[directory.Ref]uint64
}

func newStore(tb testing.TB) *store {
	tb.Helper()
	return &store{
		tb: tb, edit: readmodel.Empty().Edit(), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		versions: make(map[directory.Ref]uint64),
	}
}

// commit makes a commit of records as they are now to be.
func (s *store) commit(records ...directory.Record) *ledger.Commit {
	s.tb.Helper()
	changes := make([]ledger.Change, len(records))
	for i, r := range records {
		changes[i] = s.change(ledger.Put, r)
	}
	return s.seal(changes...)
}

func (s *store) seal(changes ...ledger.Change) *ledger.Commit {
	s.now = s.now.Add(time.Minute)
	c := &ledger.Commit{At: s.now, Changes: changes}
	c.Seal(s.at)
	s.at = c.Position()
	return c
}

func (s *store) change(op ledger.Op, r directory.Record) ledger.Change {
	s.tb.Helper()
	ref := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}
	s.versions[ref]++
	stamp := &directory.Stamp{At: directory.At(s.now), By: "key-1", Seq: s.at.Seq + 1}
	head := r.Head()
	head.Version, head.Created, head.Updated = s.versions[ref], stamp, stamp
	directory.Normalize(r)
	text, err := directory.Encode(r)
	if err != nil {
		s.tb.Fatal(err)
	}
	return ledger.Change{Op: op, Ref: ref, Version: head.Version, JSON: text}
}

// put applies a commit of records and returns the state after it.
func (s *store) put(records ...directory.Record) *readmodel.Snapshot {
	s.tb.Helper()
	return s.apply(s.commit(records...))
}

func (s *store) archive(r directory.Record) *readmodel.Snapshot {
	s.tb.Helper()
	r.Head().Status = directory.Archived
	return s.apply(s.seal(s.change(ledger.Archive, r)))
}

func (s *store) apply(c *ledger.Commit) *readmodel.Snapshot {
	s.tb.Helper()
	if err := s.edit.Apply(c); err != nil {
		s.tb.Fatal(err)
	}
	return s.edit.Snapshot()
}

func envelope(id string, v directory.Visibility) directory.Envelope {
	return directory.Envelope{ID: id, Visibility: v}
}

func actorNamed(id, name string) *directory.Actor {
	return &directory.Actor{
		Envelope: envelope(id, directory.Public), Kind: directory.ActorOrganisation, Group: directory.GroupGovernment,
		Name: directory.Text{"fr": name},
	}
}

func initiativeTo(id string, v directory.Visibility, links ...string) *directory.Initiative {
	i := &directory.Initiative{Envelope: envelope(id, v), Kind: "project", Name: directory.Text{"fr": id}}
	for _, to := range links {
		i.Links = append(i.Links, directory.InitiativeLink{Type: "aligned_with", Initiative: to})
	}
	return i
}

// everything is a query for all actors, by id.
func everything() *readmodel.Query {
	return &readmodel.Query{
		Kind: directory.Actors, Clearance: directory.Public, Limit: 1000, Lang: "fr",
		AsOf: readmodel.AsOf{Any: true}, RolesAsOf: readmodel.On("2026"),
	}
}

func listed(tb testing.TB, s *readmodel.Snapshot, q *readmodel.Query) *readmodel.Page {
	tb.Helper()
	p, err := s.List(q)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func idsOf(p *readmodel.Page) []string {
	ids := make([]string, len(p.Entries))
	for i, e := range p.Entries {
		ids[i] = e.Ref().ID
	}
	return ids
}
