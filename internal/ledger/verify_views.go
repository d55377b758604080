package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"dalil/internal/directory"
)

// suspectLimit is how many wrong histories are compared version by version; the others are only named.
const suspectLimit = 1_000

// checkpoint compares what Load tells with the commits.
func (v *verifier) checkpoint(ctx context.Context, l Ledger) error {
	var older []Record // than the commits say, which is right only after the checkpoint's own position
	position, err := l.Load(ctx, func(r Record) error {
		t := v.records[r.Ref]
		switch {
		case r.Seq > v.head.Seq: // written since
			if t != nil {
				t.loaded = true
			}
		case t == nil:
			v.report(Finding{r.Seq, r.Ref, r.Version, "the checkpoint holds a record that no commit wrote"})
		default:
			if t.loaded {
				v.report(Finding{r.Seq, r.Ref, r.Version, "the checkpoint holds the record twice"})
			}
			t.loaded = true
			if r.Seq < t.seq {
				r.JSON = nil
				older = append(older, r)
			} else {
				v.record(&r, t)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the checkpoint: %w", err)
	}
	for _, r := range older {
		if t := v.records[r.Ref]; t.seq <= position.Seq {
			v.report(Finding{t.seq, r.Ref, t.version, fmt.Sprintf("the checkpoint still holds version %d", r.Version)})
		}
	}
	for _, ref := range v.recordsThat(func(t *trace) bool { return !t.loaded && t.seq <= position.Seq }) {
		t := v.records[ref]
		v.report(Finding{t.seq, ref, t.version, "the checkpoint lacks the record"})
	}
	return nil
}

// recordsThat returns the records of which something holds, in order.
func (v *verifier) recordsThat(holds func(*trace) bool) []directory.Ref {
	var refs []directory.Ref
	for ref, t := range v.records {
		if holds(t) {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, compareRefs)
	return refs
}

// record compares a current record of the checkpoint with the last change that the commits hold of it.
func (v *verifier) record(r *Record, t *trace) {
	switch {
	case r.Version != t.version || r.Seq != t.seq:
		v.report(Finding{t.seq, r.Ref, t.version, fmt.Sprintf("the checkpoint holds version %d of commit %d", r.Version, r.Seq)})
	case r.Op != t.op:
		v.report(Finding{t.seq, r.Ref, t.version, fmt.Sprintf("the checkpoint says %s, the commit %s", r.Op, t.op)})
	case v.text(r.JSON) != t.text:
		v.report(Finding{t.seq, r.Ref, t.version, "the text in the checkpoint differs from the commit's"})
	}
}

// histories compares what the store tells of each record's versions with the commits.
func (v *verifier) histories(ctx context.Context, l Ledger) error {
	if err := v.readHistories(ctx, l); err != nil {
		return err
	}
	wrong := v.recordsThat(func(t *trace) bool { return t.told != t.history })
	if len(wrong) == 0 {
		return nil
	}
	suspects := make(map[directory.Ref][]Revision)
	for i, ref := range wrong {
		if i < suspectLimit {
			suspects[ref] = nil
			continue
		}
		t := v.records[ref]
		v.report(Finding{t.seq, ref, t.version, "the history differs from the commits"})
	}
	return v.compareHistories(ctx, l, suspects)
}

// readHistories sums up the versions of every record, in one go where the store can.
func (v *verifier) readHistories(ctx context.Context, l Ledger) error {
	if all, ok := l.(Historian); ok {
		err := all.Histories(ctx, v.head.Seq, func(ref directory.Ref, r Revision) error {
			t := v.records[ref]
			if t == nil {
				v.report(Finding{r.Seq, ref, r.Version, "the histories hold a record that no commit wrote"})
				return nil
			}
			t.told.add(v.revision(ref, &r, v.text(r.JSON)))
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading the histories: %w", err)
		}
		return nil
	}
	for _, ref := range sortedRefs(maps.Keys(v.records)) {
		t, last := v.records[ref], uint64(0)
		err := l.History(ctx, ref, v.head.Seq, func(r Revision) error {
			if last != 0 && r.Version >= last {
				v.report(Finding{r.Seq, ref, r.Version, "the history is not told newest first"})
			}
			last = r.Version
			t.told.add(v.revision(ref, &r, v.text(r.JSON)))
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading the history of %s: %w", ref, err)
		}
	}
	return nil
}

// compareHistories reads the commits once more for the records whose history is wrong, and says which versions are.
func (v *verifier) compareHistories(ctx context.Context, l Ledger, suspects map[directory.Ref][]Revision) error {
	err := l.Commits(ctx, 0, func(c *Commit) error {
		if c.Seq > v.head.Seq {
			return Stop
		}
		for i := range c.Changes {
			ch := &c.Changes[i]
			if _, ok := suspects[ch.Ref]; ok {
				suspects[ch.Ref] = append(suspects[ch.Ref], Revision{c.Seq, c.At, c.Author, c.Reason, ch.Op, ch.Version, ch.JSON})
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading commits again: %w", err)
	}
	for _, ref := range sortedRefs(maps.Keys(suspects)) {
		var told []Revision
		err := l.History(ctx, ref, v.head.Seq, func(r Revision) error {
			told = append(told, r)
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading the history of %s again: %w", ref, err)
		}
		right := suspects[ref]
		slices.Reverse(right)
		if !v.compareHistory(ref, right, told) { // told wrong in one go, and right by itself
			v.report(Finding{right[0].Seq, ref, right[0].Version, "the history differs from the commits"})
		}
	}
	return nil
}

// compareHistory reports each version that a history lacks, tells differently, twice or makes up, and tells whether
// there was any.
func (v *verifier) compareHistory(ref directory.Ref, right, told []Revision) (found bool) {
	report := func(r *Revision, what string) {
		found = true
		v.report(Finding{r.Seq, ref, r.Version, what})
	}
	made := make(map[uint64]*Revision, len(told))
	for i := range told {
		r := &told[i]
		if made[r.Version] != nil {
			report(r, "the history holds the version twice")
		}
		made[r.Version] = r
	}
	for i := range right {
		r := &right[i]
		m, ok := made[r.Version]
		switch {
		case !ok:
			report(r, "the history lacks the version")
		case v.revision(ref, m, v.text(m.JSON)) != v.revision(ref, r, v.text(r.JSON)):
			report(r, "the history differs from the commit")
		}
		delete(made, r.Version)
	}
	for _, version := range slices.Sorted(maps.Keys(made)) {
		report(made[version], "the history holds a version that no commit wrote")
	}
	return found
}

func compareRefs(a, b directory.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

func sortedRefs(refs func(yield func(directory.Ref) bool)) []directory.Ref {
	return slices.SortedFunc(refs, compareRefs)
}

func sortedVersions(versions map[RefVersion]uint64) []RefVersion {
	return slices.SortedFunc(maps.Keys(versions), func(a, b RefVersion) int {
		return cmp.Or(compareRefs(a.Ref, b.Ref), cmp.Compare(a.Version, b.Version))
	})
}
