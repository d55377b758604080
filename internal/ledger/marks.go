package ledger

import "context"

// Marks is what a store may keep beside its log: how far each of those who are told the changes has got. It is no part
// of the chain, and is neither copied nor verified; without it they are told again.
type Marks interface {
	// Mark keeps a position under a name, unless a later one is known.
	Mark(ctx context.Context, name string, seq uint64) error
	// Marked returns the positions known.
	Marked(ctx context.Context) (map[string]uint64, error)
}
