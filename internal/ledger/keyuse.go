package ledger

import (
	"context"
	"time"
)

// KeyUses is what a store may keep beside its log: the hour of each key's last use. It is no part of the chain, is
// neither copied nor verified, and losing it loses nothing but itself.
type KeyUses interface {
	// NoteKeyUses keeps the hours, each unless a later one is known.
	NoteKeyUses(ctx context.Context, hours map[string]time.Time) error
	// KeyUses returns the hours known.
	KeyUses(ctx context.Context) (map[string]time.Time, error)
}
