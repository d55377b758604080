package ledger

import "context"

// Reach is how far a store is.
type Reach struct {
	Last      uint64 // number of the last commit; 0 when there is none
	Projected uint64 // every commit up to this one is in the collections for people, too
}

// Reporter is what a store that several processes append to may offer beside the port, for those who watch over it. It
// decides nothing: what it tells may be old when it arrives.
type Reporter interface {
	Reach(ctx context.Context) (Reach, error)
}
