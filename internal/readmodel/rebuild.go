package readmodel

import (
	"fmt"

	"dalil/internal/ledger"
)

// Journal is what happened before the journal of a snapshot begins, made again from the commits.
type Journal struct {
	journal

	until uint64
}

// Rebuild makes a Journal from the first commits, on a state that is thrown away.
type Rebuild struct{ edit *Edit }

// NewRebuild begins before the first commit.
func NewRebuild() *Rebuild {
	r := &Rebuild{Empty().Edit()}
	r.edit.rebuilding = true
	r.edit.forgetTexts()
	return r
}

// Apply takes the next commit.
func (r *Rebuild) Apply(c *ledger.Commit) error { return r.edit.Apply(c) }

// Journal returns what happened up to the last commit applied, for the snapshots that come of s, which must hold every
// record that the commits have written.
func (r *Rebuild) Journal(s *Snapshot) (*Journal, error) {
	made := &Journal{until: r.edit.position.Seq}
	made.marks, made.marked = r.edit.journal.marks, r.edit.journal.marked
	mine := new(owner)
	for ; made.count < r.edit.journal.count; made.count++ {
		ev := r.edit.journal.events.at(made.count)
		id := r.edit.tables[ev.table].id(ev.ord)
		ord, entry := s.tables[ev.table].find(id)
		if entry == nil {
			return nil, fmt.Errorf("%s/%s was written and is not held", ev.table.kind(), id)
		}
		ev.ord = ord
		made.events.set(mine, made.count, ev)
	}
	return made, nil
}
