package httpapi

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dalil/internal/readmodel"
)

// list answers a page of the records of a kind.
func (a *API) list(c *call) error {
	l, err := c.listing()
	if err != nil {
		return err
	}
	file, err := c.format()
	if err != nil {
		return err
	}
	if file != nil {
		return c.listFile(l, file)
	}
	page, err := c.head.List(&l.query)
	if err != nil {
		return err
	}
	next, err := c.next(l, page)
	if err != nil {
		return err
	}
	if next != "" {
		c.out.Header()["Link"] = []string{`<` + c.nextAddress(l, next) + `>; rel="next"`}
	}
	c.out.Header()["Content-Language"] = []string{l.query.Lang}
	return c.write(&answer{
		status: http.StatusOK, tag: l.tag(c), parts: len(page.Entries) + 1, part: l.parts(page, next, c.position()),
	})
}

// parts are the items of a list, each the record's own bytes, and what stands around them.
func (l *listing) parts(page *readmodel.Page, next string, seq uint64) func(to []byte, i int) []byte {
	entries := page.Entries
	return func(to []byte, i int) []byte {
		switch {
		case i == 0:
			to = append(to, `{"items":[`...)
		case i < len(entries):
			to = append(to, ',')
		}
		switch {
		case i == len(entries):
			return l.tail(to, page, next, seq)
		case l.fields != nil:
			to = append(to, l.projected(entries[i])...)
		default:
			to = entries[i].AppendJSON(to, l.query.Clearance)
		}
		if page.Matches == nil {
			return to
		}
		to = append(to[:len(to)-1], `,"match":`...) // a record is never empty: it has its id
		return append(appendMatch(to, &page.Matches[i]), '}')
	}
}

// next seals the cursor of the page after this one; "" at the end.
func (c *call) next(l *listing, page *readmodel.Page) (string, error) {
	if page.Next == nil {
		return "", nil
	}
	return c.sealed(&cursor{
		List: string(l.query.Kind), Select: l.chosen.flat(), Lang: l.query.Lang, Day: l.query.Today,
		Values: page.Next.Values, Last: page.Next.ID, Seq: c.position(),
	})
}

// nextAddress is where the next page is: the cursor holds what selects, the rest is said again.
func (c *call) nextAddress(l *listing, next string) string {
	address := c.req.URL.EscapedPath() + "?cursor=" + next + "&limit=" + strconv.Itoa(l.query.Limit)
	if l.fields != nil {
		address += "&fields=" + url.QueryEscape(strings.Join(l.fields, ","))
	}
	if len(l.query.Facets) > 0 {
		address += "&facets=" + url.QueryEscape(strings.Join(l.query.Facets, ","))
		if l.query.FacetLimit != maxLimit {
			address += "&" + facetLimit + "=" + strconv.Itoa(l.query.FacetLimit)
		}
	}
	return address
}

// tail appends what follows the items of a list.
func (l *listing) tail(b []byte, page *readmodel.Page, next string, seq uint64) []byte {
	b = append(b, `],"total":`...)
	b = strconv.AppendInt(b, int64(page.Total), 10)
	b = append(b, `,"hidden_by_date":`...)
	b = strconv.AppendInt(b, int64(page.HiddenByDate), 10)
	b = append(b, `,"facets":{`...)
	for i := range page.Facets {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFacet(b, &page.Facets[i])
	}
	b = append(b, '}')
	b = appendRest(b, page.Facets)
	b = appendMappings(b, page.Mapping)
	if next != "" {
		b = append(b, `,"next_cursor":"`...)
		b = append(b, next...)
		b = append(b, '"')
	}
	b = append(b, `,"as_of":"`...)
	b = append(b, l.asOf...)
	if l.rolesAsOf != "" {
		b = append(b, `","`+rolesAsOf+`":"`...)
		b = append(b, l.rolesAsOf...)
	}
	b = append(b, `","seq":`...)
	b = strconv.AppendUint(b, seq, 10)
	return append(b, '}')
}

// appendFacet writes one facet: its name and its values.
func appendFacet(b []byte, f *readmodel.Facet) []byte {
	b = append(b, '"')
	b = append(b, f.Name...)
	b = append(b, `":[`...)
	for i := range f.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = f.Values[i].AppendJSON(b)
	}
	return append(b, ']')
}

// appendRest writes what the values of the facets do not tell, of those where there is any: what has none of them, and how
// many were left off. It stands beside the facets, whose rows are values alone.
func appendRest(b []byte, facets []readmodel.Facet) []byte {
	begun := false
	for i := range facets {
		f := &facets[i]
		if f.None == nil && f.LeftOff == 0 {
			continue
		}
		if begun {
			b = append(b, ',')
		} else {
			b, begun = append(b, `,"facets_rest":{`...), true
		}
		b = append(append(append(b, '"'), f.Name...), `":{`...)
		if f.None != nil {
			b = f.None.AppendJSON(append(b, `"none":`...))
		}
		if f.LeftOff > 0 {
			if f.None != nil {
				b = append(b, ',')
			}
			b = strconv.AppendInt(append(b, `"left_off":`...), int64(f.LeftOff), 10)
		}
		b = append(b, '}')
	}
	if begun {
		b = append(b, '}')
	}
	return b
}

// tag covers everything that the page depends on beside the position.
func (l *listing) tag(c *call) tag {
	q := &l.query
	var d digester
	d.add(string(q.Kind))
	d.add(string(q.Clearance))
	d.add(q.Lang)
	d.add(strconv.Itoa(int(q.Today)))
	d.add(strconv.Itoa(q.Limit))
	d.add(strings.Join(l.fields, ","))
	d.add(strings.Join(q.Facets, ","))
	d.add(strconv.Itoa(q.FacetLimit))
	for _, text := range l.chosen.flat() {
		d.add(text)
	}
	if q.After != nil {
		d.add("after")
		for _, value := range q.After.Values {
			d.add(value)
		}
		d.add(q.After.ID)
	}
	return positionTag(c.position(), d.mark())
}
