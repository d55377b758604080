package readmodel

import (
	"slices"
)

// Relevance is the name of the order of what was looked for: by score, the highest first, then by how many live records
// that the caller may see name the record, then by id. It is there only when something is looked for, and then it is
// the usual one.
const Relevance = "relevance"

// order is the order asked for, or the usual one.
func (q *Query) order() []SortKey {
	if len(q.Sort) == 0 && q.Q != "" {
		return []SortKey{{Name: Relevance}}
	}
	return q.Sort
}

// relevanceFields are the keys of the order by relevance; none when nothing is looked for.
func (x *run) relevanceFields() []sortField {
	if x.q.Q == "" {
		return nil
	}
	return []sortField{
		{name: Relevance, number: func(_ *table, ord uint32) int64 {
			hit, _ := x.score(ord)
			return -int64(hit.Score)
		}},
		{name: "connections", number: func(_ *table, ord uint32) int64 { return -x.connections(ord) }},
	}
}

// byRelevance tells whether an order is by relevance before all else, the best first.
func (o *ordering) byRelevance() bool {
	return len(o.keys) > 0 && o.keys[0].name == Relevance && !o.keys[0].down
}

// scored is a record with its score, the lowest being the best.
type scored struct {
	number int64
	ord    uint32
}

// best takes the page from what was found. How well connected records are is counted only where it decides.
func (g *pager) best() {
	all := make([]scored, 0, 512)
	tops := make([]int64, 0, min(g.want, g.total)) // the best scores, as a heap with the worst on top
	g.eachLikely(func(ords []uint32) {
		for _, ord := range ords {
			number := g.keys[0].number(g.t, ord)
			if g.after != nil && !g.isAfter(number, ord) {
				continue
			}
			if len(tops) == g.want && number > tops[0] {
				continue
			}
			all = append(all, scored{number, ord})
			tops = offerScore(tops, g.want, number)
		}
	})
	for _, s := range all {
		if len(tops) < g.want || s.number <= tops[0] {
			g.page = append(g.page, g.foundSpot(s))
		}
	}
	slices.SortFunc(g.page, func(a, b spot) int { return g.compare(&a, &b) })
	g.page = g.page[:min(len(g.page), g.want)]
}

// many is from how many records on it is worth while to look for the likely ones first.
const many = 256

// eachLikely calls f with what may stand on the page: all that is chosen or, of many, those that begin with what is looked
// for when they fill the page.
func (g *pager) eachLikely(f func([]uint32)) {
	parts := g.found.parts
	if g.after == nil && len(parts) == 1 && g.total > max(many, 4*g.want) {
		if likely, ok := parts[0].Leaders(g.want, g.chosen.has); ok {
			f(likely)
			return
		}
	}
	runs(g.chosen.bitmap(), f)
}

// foundSpot says where a record with a score stands.
func (g *pager) foundSpot(s scored) spot {
	at := spot{id: g.t.id(s.ord), ord: s.ord}
	at.values[0].number = s.number
	at.values[1].number = g.keys[1].number(g.t, s.ord)
	return at
}

// isAfter tells whether a record with a score comes after the page before.
func (g *pager) isAfter(number int64, ord uint32) bool {
	if last := g.after.values[0].number; number != last {
		return number > last
	}
	at := g.foundSpot(scored{number, ord})
	return g.compare(&at, g.after) > 0
}

// offerScore keeps the lowest numbers, as many as wanted, in a heap with the highest on top.
func offerScore(heap []int64, want int, number int64) []int64 {
	if len(heap) < want {
		heap = append(heap, number)
		for i := len(heap) - 1; i > 0 && heap[(i-1)/2] < heap[i]; i = (i - 1) / 2 {
			heap[i], heap[(i-1)/2] = heap[(i-1)/2], heap[i]
		}
		return heap
	}
	if number >= heap[0] {
		return heap
	}
	heap[0] = number
	for i := 0; ; {
		top := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(heap); child++ {
			if heap[child] > heap[top] {
				top = child
			}
		}
		if top == i {
			return heap
		}
		heap[i], heap[top] = heap[top], heap[i]
		i = top
	}
}
