package boltledger

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// How many changes may stand in the log before the revisions tell of them: tailLimit at least, a share of the log when
// that is more, and never more than tailFactor times as many. Records come in no order, so each entry of revisions lies
// in another page of the file; written together they share pages, the more so the fewer pages there are for each. A
// tail of tailLimit is read in some 50 ms when the store is opened.
const (
	tailLimit  = 32 << 10
	tailShare  = 8
	tailFactor = 8
)

// tailFull tells whether a tail with so many changes more would be too long. The caller holds writing.
func (l *Ledger) tailFull(more int) bool {
	share := int(min(l.head.Seq/tailShare, tailFactor*tailLimit))
	limit := min(max(l.opts.tailLimit, share), tailFactor*l.opts.tailLimit)
	return len(l.tail.changes)+more > limit
}

// place is where the text of one version stands.
type place struct {
	version uint64
	seq     uint64
	index   uint32
}

func (p place) key() [logKeySize]byte { return logKey(p.seq, p.index) }

// placeOf reads an entry of revisions.
func placeOf(key, at []byte) (place, error) {
	if len(key) <= versionSize || len(at) != logKeySize {
		return place{}, damaged("an entry of its revisions cannot be read")
	}
	return place{version: versionOf(key), seq: seqOf(at), index: indexOf(at)}, nil
}

// tail knows the changes that the revisions in the file do not tell of yet: those of the last commits.
type tail struct {
	changes []tailChange // oldest first
	last    map[directory.Ref]int32
}

// tailChange is a change of a record, and where in the tail the change before it stands; -1 when it does not.
type tailChange struct {
	place

	ref    directory.Ref
	before int32
}

func newTail() *tail { return &tail{last: make(map[directory.Ref]int32)} }

// reset empties the tail, which will grow as long again.
func (t *tail) reset() {
	clear(t.changes)
	t.changes = t.changes[:0]
	clear(t.last)
}

func (t *tail) add(ref directory.Ref, p place) {
	before, ok := t.last[ref]
	if !ok {
		before = -1
	}
	t.last[ref] = int32(len(t.changes)) //nolint:gosec // bounded by tailLimit
	t.changes = append(t.changes, tailChange{p, ref, before})
}

func (t *tail) learn(commits []*ledger.Commit) {
	for _, c := range commits {
		for i := range c.Changes {
			ch := &c.Changes[i]
			t.add(ch.Ref, place{ch.Version, c.Seq, uint32(i) + 1})
		}
	}
}

// places returns where the versions of a record stand, newest first.
func (t *tail) places(ref directory.Ref) []place {
	at, ok := t.last[ref]
	if !ok {
		return nil
	}
	var places []place
	for ; at >= 0; at = t.changes[at].before {
		places = append(places, t.changes[at].place)
	}
	return places
}

// newest returns, for each record of the tail, where its newest version stands.
func (t *tail) newest() map[directory.Ref]place {
	places := make(map[directory.Ref]place, len(t.last))
	for ref, at := range t.last {
		places[ref] = t.changes[at].place
	}
	return places
}

// put makes the revisions in the file tell of the tail and of commits that follow it, and notes how far they tell.
func (t *tail) put(tx *bbolt.Tx, commits []*ledger.Commit) error {
	all := tail{changes: slices.Clone(t.changes), last: make(map[directory.Ref]int32)}
	all.learn(commits)
	keys := make([][]byte, len(all.changes))
	arena := make([]byte, 0, 48*len(keys))
	order := make([]int, len(keys))
	for i := range all.changes {
		arena, keys[i] = cut(appendRevision(arena, all.changes[i].ref, all.changes[i].version), len(arena))
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(keys[a], keys[b]) })
	revisions := tx.Bucket([]byte(revisionsBucket))
	for _, i := range order {
		at := all.changes[i].key()
		if err := revisions.Put(keys[i], at[:]); err != nil {
			return fmt.Errorf("putting a revision: %w", err)
		}
	}
	told := binary.BigEndian.AppendUint64(nil, commits[len(commits)-1].Seq)
	if err := tx.Bucket([]byte(metaBucket)).Put([]byte(toldKey), told); err != nil {
		return fmt.Errorf("noting how far the revisions tell: %w", err)
	}
	return nil
}

// readTail reads the changes after those that the revisions tell of. It ends before a commit of a newer format, and
// returns the number of the last commit before it.
func readTail(tx *bbolt.Tx, head uint64) (t *tail, seq uint64, err error) {
	t = newTail()
	if told := tx.Bucket([]byte(metaBucket)).Get([]byte(toldKey)); len(told) == versionSize {
		seq = binary.BigEndian.Uint64(told)
	}
	cursor := tx.Bucket([]byte(logBucket)).Cursor()
	start := logKey(seq+1, 0)
	for key, value := cursor.Seek(start[:]); seq < head; key, value = cursor.Next() {
		seq++
		if !isKey(key, seq, 0) || len(value) < prevOffset {
			return nil, 0, damagedAt(seq, "it is missing")
		}
		if formatOf(value) > ledger.Format {
			return t, seq - 1, nil
		}
		for i := range countOf(value) {
			key, value := cursor.Next()
			if !isKey(key, seq, i+1) {
				return nil, 0, damagedAt(seq, fmt.Sprintf("change %d is missing", i+1))
			}
			ref, version, err := nameOf(seq, value)
			if err != nil {
				return nil, 0, err
			}
			t.add(ref, place{version, seq, i + 1})
		}
	}
	return t, seq, nil
}
