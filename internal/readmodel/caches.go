package readmodel

import (
	"slices"
	"sync"
	"sync/atomic"
)

// caches hold what a snapshot computes when it is first asked, and what the next snapshot inherits, brought up to date
// record by record. They are parts of the index, not answers.
type caches struct {
	held    cache[*heldOn]
	names   cache[*order] // by text: two texts and four languages at most
	numbers cache[*order] // by number
	totals  cache[*totals]
	crossed cache[*totals] // by the values of another field
	owned   cache[*owned]
	words   cache[*wording]
	heads   cache[*heads]
	byActor cache[*actorOrder]
	columns cache[*column]

	connected cache[*connected]

	taxonomy    cache[*taxonomy]
	recordWords cache[*recordWording]
	lists       cache[*flatLists]
}

// The most that is kept of each; the oldest gives way.
const (
	maxHeld    = 12
	maxNames   = 20
	maxNumbers = 12
	maxTotals  = 64
	maxCrossed = 256
	maxOwned   = 32

	maxWordings = 128
	maxColumns  = 64

	maxConnected = 18 // six kinds, three clearances
)

// cache is a short list that readers share without locks; only the building of a new element waits for another's.
type cache[T comparable] struct {
	list atomic.Pointer[[]T]
	mu   sync.Mutex
	seen []T // what the one before it had when it inherited
}

// all returns the elements.
func (c *cache[T]) all() []T {
	if list := c.list.Load(); list != nil {
		return *list
	}
	return nil
}

// none tells whether there are no elements.
func (c *cache[T]) none() bool { return c.list.Load() == nil }

// empty tells whether nobody asked yet for what is kept.
func (c *caches) empty() bool {
	return c.held.none() && c.names.none() && c.numbers.none() && c.totals.none() && c.crossed.none() && c.owned.none() &&
		c.words.none() && c.heads.none() && c.byActor.none() && c.columns.none() && c.taxonomy.none() &&
		c.recordWords.none() && c.lists.none() && c.connected.none()
}

// get returns the element that fits, building it when there is none.
func (c *cache[T]) get(limit int, fits func(T) bool, build func() T) T {
	if found, ok := pick(c.all(), fits); ok {
		return found
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.all()
	if found, ok := pick(list, fits); ok { // another was faster
		return found
	}
	built := build()
	grown := append(slices.Clone(list[max(0, len(list)+1-limit):]), built)
	c.list.Store(&grown)
	return built
}

func pick[T any](list []T, fits func(T) bool) (found T, ok bool) {
	for _, element := range list {
		if fits(element) {
			return element, true
		}
	}
	return found, false
}

// maxTouched is the number of changed records above which the next snapshot builds its caches anew.
const maxTouched = 4096

// touches are the records that changed since the last snapshot: in entry, period or level.
type touches struct {
	nodes map[node]struct{}
	over  bool
}

// touch notes that a record changes.
func (e *Edit) touch(k kindIndex, ord uint32) {
	t := &e.touched
	if t.over {
		return
	}
	if len(t.nodes) == maxTouched {
		t.nodes, t.over = nil, true
		return
	}
	if t.nodes == nil {
		t.nodes = make(map[node]struct{})
	}
	t.nodes[node{k, ord}] = struct{}{}
}

// inherit takes the caches of the snapshot before, as far as they can be brought up to date; of those that it has taken
// already only what was made since.
func (c *caches) inherit(last, s *Snapshot, t *touches) {
	if t.over {
		return
	}
	advance(&c.held, &last.caches.held, func(h *heldOn) (*heldOn, bool) { return h.advance(s, t), true })
	advance(&c.names, &last.caches.names, func(o *order) (*order, bool) { return o.advance(last, s, t), true })
	advance(&c.numbers, &last.caches.numbers, func(o *order) (*order, bool) { return o.advance(last, s, t), true })
	advance(&c.owned, &last.caches.owned, func(o *owned) (*owned, bool) { return o.advance(last, s, t) })
	advance(&c.heads, &last.caches.heads, func(h *heads) (*heads, bool) { return h.advance(last, s, t) })
	advance(&c.byActor, &last.caches.byActor, func(o *actorOrder) (*actorOrder, bool) { return o.advance(last, s, t) })
	advance(&c.columns, &last.caches.columns, func(n *column) (*column, bool) { return n.advance(last, s, t) })
	advance(&c.connected, &last.caches.connected, func(n *connected) (*connected, bool) { return n.advance(last, s, t), true })
	advance(&c.taxonomy, &last.caches.taxonomy, func(x *taxonomy) (*taxonomy, bool) { return x, x.of == s.tables[inFunctions] })
	advance(&c.recordWords, &last.caches.recordWords, func(w *recordWording) (*recordWording, bool) { return w, w.of == s.tables[w.of.kind] })
	advance(&c.lists, &last.caches.lists, func(l *flatLists) (*flatLists, bool) { return l.advance(s) })
	c.words.list.Store(last.caches.words.list.Load()) // they depend on no record
	advance(&c.totals, &last.caches.totals, func(n *totals) (*totals, bool) { return n.advance(last, s, t), true })
	advance(&c.crossed, &last.caches.crossed, func(n *totals) (*totals, bool) { return n.advance(last, s, t), true })
}

// advance adds to a cache the elements of the one before it that it has not inherited yet, brought up to date where that
// is possible.
func advance[T comparable](c, last *cache[T], step func(T) (T, bool)) {
	list := last.all()
	if len(list) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.all()
	next := slices.Grow(slices.Clone(own), len(list))
	for _, element := range list {
		if slices.Contains(c.seen, element) {
			continue
		}
		if after, ok := step(element); ok {
			next = append(next, after)
		}
	}
	c.seen = list
	next = next[max(0, len(next)-max(len(own), len(list))):] // as many as before at most
	c.list.Store(&next)
}
