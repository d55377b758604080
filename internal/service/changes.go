package service

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// Change is one thing that somebody who keeps a copy is told.
type Change struct {
	readmodel.Event

	entry     *readmodel.Entry // the record where what it says now is told: its JSON is not copied before it is written
	clearance directory.Visibility
	record    []byte // the canonical JSON of an older version, as the caller may see it
}

// size is about how much JSON is told of the record.
func (c *Change) size() int {
	if c.entry != nil {
		return c.entry.Size()
	}
	return len(c.record)
}

// AppendJSON appends the change as it is told. Kinds, ids and operations need no escapes.
func (c *Change) AppendJSON(to []byte) []byte {
	to = append(to, `{"seq":`...)
	to = strconv.AppendUint(to, c.Seq, 10)
	to = append(to, `,"at":"`...)
	to = c.At.AppendFormat(to, changeTime)
	to = append(to, `","op":"`...)
	to = append(to, c.Op...)
	to = append(to, `","kind":"`...)
	to = append(to, c.Ref.Kind...)
	to = append(to, `","id":"`...)
	to = append(to, c.Ref.ID...)
	to = append(to, `","version":`...)
	to = strconv.AppendUint(to, c.Version, 10)
	switch {
	case c.entry != nil:
		to = append(to, `,"record":`...)
		to = c.entry.AppendJSON(to, c.clearance)
	case c.record != nil:
		to = append(to, `,"record":`...)
		to = append(to, c.record...)
	}
	return append(to, '}')
}

// Changes is a part of what happened, in order.
type Changes struct {
	Items []Change
	Next  readmodel.Place // where to go on
	More  bool            // there is more now
}

// changeTime is how times are written.
const changeTime = "2006-01-02T15:04:05.000Z07:00"

// maxTold is how much JSON of records one part of the changes holds: what is over it is for the next.
const maxTold = 8 << 20

// Changes returns what happened after a place, up to a head, as a caller may see it: at most as many items as are
// asked for, and not more than a few megabytes, unless the first commit is asked for as a whole. What a version said that the caller may no longer see is left out: something later
// always tells what became of the record.
func (s *Service) Changes(
	ctx context.Context, head *readmodel.Snapshot, c access.Caller, part readmodel.Portion,
) (Changes, error) {
	older, err := s.annals.before(ctx, head, part.From.Seq)
	if err != nil {
		return Changes{}, err
	}
	news, err := head.News(older, c.Clearance, part)
	if err != nil {
		return Changes{}, fmt.Errorf("reading the changes: %w", err)
	}
	told := Changes{Items: make([]Change, 0, len(news.Events)), Next: news.Next, More: news.More}
	reader := textReader{service: s, head: head, caller: c}
	size := 0
	for i := range news.Events {
		change, ok, err := reader.tell(ctx, news.Events[i])
		if err != nil {
			return Changes{}, err
		}
		if size += change.size(); size > maxTold && i > 0 && (!part.Whole || news.Events[i-1].Ends) {
			told.Next, told.More = news.Events[i-1].Place(), true
			break
		}
		if ok {
			told.Items = append(told.Items, change)
		}
	}
	return told, nil
}

// textReader finds what records said at an event.
type textReader struct {
	service *Service
	head    *readmodel.Snapshot
	caller  access.Caller
}

// tell adds to an event what the record says since; not when the caller may no longer see that.
func (r *textReader) tell(ctx context.Context, e readmodel.Event) (Change, bool, error) {
	if e.Op == readmodel.Hide || e.Op == ledger.Erase {
		return Change{Event: e}, true, nil
	}
	entry, ok := r.head.Lookup(e.Ref, r.caller.Clearance)
	switch {
	case !ok:
		return Change{}, false, nil
	case entry.Version() == e.Version:
		return Change{Event: e, entry: entry, clearance: r.caller.Clearance}, !entry.Erased(), nil
	}
	text, err := r.past(ctx, e)
	if text == nil || err != nil {
		return Change{}, false, err
	}
	return Change{Event: e, record: text}, true, nil
}

// past reads what a version said that is current no more; nil when it was erased, or names what the caller may not see
// now. That it could be seen then, with all that it named, is what the event says.
func (r *textReader) past(ctx context.Context, e readmodel.Event) ([]byte, error) {
	var text []byte
	err := r.service.ledger.History(ctx, e.Ref, e.Seq, func(v ledger.Revision) error {
		if v.Version == e.Version {
			text = v.JSON
		}
		if v.Version > e.Version {
			return nil
		}
		return ledger.Stop
	})
	if text == nil || err != nil {
		return nil, err //nolint:wrapcheck // a fault of the store
	}
	record, err := directory.Decode(e.Ref.Kind, text)
	if err != nil {
		return nil, fmt.Errorf("reading %s version %d: %w", e.Ref, e.Version, err)
	}
	for _, reference := range record.References() {
		if _, ok := r.head.Lookup(reference.To, r.caller.Clearance); !ok {
			return nil, nil
		}
	}
	return openText(r.caller, e.Ref.Kind, text)
}

// Reached waits, for at most two seconds, until this node has the position that somebody who follows the changes has
// got to. Where the log ends before it, that is another log, or one that was restored to what it was.
func (s *Service) Reached(ctx context.Context, seq uint64) (*readmodel.Snapshot, error) {
	head := s.Head()
	if head.Position().Seq >= seq {
		return head, nil
	}
	if !s.writer.alone {
		var late error
		if head, late = s.AtLeast(ctx, seq); late == nil || ctx.Err() != nil || s.Ready() != nil {
			return head, late
		}
		head = s.Head()
	}
	beyond := fault.AtParameter("after", fault.CodeBeyondHead, fault.Args{"want": seq, "have": head.Position().Seq})
	beyond.Kind, beyond.Code, beyond.Args = fault.Conflict, fault.CodeBeyondHead, beyond.Fields[0].Args
	return nil, beyond
}

// Moved returns a channel that is closed when the head moves on. Ask before you look at the head.
func (s *Service) Moved() <-chan struct{} { return s.head.next() }

// annalsPatience is how long a request waits for what happened before the journal begins.
const annalsPatience = 5 * time.Second
