package mongoledger

import (
	"testing"

	"dalil/internal/ledger"
)

// chain returns commits that tie to each other, after a number, each with so many changes.
func chain(after uint64, changes ...int) []*ledger.Commit {
	commits := make([]*ledger.Commit, len(changes))
	for i, n := range changes {
		seq := after + uint64(i) + 1
		commits[i] = &ledger.Commit{
			Seq: seq, Prev: ledger.Digest{byte(seq - 1)}, Hash: ledger.Digest{byte(seq)}, Changes: make([]ledger.Change, n),
		}
	}
	return commits
}

func TestWhoFollowsIsToldOwnCommitsOrToLook(t *testing.T) {
	t.Parallel()
	at := func(seq uint64) ledger.Position { return ledger.Position{Seq: seq, Hash: ledger.Digest{byte(seq)}} }
	for name, test := range map[string]struct {
		appended [][]*ledger.Commit
		last     uint64
		told     []uint64
		look     bool
	}{
		"nothing was appended":              {nil, 5, nil, false},
		"what comes next":                   {[][]*ledger.Commit{chain(5, 1, 1)}, 5, []uint64{6, 7}, false},
		"the rest of a group":               {[][]*ledger.Commit{chain(5, 1, 1, 1)}, 6, []uint64{7, 8}, false},
		"two groups":                        {[][]*ledger.Commit{chain(5, 1), chain(6, 1)}, 5, []uint64{6, 7}, false},
		"all of it is known":                {[][]*ledger.Commit{chain(5, 1)}, 6, nil, false},
		"another node's stands between":     {[][]*ledger.Commit{chain(6, 1)}, 5, nil, true},
		"another node's stood between both": {[][]*ledger.Commit{chain(5, 1), chain(8, 1)}, 6, nil, true},
		"too big to keep":                   {[][]*ledger.Commit{chain(5, 2*ownChanges+1)}, 5, nil, true},
		"the older ones gave way":           {[][]*ledger.Commit{chain(5, ownChanges+1, ownChanges)}, 5, nil, true},
		"the newer one is kept":             {[][]*ledger.Commit{chain(5, ownChanges+1, ownChanges)}, 6, []uint64{7}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o own
			for _, group := range test.appended {
				o.try(group[len(group)-1].Seq)
				last := group[len(group)-1].Seq
				if !o.reached(last) || o.reached(last+1) {
					t.Errorf("while commit %d is being appended it is reached: %t, and the next: %t", last, o.reached(last), o.reached(last+1))
				}
				o.tried(group, false)
				if !o.reached(last) || o.reached(last+1) {
					t.Errorf("once commit %d was appended it is reached: %t, and the next: %t", last, o.reached(last), o.reached(last+1))
				}
			}
			commits, look := o.after(at(test.last))
			if look != test.look || len(commits) != len(test.told) {
				t.Fatalf("%d commits, look %t; want %d, look %t", len(commits), look, len(test.told), test.look)
			}
			for i, c := range commits {
				if c.Seq != test.told[i] {
					t.Errorf("commit %d, want %d", c.Seq, test.told[i])
				}
			}
		})
	}
}

func TestErasedTextsAreNotKeptForWhoFollows(t *testing.T) {
	t.Parallel()
	var o own
	o.tried(chain(5, 1), false)
	o.redacted()
	if commits, look := o.after(ledger.Position{Seq: 5}); len(commits) > 0 || !look {
		t.Errorf("%d commits are told from memory, look %t", len(commits), look)
	}
}
