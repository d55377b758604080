package httpapi

import (
	"net/http"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

const changesPath = basePath + "/changes"

// defaultChanges is how many changes a page holds.
const defaultChanges = 100

// listChanges answers what happened after a place, in order: a page of it, or, as server-sent events, all that is
// still to come.
func (a *API) listChanges(c *call) error {
	streams := preferred(c.req.Header.Get("Accept"), c.route.Answers) == mediaEvents
	from, err := c.place(streams)
	if err != nil {
		return err
	}
	limit, err := c.query.integer("limit", maxLimit, defaultChanges)
	if err != nil {
		return err
	}
	if err := c.reach(from.Seq); err != nil {
		return err
	}
	if streams {
		return a.streamChanges(c, from, limit)
	}
	whole := !c.query.has("cursor")
	page, err := a.svc.Changes(c.req.Context(), c.head, c.caller, readmodel.Portion{From: from, Limit: limit, Whole: whole})
	if err != nil {
		return err
	}
	next := placeText(page.Next)
	if page.More {
		c.out.Header()["Link"] = []string{
			"<" + changesPath + "?cursor=" + next + "&limit=" + strconv.Itoa(limit) + `>; rel="next"`,
		}
	}
	var d digester
	for _, text := range []string{"changes", string(c.caller.Clearance), placeText(from), strconv.Itoa(limit), strconv.FormatBool(whole)} {
		d.add(text)
	}
	part := func(to []byte, i int) []byte { return appendPart(to, &page, i, c.position()) }
	if len(page.Items) > maxLimit {
		part = c.inItsTime(part)
	}
	return c.write(&answer{
		status: http.StatusOK, tag: positionTag(c.position(), d.mark()), parts: len(page.Items) + 1, part: part,
	})
}

// inItsTime makes the parts of an answer that is as long as a commit is large: it may take as long as its client goes
// on taking it.
func (c *call) inItsTime(part func(to []byte, i int) []byte) func(to []byte, i int) []byte {
	c.unhurried()
	control := http.NewResponseController(c.out)
	return func(to []byte, i int) []byte {
		if i%defaultChanges == 0 {
			_ = control.SetWriteDeadline(c.api.now().Add(stallTime)) // a writer of a test has no deadlines
		}
		return part(to, i)
	}
}

// place reads where the caller has got to: after, or a cursor; of a stream that is taken up again the last event.
func (c *call) place(streams bool) (readmodel.Place, error) {
	if last := c.req.Header.Get("Last-Event-Id"); streams && last != "" {
		at, ok := changesPlace(last)
		if !ok {
			return at, badHeader("Last-Event-ID", "512, 512:actors:anapec")
		}
		return at, nil
	}
	if !c.query.has("cursor") {
		after, err := strconv.ParseUint(c.query.first("after"), 10, 63)
		if err != nil && c.query.has("after") {
			return readmodel.Place{}, fault.AtParameter("after", fault.CodeBadInteger, fault.Args{"min": 0, "max": int64(1<<63 - 1)})
		}
		return readmodel.Place{Seq: after}, nil
	}
	if c.query.has("after") {
		return readmodel.Place{}, fault.AtParameter("after", fault.CodeCombination, fault.Args{"other": "cursor"})
	}
	at, ok := changesPlace(c.query.first("cursor"))
	if !ok {
		return at, fault.AtParameter("cursor", fault.CodeBadPlace, fault.Args{"expected": "512, 512:actors:anapec"})
	}
	return at, nil
}

// reach takes a state that holds a position, which the caller has from an earlier answer. Who is asking is judged anew
// on it.
func (c *call) reach(seq uint64) error {
	if c.head.Position().Seq >= seq {
		return nil
	}
	head, err := c.api.svc.Reached(c.req.Context(), seq)
	if err != nil {
		return err
	}
	c.head = head
	c.identify()
	return c.denied
}

// placeText writes a place: the position, and, within a commit, the record of it.
func placeText(p readmodel.Place) string {
	text := strconv.FormatUint(p.Seq, 10)
	if p.Ref.ID != "" {
		text += ":" + string(p.Ref.Kind) + ":" + p.Ref.ID
	}
	return text
}

// changesPlace reads what placeText writes.
func changesPlace(text string) (p readmodel.Place, ok bool) {
	seq, within, cut := strings.Cut(text, ":")
	var err error
	if p.Seq, err = strconv.ParseUint(seq, 10, 63); err != nil {
		return p, false
	}
	if !cut {
		return p, true
	}
	kind, id, _ := strings.Cut(within, ":")
	p.Ref.Kind, ok = directory.KindNamed(kind)
	p.Ref.ID = id
	return p, ok && id != "" && p.Seq > 0
}

// appendPart appends an item of a page, and what stands around the items.
func appendPart(to []byte, page *service.Changes, i int, head uint64) []byte {
	if i == 0 {
		to = append(to, `{"items":[`...)
	}
	if i < len(page.Items) {
		if i > 0 {
			to = append(to, ',')
		}
		return page.Items[i].AppendJSON(to)
	}
	next := page.Next.Seq
	if page.Next.Ref.ID != "" {
		next-- // up to which everything was told
	}
	to = append(to, `],"next":`...)
	to = strconv.AppendUint(to, next, 10)
	to = append(to, `,"cursor":"`...)
	to = append(to, placeText(page.Next)...)
	to = append(to, `","head":`...)
	to = strconv.AppendUint(to, head, 10)
	to = append(to, `,"more":`...)
	to = strconv.AppendBool(to, page.More)
	return append(to, '}')
}
