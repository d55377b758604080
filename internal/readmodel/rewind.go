package readmodel

import (
	"fmt"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// past says of a snapshot that it is an earlier state than the one that its readers stand at.
type past struct {
	seen    uint64 // the position whose visibility narrows it
	altered uint64 // the position at which something of it was hidden, shown again or erased last
}

// Past tells whether the snapshot is an earlier state, and then the position of the head whose visibility narrows it, and
// the position at which what may be seen of it changed last.
func (s *Snapshot) Past() (seen, altered uint64, ok bool) {
	if s.past == nil {
		return 0, 0, false
	}
	return s.past.seen, s.past.altered, true
}

// Rewind leads back to an earlier state. It changes only what was written since, so that the earlier state shares all
// the rest.
//
// What may be seen of an earlier state is the narrowest of then and now: each record counts as at least as hidden as it
// is at the head, beside what it asked for, and what it named asked for, then.
type Rewind struct {
	edit   *Edit
	from   *Snapshot
	now    *Snapshot
	moved  []node
	erased []directory.Ref
}

// Rewind begins at a snapshot, for those who stand at now: at now itself, or at a past state made for a head up to now,
// whose visibility is then brought up to date.
func (s *Snapshot) Rewind(now *Snapshot) (*Rewind, error) {
	r := &Rewind{edit: s.Edit(), from: s, now: now}
	r.edit.near, r.edit.floors = new(nearNames), &now.tables // the names are for who writes
	if s.past == nil || s.past.seen == now.position.Seq {
		return r, nil
	}
	if s.past.seen < now.journal.start || s.past.seen > now.position.Seq {
		return nil, fmt.Errorf("what happened between %d and %d is not known", s.past.seen, now.position.Seq)
	}
	r.review(&now.journal, s.past.seen)
	return r, nil
}

// review notes what became of the visibility of records after a position.
func (r *Rewind) review(j *journal, after uint64) {
	for i := j.from(after + 1); i < j.marked; i++ {
		from, to := j.span(i)
		for n := from; n < to; n++ {
			ev := j.events.at(n)
			t := r.edit.tables[ev.table]
			if ev.ord >= t.size || t.entries.at(ev.ord) == nil {
				continue // younger than the state
			}
			if ev.before != ev.after {
				r.moved = append(r.moved, node{ev.table, ev.ord})
			}
			if ev.op == didErase && !t.entries.at(ev.ord).Erased() {
				r.erased = append(r.erased, t.entries.at(ev.ord).Ref())
			}
		}
	}
}

// Erased names the records held of which versions were erased since the state was made: which versions, the commits
// after Seen tell. Take those of which the version held is among them, without their text.
func (r *Rewind) Erased() []directory.Ref { return r.erased }

// Seen is the position up to which the state that the rewind began at was up to date.
func (r *Rewind) Seen() uint64 {
	if r.from.past == nil {
		return r.from.position.Seq
	}
	return r.from.past.seen
}

// Take takes the version that a record had at the earlier state; version 0 says that there was no such record. Records of
// the administration stay as they are.
func (r *Rewind) Take(record ledger.Record) error {
	k, ok := indexOf(record.Ref.Kind)
	if !ok || k >= inKeys {
		return nil
	}
	e := r.edit
	ord, held := e.tables[k].find(record.Ref.ID)
	if held == nil {
		if record.Version == 0 {
			return nil
		}
		return fmt.Errorf("%s was written and is not held", record.Ref)
	}
	entry, decoded, err := newEntry(k, record, nil)
	if err != nil {
		return err
	}
	if record.Version == 0 {
		entry.past = notYet
	}
	e.table(k).entries.set(e.owner, ord, entry)
	e.changes = append(e.changes, change{k, ord, held, decoded})
	e.clean = false
	return nil
}

// Snapshot ends the way back: the state at a position, and the time of its commit.
func (r *Rewind) Snapshot(at ledger.Position, when time.Time) *Snapshot {
	e, before := r.edit, past{}
	if r.from.past != nil {
		before = *r.from.past
	}
	e.settle()
	e.forget()
	e.settleLevels(r.moved)
	is := past{seen: r.now.position.Seq, altered: before.altered}
	same := r.from.past != nil && at == r.from.position && len(e.touched.nodes) == 0 && !e.touched.over
	if same {
		unchanged := *r.from
		unchanged.past = &is
		return &unchanged
	}
	is.altered = is.seen
	e.position, e.at, e.clean = at, when, false
	s := e.Snapshot()
	s.past = &is
	return s
}
