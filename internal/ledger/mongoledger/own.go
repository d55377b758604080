package mongoledger

import (
	"sync"

	"dalil/internal/ledger"
)

// ownChanges is how many changes of the commits appended last are kept for who follows: so many, and up to twice as
// many before the oldest are let go together. A follower that is further behind reads them from the store.
const ownChanges = 1_024

// own holds what this node appended last, so that who follows here need not read it again: reading it would keep the
// server, which has each commit written and projected already, from the next ones.
type own struct {
	mu        sync.Mutex
	commits   []*ledger.Commit
	changes   int
	upTo      uint64 // the number of the last commit appended here, kept or not
	appends   uint64 // how many there were
	trying    uint64 // the greatest number that an Append under way may write; 0 when there is none
	followers map[*follower]struct{}
}

// try says which numbers an Append is about to write. Who follows hears of them when it has ended.
func (o *own) try(upTo uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trying = upTo
}

// tried ends a try: the commits are durable. Where more than these may be there, who follows is told to look.
func (o *own) tried(commits []*ledger.Commit, look bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.trying = 0
	o.appends++
	if n := len(o.commits); n > 0 && len(commits) > 0 && o.commits[n-1].Hash != commits[0].Prev {
		o.forget()
	}
	for _, c := range commits {
		o.commits = append(o.commits, c)
		o.changes += len(c.Changes)
		o.upTo = c.Seq
	}
	if o.changes > 2*ownChanges {
		o.trim()
	}
	for f := range o.followers {
		f.hear(look)
	}
}

// trim lets go of the commits that are too many; o is locked.
func (o *own) trim() {
	drop := 0
	for ; o.changes > ownChanges; drop++ {
		o.changes -= len(o.commits[drop].Changes)
	}
	o.commits = append([]*ledger.Commit(nil), o.commits[drop:]...) // who reads the old list goes on with it
}

// forget lets go of all commits; o is locked.
func (o *own) forget() { o.commits, o.changes = nil, 0 }

// redacted lets go of commits whose texts may just have been erased.
func (o *own) redacted() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forget()
}

// after returns the commits that come right after a position, as far as they are this node's and still kept. When what
// comes next is not among them, though this node has appended later ones, the store must be looked at.
func (o *own) after(last ledger.Position) (commits []*ledger.Commit, look bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.commits)
	if n == 0 || o.commits[n-1].Seq <= last.Seq || o.commits[0].Seq > last.Seq+1 {
		return nil, o.upTo > last.Seq
	}
	return o.commits[last.Seq+1-o.commits[0].Seq:], false // never changed in place: appending goes on behind it
}

// reached tells whether this node has appended up to a number, or an Append under way may have: its end will tell.
func (o *own) reached(seq uint64) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return seq <= max(o.upTo, o.trying)
}

// activity tells how often Append has ended, and whether one is under way.
func (o *own) activity() (appends uint64, underWay bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.appends, o.trying > 0
}

// join makes a follower hear of what is appended here, until it leaves.
func (o *own) join(f *follower) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.followers == nil {
		o.followers = make(map[*follower]struct{})
	}
	o.followers[f] = struct{}{}
}

func (o *own) leave(f *follower) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.followers, f)
}
