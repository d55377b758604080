package httpapi

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
)

// citationList is the wire form of a page of citations.
type citationList struct {
	Items []citation `json:"items"`
	Total int        `json:"total"`
	Next  string     `json:"next_cursor,omitempty"`
	Seq   uint64     `json:"seq"`
}

// citationListRoute is the address of one's own citations.
func (a *API) citationListRoute() Route {
	r := read(citationsPath, "listCitations", a.listCitations, Param{Name: "limit"}, Param{Name: "cursor", Long: true})
	r.Scope = access.Read
	return r
}

// listCitations answers the citations that the caller has made, as far as the caller may see what they were made of, the
// newest first.
func (a *API) listCitations(c *call) error {
	limit, err := c.query.integer("limit", maxLimit, defaultLimit)
	if err != nil {
		return err
	}
	list := string(directory.Citations) + " " + c.caller.ID
	at, err := c.opened(list)
	if err != nil {
		return err
	}
	if at != nil {
		if err := c.wait(at.Seq); err != nil {
			return err
		}
		if c.denied != nil {
			return c.denied
		}
	}
	own := c.ownCitations()
	page := citationList{Items: []citation{}, Total: len(own), Seq: c.position()}
	if at != nil {
		last, err := strconv.ParseUint(at.Last, 10, 64)
		if err != nil {
			return fault.AtParameter("cursor", fault.CodeBadCursor, nil)
		}
		own = slices.DeleteFunc(own, func(kept *directory.Citation) bool { return kept.Created.Seq >= last })
	}
	for _, kept := range own[:min(len(own), limit)] {
		told, err := c.citation(kept)
		if err != nil {
			return err
		}
		page.Items = append(page.Items, told)
	}
	if len(own) > limit {
		last := strconv.FormatUint(own[limit-1].Created.Seq, 10)
		if page.Next, err = c.sealed(&cursor{List: list, Last: last, Seq: c.position()}); err != nil {
			return err
		}
		c.out.Header()["Link"] = []string{"<" + citationsPath + "?cursor=" + page.Next + "&limit=" + strconv.Itoa(limit) + `>; rel="next"`}
	}
	return c.private(http.StatusOK, page)
}

// ownCitations are those that the caller has made and may see, the newest first.
func (c *call) ownCitations() []*directory.Citation {
	var own []*directory.Citation
	for e := range c.head.Entries(directory.Citations) {
		kept, ok := e.Record().(*directory.Citation)
		if ok && kept.Created != nil && kept.Created.By == c.caller.ID && c.caller.Clearance.Level() >= kept.Clearance.Level() {
			own = append(own, kept)
		}
	}
	slices.SortFunc(own, func(a, b *directory.Citation) int { return cmp.Compare(b.Created.Seq, a.Created.Seq) })
	return own
}
