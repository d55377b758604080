package httpapi

import (
	"strconv"
	"strings"
	"time"
)

// knownAt is the parameter that asks for the directory as it was known before: a position, or an RFC 3339 time.
const knownAt = "known_at"

// recalled takes the earlier state that a request asks for. Whatever an address answers from call.head is then of that
// state, as far as it may be seen now.
func (a *API) recalled(next handler) handler {
	return func(c *call) error {
		if asked := c.query.all(knownAt); len(asked) > 0 { // several where two states are compared: the last is the newer
			seq, err := c.positionOf(asked[len(asked)-1])
			if err != nil {
				return err
			}
			if err := c.recall(seq); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// recall makes the call one that is answered from the state at a position.
func (c *call) recall(seq uint64) error {
	if c.head.Position().Seq == seq {
		return nil
	}
	past, err := c.api.svc.KnownAt(c.req.Context(), c.api.svc.Head(), seq)
	if err == nil {
		c.head = past
	}
	return err
}

// positionOf reads a value of known_at.
func (c *call) positionOf(asked string) (uint64, error) {
	ctx, svc := c.req.Context(), c.api.svc
	if strings.Trim(asked, "0123456789") == "" {
		seq, err := strconv.ParseUint(asked, 10, 64)
		if err != nil || seq == 0 {
			return 0, svc.BadKnownAt(ctx, c.head)
		}
		return seq, nil
	}
	at, err := time.Parse(time.RFC3339Nano, asked)
	if err != nil {
		return 0, svc.BadKnownAt(ctx, c.head)
	}
	return svc.PositionAt(ctx, c.head, at)
}

// recalledTag tells in the tag of a computed answer about an earlier state when something of it was hidden last: that
// is what the answer depends on beside its position.
func (c *call) recalledTag(t tag) tag {
	if c.head == nil || !strings.HasPrefix(t.version, "s") {
		return t
	}
	if _, altered, past := c.head.Past(); past {
		if t.mark != "" {
			t.mark += "+"
		}
		t.mark += "k" + strconv.FormatUint(altered, 10)
	}
	return t
}
