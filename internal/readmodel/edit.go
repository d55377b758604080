package readmodel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Edit is a private continuation of a snapshot. It is for one goroutine. It owns what it has copied, so that many
// changes cost one copy.
type Edit struct {
	state
	owner   *owner
	loading *loading // not yet held; nil when there is none
	entries []fresh  // not yet put
	changes []change // not yet settled
	touched touches  // since last
	last    *Snapshot
	near    *nearNames // of this state, once somebody asked
	scratch []uint32
	clean   bool      // nothing changed since last
	before  *Snapshot // that last inherited from; nil when there is none
	since   touches   // from there to last
	view    *Snapshot // shown before; nil when none was

	telling    telling // for the journal
	rebuilding bool    // see Rebuild

	floors *[numKinds]*table // see Rewind: no record is seen more widely than there; nil otherwise
}

// change is a record that was just put.
type change struct {
	table  kindIndex
	ord    uint32
	before *Entry // nil when there was none
	record directory.Record
}

// fresh is an entry with its record, which is kept no longer than the edit needs it.
type fresh struct {
	entry  *Entry
	record directory.Record
}

// Receipt takes an idempotency receipt read at the start.
func (e *Edit) Receipt(r ledger.Receipt) {
	e.receipts.keep(e.owner, r)
	e.clean = false
}

// Apply takes one commit, the next one. A change that is not newer than the record held is passed over, so that
// commits may be replayed over a checkpoint that is already ahead of its position.
func (e *Edit) Apply(c *ledger.Commit) error {
	if c.Seq != e.position.Seq+1 {
		return fmt.Errorf("applying commit %d: it does not follow %d", c.Seq, e.position.Seq)
	}
	defer e.forget()
	for i := range c.Changes {
		put, err := e.changed(c.Seq, &c.Changes[i])
		if err != nil {
			return fmt.Errorf("applying commit %d: %w", c.Seq, err)
		}
		if put.entry != nil {
			e.entries = append(e.entries, put)
		}
	}
	e.telling.on = true
	e.putAll(e.entries)
	e.settle()
	e.tell(c)
	e.position, e.at = c.Position(), c.At
	if c.Request != nil {
		e.receipts.keep(e.owner, ledger.Receipt{Seq: c.Seq, At: c.At, Request: *c.Request})
	}
	e.receipts.expire(e.owner, c.At)
	e.clean = false
	return nil
}

// mostScratch is of how many changes the memory is kept for the next commit.
const mostScratch = 256

// forget lets go of what was put, and keeps the memory.
func (e *Edit) forget() {
	e.entries, e.changes = emptied(e.entries), emptied(e.changes)
}

func emptied[T any](list []T) []T {
	if cap(list) > mostScratch {
		return nil
	}
	clear(list)
	return list[:0]
}

// changed returns the entry that a change makes; none when it makes none.
func (e *Edit) changed(seq uint64, ch *ledger.Change) (fresh, error) {
	k, ok := indexOf(ch.Ref.Kind)
	if !ok {
		return fresh{}, nil // a kind of a later program has no entry
	}
	if ch.Op == ledger.Erase {
		return e.erasure(seq, ch), nil
	}
	record := ledger.Record{Ref: ch.Ref, Seq: seq, Version: ch.Version, Op: ch.Op, JSON: ch.JSON}
	entry, decoded, err := newEntry(k, record, ch.Decoded)
	if err != nil {
		return fresh{}, err
	}
	if e.rebuilding && ch.JSON == nil {
		entry.op, entry.past = deedOf(ch.Op), lost
	}
	return fresh{entry, decoded}, nil
}

// erasure returns the record held without its text, when its version is among those erased.
func (e *Edit) erasure(seq uint64, ch *ledger.Change) fresh {
	held, ok := e.Find(ch.Ref)
	if !ok {
		return fresh{}
	}
	if !slices.Contains(ch.Erased, held.Version()) {
		if held.table < inKeys { // what the record was called then may still wait for the index
			e.texts[held.table] = e.texts[held.table].whole()
		}
		e.blank(held, ch.Erased)
		return fresh{}
	}
	blank := *held
	blank.Seq, blank.version = seq, uint32(max(held.Version(), ch.Version)) //nolint:gosec // no record has so many
	erased := blank.erased()
	return fresh{erased, erased.record}
}

// putAll puts entries in the order of their ids, those of one record in the order given.
func (e *Edit) putAll(entries []fresh) {
	slices.SortStableFunc(entries, func(a, b fresh) int { return compareEntries(a.entry, b.entry) })
	for _, one := range entries {
		e.put(one.entry, one.record)
	}
}

func compareEntries(a, b *Entry) int {
	return cmp.Or(cmp.Compare(a.table, b.table), strings.Compare(a.id, b.id))
}

// put makes an entry the current one of its record, unless one as new is held.
func (e *Edit) put(entry *Entry, record directory.Record) {
	t := e.table(entry.table)
	ord := t.hold(entry.id)
	before := t.entries.at(ord)
	if before != nil && !entry.follows(before) {
		return
	}
	if before == nil {
		t.held++
	}
	t.entries.set(e.owner, ord, entry)
	e.changes = append(e.changes, change{entry.table, ord, before, record})
}

// follows tells whether an entry takes the place of another of its record: an erasure is of the same version.
func (e *Entry) follows(before *Entry) bool {
	return e.version > before.version || e.version == before.version && e.Erased()
}

// table returns the table of a kind for changing.
func (e *Edit) table(k kindIndex) *table {
	if e.tables[k].owner != e.owner {
		e.tables[k] = e.tables[k].fork(e.owner)
	}
	return e.tables[k]
}

// View is the state so far, for the writer's proposals only: it is valid until the next call on the edit, which may show
// the next state in the same place, and no edit may go on from it.
func (e *Edit) View() *Snapshot {
	if e.clean {
		return e.last
	}
	if e.view == nil || !e.view.caches.empty() {
		e.view = &Snapshot{caches: new(caches)}
	}
	e.view.state, e.view.near = e.state, e.near
	return e.view
}

// Snapshot freezes the state so far. The edit may go on: it copies anew. When nothing changed since, it is the same one
// again, with what the snapshot before was asked for in the meantime.
func (e *Edit) Snapshot() *Snapshot {
	if e.clean {
		if e.before != nil {
			e.last.caches.inherit(e.before, e.last, &e.since)
		}
		return e.last
	}
	s := &Snapshot{state: e.state, near: e.near, caches: new(caches)}
	s.caches.inherit(e.last, s, &e.touched)
	e.before, e.since = e.last, e.touched
	e.owner, e.last, e.touched, e.clean = new(owner), s, touches{}, true
	return s
}
