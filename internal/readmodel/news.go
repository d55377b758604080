package readmodel

import (
	"cmp"
	"fmt"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Hide says of a record that a caller could see it, and no longer can. It is no operation of the ledger.
const Hide ledger.Op = "hide"

// Place is where somebody who follows the changes has got to: after a commit, or, with Ref, after one record of it.
type Place struct {
	Seq uint64
	Ref directory.Ref
}

// inside tells whether the place lies within a commit.
func (p Place) inside() bool { return p.Ref != directory.Ref{} }

// Event is one thing that a copy must be told.
type Event struct {
	Seq     uint64
	At      time.Time
	Op      ledger.Op // or Hide
	Ref     directory.Ref
	Version uint64 // that is told of; of Hide the last that could be seen, of an erasure the newest that was erased
	Ends    bool   // the last event of its commit
}

// Place is where to go on after the event.
func (e *Event) Place() Place {
	if e.Ends {
		return Place{Seq: e.Seq}
	}
	return Place{e.Seq, e.Ref}
}

// News is a part of what happened, in order.
type News struct {
	Events []Event
	Next   Place // where to go on
	More   bool  // there is more now
}

// JournalStart is the position from which on the snapshot knows what happened one by one.
func (s *state) JournalStart() uint64 { return s.journal.start }

// Portion is the part of the news that is asked for.
type Portion struct {
	From  Place
	Limit int  // of events
	Whole bool // it ends between two commits, though the first one may have more events than the limit
}

// News returns at most limit events after a place, of those that a caller of a clearance is told. It ends between two
// commits, unless a single one has more events than that and is not asked for as a whole. The place must not lie before
// the start of the journal, unless an older one is given that leads there.
func (s *Snapshot) News(older *Journal, clearance directory.Visibility, part Portion) (News, error) {
	from := part.From
	r := &newsReader{s: s, level: uint8(clearance.Level()), Portion: part} //nolint:gosec // 0 to 2
	if from.Seq < s.journal.start {
		if older == nil || older.until < s.journal.start {
			return News{}, fmt.Errorf("the journal begins at %d, after %d", s.journal.start, from.Seq)
		}
		if !r.read(&older.journal) {
			return r.news, nil
		}
	}
	if r.read(&s.journal) {
		r.news.Next = Place{Seq: max(s.position.Seq, from.Seq)}
	}
	return r.news, nil
}

// newsReader reads journals one after the other until it has enough.
type newsReader struct {
	Portion

	s     *Snapshot
	level uint8
	news  News
}

// read takes what fits; it tells whether there may be room for more.
func (r *newsReader) read(j *journal) bool {
	first := r.From.Seq
	if !r.From.inside() {
		first++
	}
	for i := j.from(first); i < j.marked; i++ {
		m := j.marks.at(i)
		low, high := j.span(i)
		whole := len(r.news.Events)
		next := r.news.Next
		if whole == 0 {
			next = r.From
		}
		for n := low; n < high; n++ {
			told, ok := r.told(m, j.events.at(n))
			if !ok {
				continue
			}
			if len(r.news.Events) < r.Limit || r.Whole && whole == 0 {
				r.news.Events = append(r.news.Events, told)
				continue
			}
			r.news.More = true
			if whole > 0 { // the commit does not fit any more: it is for the next time
				r.news.Events, r.news.Next = r.news.Events[:whole], next
			} else {
				r.news.Next = r.news.Events[r.Limit-1].Place()
			}
			return false
		}
		if last := len(r.news.Events); last > whole {
			r.news.Events[last-1].Ends = true
		}
		r.news.Next = Place{Seq: m.seq}
	}
	return true
}

// told says an event to a caller; not when it is nothing to them.
func (r *newsReader) told(m mark, ev event) (Event, bool) {
	saw, sees := ev.before <= r.level, ev.after <= r.level
	told := Event{Seq: m.seq, At: m.time(), Op: ev.op.op(), Version: uint64(ev.version)}
	switch {
	case !saw && !sees, saw && sees && ev.op == untouched:
		return told, false
	case !sees && ev.op != didErase:
		told.Op, told.Version = Hide, uint64(ev.was)
	}
	told.Ref = r.s.tables[ev.table].entries.at(ev.ord).Ref()
	if m.seq == r.From.Seq && r.From.inside() && !beyond(told.Ref, r.From.Ref) {
		return told, false
	}
	return told, true
}

// beyond tells whether a record comes after another in the order of a commit's events.
func beyond(a, b directory.Ref) bool {
	x, _ := indexOf(a.Kind)
	y, ok := indexOf(b.Kind)
	return ok && cmp.Or(cmp.Compare(x, y), cmp.Compare(a.ID, b.ID)) > 0
}
