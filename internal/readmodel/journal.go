package readmodel

import (
	"cmp"
	"slices"
	"time"

	"dalil/internal/ledger"
)

// journal remembers, commit by commit, what was done to each record and who could see it before and after: what a
// copy elsewhere must be told. Snapshots share it; it never forgets, and an event takes 16 bytes.
type journal struct {
	start  uint64 // it tells the commits after this position
	events vector[event]
	count  uint32
	marks  vector[mark] // of the commits that have events
	marked uint32
}

// event is what one commit did to one record, or to who may see it. The events of a commit stand in the order of their
// tables, then of their ids, so that what is named comes before what names it, on every node alike.
type event struct {
	ord     uint32
	version uint32 // after the commit; of an erasure the newest version erased
	was     uint32 // before it
	table   kindIndex
	op      deed
	before  uint8 // the effective visibility, or unseen
	after   uint8
}

// unseen is the level of what nobody sees: a record that is not there, or that was erased.
const unseen = levels

// mark is where the events of a commit end.
type mark struct {
	seq uint64
	at  int64 // milliseconds
	end uint32
}

// deed is what was done to a record itself, as small as can be.
type deed uint8

const (
	untouched deed = iota // only who may see it changed
	didPut
	didArchive
	didRestore
	didMerge
	didErase
)

func deedOf(op ledger.Op) deed {
	switch op {
	case ledger.Archive:
		return didArchive
	case ledger.Restore:
		return didRestore
	case ledger.Merge:
		return didMerge
	case ledger.Erase:
		return didErase
	default:
		return didPut
	}
}

func (d deed) op() ledger.Op {
	return [...]ledger.Op{ledger.Put, ledger.Put, ledger.Archive, ledger.Restore, ledger.Merge, ledger.Erase}[d]
}

// telling is what an edit gathers for the journal while it applies a commit.
type telling struct {
	on     bool
	loaded uint64         // position of the newest record of a checkpoint
	was    map[node]uint8 // the levels before the commit, of those that were set
	blanks []event        // erasures of versions that were current no more
	events []event        // memory of the last commit's
}

// begin makes the journal begin at a position: what came before is not known one by one.
func (j *journal) begin(seq uint64) { *j = journal{start: seq} }

// remember keeps the level that a record had before the commit.
func (t *telling) remember(n node, level uint8) {
	if !t.on {
		return
	}
	if t.was == nil {
		t.was = make(map[node]uint8)
	}
	if _, known := t.was[n]; !known {
		t.was[n] = level
	}
}

// tell adds the events of a commit whose changes are settled. Commits over which a checkpoint was ahead tell nothing:
// the journal begins after them.
func (e *Edit) tell(c *ledger.Commit) {
	changes := e.changes
	defer func() { e.telling.was, e.telling.blanks = nil, nil }()
	if c.Seq <= e.telling.loaded {
		e.journal.begin(c.Seq)
		return
	}
	events := e.telling.events[:0]
	for i, first := 0, 0; i < len(changes); i++ {
		if last := i+1 == len(changes) || changes[i+1].node() != changes[i].node(); last {
			events = append(events, e.event(changes[first].before, changes[i]))
			first = i + 1
		}
	}
	for n, was := range e.telling.was { // in any order: they are sorted below
		t := e.tables[n.table]
		entry, is := t.entries.at(n.ord), t.levels.at(n.ord)
		if is != was && !gone(entry) {
			version := entry.version
			events = append(events, event{ord: n.ord, version: version, was: version, table: n.table, before: was, after: is})
		}
	}
	events = append(events, e.telling.blanks...)
	e.journal.add(e, c, events)
	e.telling.events = emptied(events)
}

func (c change) node() node { return node{c.table, c.ord} }

// event says what became of a record that was put, since the entry that stood there before the commit.
func (e *Edit) event(before *Entry, c change) event {
	t, n := e.tables[c.table], c.node()
	entry := t.entries.at(c.ord)
	told := event{ord: c.ord, version: entry.version, table: c.table, op: entry.op, before: unseen, after: unseen}
	level := t.levels.at(c.ord)
	if !gone(before) {
		told.before, told.was = level, before.version
		if was, ok := e.telling.was[n]; ok {
			told.before = was
		}
	}
	if !gone(entry) {
		told.after = level
	}
	delete(e.telling.was, n)
	return told
}

// blank remembers the erasure of versions of a record whose current one stays.
func (e *Edit) blank(held *Entry, erased []uint64) {
	if gone(held) || len(erased) == 0 {
		return
	}
	k := held.table
	ord, _ := e.tables[k].ordinal(held.id)
	level := e.tables[k].levels.at(ord)
	version := uint32(slices.Max(erased)) //nolint:gosec // no record has so many
	e.telling.blanks = append(e.telling.blanks, event{
		ord: ord, version: version, was: version, table: k, op: didErase, before: level, after: level,
	})
}

// gone tells whether there is nothing to be seen of a record, whoever asks.
func gone(e *Entry) bool { return e == nil || e.Erased() && e.past != lost }

// add appends the events of a commit. Keys and what else is of the administration are nobody's news.
func (j *journal) add(e *Edit, c *ledger.Commit, events []event) {
	events = slices.DeleteFunc(events, func(ev event) bool {
		return ev.table >= inKeys || ev.before == unseen && ev.after == unseen
	})
	if len(events) == 0 {
		return
	}
	slices.SortStableFunc(events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(e.tables[a.table].id(a.ord), e.tables[b.table].id(b.ord)))
	})
	for _, ev := range events {
		j.events.set(e.owner, j.count, ev)
		j.count++
	}
	j.marks.set(e.owner, j.marked, mark{c.Seq, c.At.UnixMilli(), j.count})
	j.marked++
}

// from returns the number of the first mark at or after a position.
func (j *journal) from(seq uint64) uint32 {
	low, high := uint32(0), j.marked
	for low < high {
		if middle := (low + high) / 2; j.marks.at(middle).seq < seq {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// span returns where the events of a mark begin and end.
func (j *journal) span(i uint32) (from, to uint32) {
	if i > 0 {
		from = j.marks.at(i - 1).end
	}
	return from, j.marks.at(i).end
}

func (m mark) time() time.Time { return time.UnixMilli(m.at).UTC() }
