package readmodel

import (
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/search"
)

// Snapshot is one immutable state of the directory. Readers share it without locks.
type Snapshot struct {
	state
	near   *nearNames
	caches *caches
	past   *past // nil of a state that was the head
}

// state is what a snapshot and an edit both hold.
type state struct {
	position ledger.Position
	at       time.Time
	tables   [numKinds]*table
	receipts receipts
	journal  journal
	texts    [inKeys]*textIndex
}

// Empty returns the state before the first commit.
func Empty() *Snapshot {
	s := &Snapshot{near: new(nearNames), caches: new(caches)}
	for k := range numKinds {
		s.tables[k] = newTable(k)
	}
	for k := range s.texts {
		s.texts[k] = new(textIndex)
		s.texts[k].built.Store(search.Empty())
	}
	return s
}

// Position is that of the last commit applied.
func (s *state) Position() ledger.Position { return s.position }

// At is the time of the last commit applied.
func (s *state) At() time.Time { return s.at }

// Edit returns a private continuation of the snapshot, which itself never changes.
func (s *Snapshot) Edit() *Edit {
	return &Edit{state: s.state, owner: new(owner), last: s, near: s.near, clean: true}
}

// Find returns a record, archived or not, whoever asks.
func (s *state) Find(ref directory.Ref) (*Entry, bool) {
	k, ok := indexOf(ref.Kind)
	if !ok {
		return nil, false
	}
	_, entry := s.tables[k].find(ref.ID)
	return entry, entry != nil
}

// Seen is the effective visibility of a record: the narrowest of its own and, transitively, of every record it names.
func (s *state) Seen(e *Entry) directory.Visibility {
	t := s.tables[e.table]
	if ord, ok := t.ordinal(e.id); ok {
		return visibilityOf(t.levels.at(ord))
	}
	return directory.Ministry
}

// Lookup returns a record that a caller of the clearance may see, archived or not.
func (s *state) Lookup(ref directory.Ref, clearance directory.Visibility) (*Entry, bool) {
	k, ok := indexOf(ref.Kind)
	if !ok {
		return nil, false
	}
	ord, entry := s.tables[k].find(ref.ID)
	if entry == nil || int(s.tables[k].levels.at(ord)) > clearance.Level() {
		return nil, false
	}
	return entry, true
}

// Count is how many live records of a kind a caller of the clearance may see.
func (s *state) Count(kind directory.Kind, clearance directory.Visibility) int {
	k, ok := indexOf(kind)
	if !ok {
		return 0
	}
	return cardinality(s.tables[k].live[clearance.Level()].bits())
}

// EverHeld tells whether a record of the six kinds was ever written; archived ones count.
func (s *state) EverHeld() bool {
	for k := range inKeys {
		if s.tables[k].held > 0 {
			return true
		}
	}
	return false
}

func visibilityOf(level uint8) directory.Visibility {
	return [levels]directory.Visibility{directory.Public, directory.Partners, directory.Ministry}[level]
}
