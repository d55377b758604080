package readmodel

import (
	"slices"
	"sort"
	"sync"
)

// pager cuts one page out of the records that a query keeps.
type pager struct {
	*run
	ordering
	chosen *marks
	total  int      // how many are chosen
	after  *spot    // nil at the start
	want   int      // one more than the limit, to know whether there is a next page
	orders []*order // of the text keys; nil for others
	page   []spot   // in order, at most want
}

// mostKept is how long a page is at most whose memory is kept, beside what was mixed in.
const mostKept = 1024

// spotPages keeps the memory of pages for the next query.
var spotPages = sync.Pool{New: func() any { return new([]spot) }}

// fill puts the entries of the page and the key of the next one into p.
func (x *run) fill(p *Page, o ordering, chosen *marks) error {
	g := &pager{run: x, ordering: o, chosen: chosen, total: p.Total, want: x.q.Limit + 1}
	if x.q.After != nil {
		after, err := o.spot(x.q.After)
		if err != nil {
			return err
		}
		g.after = after
	}
	if x.q.Limit <= 0 || p.Total == 0 {
		return nil
	}
	g.orders = make([]*order, len(o.keys))
	for i, key := range o.keys {
		if key.text {
			g.orders[i] = x.s.byText(x.t.kind, key, x.q.Lang)
		}
	}
	page, ok := spotPages.Get().(*[]spot)
	if !ok {
		page = new([]spot)
	}
	g.page = slices.Grow((*page)[:0], min(g.want, p.Total))
	defer func() {
		if cap(g.page) > maxUnsorted+mostKept {
			return // a page of very many that are alike
		}
		clear(g.page[:cap(g.page)])
		*page = g.page
		spotPages.Put(page)
	}()
	if o.byRelevance() {
		g.best()
	} else {
		g.collect()
	}
	if len(g.page) == g.want {
		g.page = g.page[:x.q.Limit]
		p.Next = o.key(&g.page[x.q.Limit-1])
	}
	p.Entries = make([]*Entry, len(g.page))
	for i := range g.page {
		p.Entries[i] = x.t.entries.at(g.page[i].ord)
	}
	p.Matches = x.matches(g.page)
	return nil
}

// collect takes the shorter way: along the whole table in order until the page is full, or over all that is chosen.
func (g *pager) collect() {
	if len(g.keys) == 0 && g.fromSorted() {
		return
	}
	steps := float64(g.want) * float64(g.t.held) / float64(g.total)
	switch {
	case steps > 4*float64(g.total):
		g.selectTop()
	case len(g.keys) == 0:
		g.walkIDs()
	default:
		if first := g.firstOrder(); first != nil {
			g.walk(first)
		} else {
			g.selectTop()
		}
	}
}

// firstOrder returns the order of the first key, where there is one. Relevance and what is counted have none: they are of
// one query alone.
func (g *pager) firstOrder() *order {
	if g.orders[0] != nil {
		return g.orders[0]
	}
	if g.keys[0].name == Relevance || g.keys[0].counted {
		return nil
	}
	return g.s.byNumber(g.t.kind, g.keys[0])
}

// maxUnsorted is how many of the chosen records may have come after those that stand in the order of their ids.
const maxUnsorted = 1000

// fromSorted takes the page from the records whose ordinals are in the order of the ids, and mixes in the others.
// It tells whether it could: not when there are many others.
func (g *pager) fromSorted() bool {
	others := g.chosen.cardinalityFrom(g.t.sorted)
	if others > maxUnsorted {
		return false
	}
	if g.idDown {
		g.sortedDown()
	} else {
		g.sortedUp()
	}
	if others > 0 {
		g.mixIn(g.t.sorted)
	}
	return true
}

// bound returns the first of the sorted ordinals whose id is not before an id.
func (g *pager) bound(id string) uint32 {
	n := sort.Search(int(g.t.sorted), func(ord int) bool { return g.t.id(uint32(ord)) >= id }) //nolint:gosec // below sorted
	return uint32(n)                                                                           //nolint:gosec // as above
}

func (g *pager) sortedUp() {
	from := uint32(0)
	if g.after != nil {
		from = g.bound(g.after.id)
		if from < g.t.sorted && g.t.id(from) == g.after.id {
			from++
		}
	}
	g.chosen.up(from, func(ord uint32) bool {
		if ord >= g.t.sorted || g.full() {
			return false
		}
		g.page = append(g.page, spot{id: g.t.id(ord), ord: ord})
		return true
	})
}

func (g *pager) sortedDown() {
	before := g.t.sorted
	if g.after != nil {
		before = g.bound(g.after.id)
	}
	g.chosen.down(before, func(ord uint32) bool {
		if g.full() {
			return false
		}
		g.page = append(g.page, spot{id: g.t.id(ord), ord: ord})
		return true
	})
}

// mixIn adds the chosen records from an ordinal on.
func (g *pager) mixIn(from uint32) {
	g.chosen.up(from, func(ord uint32) bool {
		s := spot{id: g.t.id(ord), ord: ord}
		if g.after == nil || g.compare(&s, g.after) > 0 {
			g.page = append(g.page, s)
		}
		return true
	})
	slices.SortFunc(g.page, func(a, b spot) int { return g.compare(&a, &b) })
	g.page = g.page[:min(len(g.page), g.want)]
}

// spotOf says where a record stands.
func (g *pager) spotOf(ord uint32, id string) spot {
	s := spot{id: id, ord: ord}
	for i := range g.keys {
		if g.orders[i] != nil {
			s.values[i].text = g.orders[i].texts.at(ord)
		} else {
			s.values[i].number = g.keys[i].number(g.t, ord)
		}
	}
	return s
}

func (g *pager) full() bool { return len(g.page) == g.want }

// walkIDs goes along the ids.
func (g *pager) walkIDs() {
	visit := func(id string, ord uint32) bool {
		if g.chosen.has(ord) && (g.after == nil || id != g.after.id) {
			g.page = append(g.page, spot{id: id, ord: ord})
		}
		return !g.full()
	}
	switch {
	case g.after == nil && g.idDown:
		g.t.ids.Reverse(visit)
	case g.after == nil:
		g.t.ids.Scan(visit)
	case g.idDown:
		g.t.ids.Descend(g.after.id, visit)
	default:
		g.t.ids.Ascend(g.after.id, visit)
	}
}

// walk goes along the order of the first key. Records that share its value are put into order by the other keys.
func (g *pager) walk(first *order) {
	backward := first.key.down != g.keys[0].down
	simple := len(g.keys) == 1 && !g.idDown && !backward
	var group []spot // records with one value of the first key
	visit := func(item orderItem) bool {
		if simple || len(group) > 0 && group[0].values[0] != item.value {
			g.take(group)
			group = group[:0]
		}
		if g.full() {
			return false
		}
		if g.chosen.has(item.ord) {
			if s := g.spotOf(item.ord, item.id); g.after == nil || g.compare(&s, g.after) > 0 {
				group = append(group, s)
			}
		}
		return true
	}
	switch {
	case g.after == nil && backward:
		first.tree.Reverse(visit)
	case g.after == nil:
		first.tree.Scan(visit)
	case backward:
		first.tree.Descend(orderItem{value: g.after.values[0], id: lastID}, visit)
	case simple:
		first.tree.Ascend(orderItem{value: g.after.values[0], id: g.after.id}, visit)
	default: // from the first of its value: no id is before the empty one
		first.tree.Ascend(orderItem{value: g.after.values[0]}, visit)
	}
	g.take(group)
}

// lastID is after every id.
const lastID = "\xff"

// take puts a group of records into order, and as many of them as are wanted into the page.
func (g *pager) take(group []spot) {
	if len(group) > 1 {
		slices.SortFunc(group, func(a, b spot) int { return g.compare(&a, &b) })
	}
	g.page = append(g.page, group[:min(len(group), g.want-len(g.page))]...)
}

// selectTop looks at all that is chosen and keeps the first ones in a heap with the last of them on top.
func (g *pager) selectTop() {
	g.chosen.up(0, func(ord uint32) bool {
		if s := g.spotOf(ord, g.t.id(ord)); g.after == nil || g.compare(&s, g.after) > 0 {
			g.offer(s)
		}
		return true
	})
	slices.SortFunc(g.page, func(a, b spot) int { return g.compare(&a, &b) })
}

// offer adds a record to the heap, in the place of the last one when it is full.
func (g *pager) offer(s spot) {
	if !g.full() {
		g.page = append(g.page, s)
		for i := len(g.page) - 1; i > 0; {
			parent := (i - 1) / 2
			if g.compare(&g.page[i], &g.page[parent]) <= 0 {
				return
			}
			g.page[i], g.page[parent] = g.page[parent], g.page[i]
			i = parent
		}
		return
	}
	if g.compare(&s, &g.page[0]) >= 0 {
		return
	}
	g.page[0] = s
	for i := 0; ; {
		last := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(g.page); child++ {
			if g.compare(&g.page[child], &g.page[last]) > 0 {
				last = child
			}
		}
		if last == i {
			return
		}
		g.page[i], g.page[last] = g.page[last], g.page[i]
		i = last
	}
}
