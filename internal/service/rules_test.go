package service_test

import (
	"errors"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// kept is a record as the commits leave it.
type kept struct {
	change ledger.Change
	seq    uint64
	record directory.Record
}

// checkRules replays commits by plain loops, without the read model, and checks after the last one that no rule of
// the directory is broken. It returns the records as they are.
func checkRules(tb testing.TB, commits []*ledger.Commit) map[directory.Ref]kept {
	tb.Helper()
	current := make(map[directory.Ref]kept)
	for _, c := range commits {
		for _, ch := range c.Changes {
			record, err := directory.Decode(ch.Ref.Kind, ch.JSON)
			if err != nil {
				tb.Fatalf("commit %d: %s: %v", c.Seq, ch.Ref, err)
			}
			head := record.Head()
			if was := current[ch.Ref]; ch.Version != was.change.Version+1 || head.Version != ch.Version {
				tb.Errorf("commit %d: %s goes from version %d to %d", c.Seq, ch.Ref, was.change.Version, ch.Version)
			}
			if head.Updated == nil || head.Updated.Seq != c.Seq || !head.Updated.At.Equal(c.At) || head.Updated.By != c.Author.ID {
				tb.Errorf("commit %d: %s is stamped %+v", c.Seq, ch.Ref, head.Updated)
			}
			current[ch.Ref] = kept{ch, c.Seq, record}
		}
	}
	live := func(ref directory.Ref) bool {
		k, ok := current[ref]
		return ok && k.change.Op != ledger.Archive
	}
	holders := make(map[string]directory.Ref)
	for ref, k := range current {
		if !live(ref) {
			continue
		}
		for _, reference := range k.record.References() {
			if !live(reference.To) {
				tb.Errorf("%s names %s, which is not live", ref, reference.To)
			}
		}
		actor, ok := k.record.(*directory.Actor)
		if !ok {
			continue
		}
		for _, id := range actor.Identifiers {
			key := directory.IdentifierKey(id)
			if other, taken := holders[key]; taken {
				tb.Errorf("%s and %s have the identifier %s", ref, other, key)
			}
			holders[key] = ref
		}
		for steps, parent := 0, actor.Parent; parent != ""; steps++ {
			if steps > len(current) {
				tb.Errorf("%s stands above itself", ref)
				break
			}
			above, _ := current[actorRef(parent)].record.(*directory.Actor)
			if above == nil {
				break // dangling, as was said
			}
			parent = above.Parent
		}
	}
	return current
}

// faultFields returns the places that an error names.
func faultFields(err error) []fault.Field {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Fields
	}
	return nil
}
