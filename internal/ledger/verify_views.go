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
	for _, ref := range sortedRefs(maps.Keys(v.records)) {
		if t := v.records[ref]; !t.loaded && t.seq <= position.Seq {
			v.report(Finding{t.seq, ref, t.version, "the checkpoint lacks the record"})
		}
	}
	return nil
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

// histories compares what History tells of each record with the commits.
func (v *verifier) histories(ctx context.Context, l Ledger) error {
	suspects := make(map[directory.Ref][]Revision)
	for _, ref := range sortedRefs(maps.Keys(v.records)) {
		var told trace
		err := l.History(ctx, ref, v.head.Seq, func(r Revision) error {
			if told.version != 0 && r.Version >= told.version {
				v.report(Finding{r.Seq, ref, r.Version, "the history is not told newest first"})
			}
			told.version = r.Version
			told.add(v.revision(ref, &r, v.text(r.JSON)))
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading the history of %s: %w", ref, err)
		}
		t := v.records[ref]
		switch {
		case told.history == t.history:
		case len(suspects) == suspectLimit:
			v.report(Finding{t.seq, ref, t.version, "the history differs from the commits"})
		default:
			suspects[ref] = nil
		}
	}
	if len(suspects) == 0 {
		return nil
	}
	return v.compareHistories(ctx, l, suspects)
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
		v.compareHistory(ref, right, told)
	}
	return nil
}

// compareHistory reports each version that a history lacks, tells differently or makes up.
func (v *verifier) compareHistory(ref directory.Ref, right, told []Revision) {
	made := make(map[uint64]*Revision, len(told))
	for i := range told {
		made[told[i].Version] = &told[i]
	}
	for i := range right {
		r := &right[i]
		m, ok := made[r.Version]
		switch {
		case !ok:
			v.report(Finding{r.Seq, ref, r.Version, "the history lacks the version"})
		case v.revision(ref, m, v.text(m.JSON)) != v.revision(ref, r, v.text(r.JSON)):
			v.report(Finding{r.Seq, ref, r.Version, "the history differs from the commit"})
		}
		delete(made, r.Version)
	}
	for _, version := range slices.Sorted(maps.Keys(made)) {
		v.report(Finding{made[version].Seq, ref, version, "the history holds a version that no commit wrote"})
	}
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
