package mongoledger

import (
	"cmp"
	"log/slog"
	"time"
)

// Options says how a ledger is opened. The zero Options are good.
type Options struct {
	// Log hears of what is repaired or tried again; nil keeps silence.
	Log *slog.Logger
	// Now is the clock by which orphaned parts are old enough to be swept at Open; without it none are.
	Now func() time.Time
	// Timeout is how long one operation on the server may take; 10 s when zero. An earlier deadline of a call wins.
	Timeout time.Duration
	// Poll is how often Follow looks for new commits where there is no change stream; 100 ms when zero.
	Poll time.Duration
	// PollOnly makes Follow do without change streams even where the server has them.
	PollOnly bool
	// Patience is how long the projection may stand still before this node completes it; 2 s when zero.
	Patience time.Duration
}

// filled returns the options with what was left out.
func (o Options) filled() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Timeout = cmp.Or(o.Timeout, 10*time.Second)
	o.Poll = cmp.Or(o.Poll, 100*time.Millisecond)
	o.Patience = cmp.Or(o.Patience, 2*time.Second)
	return o
}
