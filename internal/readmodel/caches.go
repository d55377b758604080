package readmodel

import (
	"slices"
	"sync"
	"sync/atomic"
)

// caches hold what a snapshot computes when it is first asked, and what the next snapshot inherits, brought up to date
// record by record. They are parts of the index, not answers.
type caches struct {
	held   cache[*heldOn]
	orders cache[*order]
	totals cache[*totals]
}

// The most that is kept of each; the oldest gives way.
const (
	maxHeld   = 6
	maxOrders = 12
	maxTotals = 64
)

// cache is a short list that readers share without locks; only the building of a new element waits for another's.
type cache[T any] struct {
	list atomic.Pointer[[]T]
	mu   sync.Mutex
}

// all returns the elements.
func (c *cache[T]) all() []T {
	if list := c.list.Load(); list != nil {
		return *list
	}
	return nil
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
	if len(list) == limit {
		list = list[1:]
	}
	grown := append(list[:len(list):len(list)], built)
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

// inherit returns the caches of a snapshot: those of the one before it, as far as they can be brought up to date.
func inherit(last, s *Snapshot, t *touches) *caches {
	c := new(caches)
	same := slices.DeleteFunc(slices.Clone(last.caches.totals.all()), func(t *totals) bool {
		return last.tables[t.table] != s.tables[t.table]
	})
	c.totals.list.Store(&same)
	if t.over {
		return c
	}
	if list := last.caches.held.all(); len(list) > 0 {
		next := make([]*heldOn, len(list))
		for i, h := range list {
			next[i] = h.advance(s, t)
		}
		c.held.list.Store(&next)
	}
	if list := last.caches.orders.all(); len(list) > 0 {
		next := make([]*order, len(list))
		for i, o := range list {
			next[i] = o.advance(last, s, t)
		}
		c.orders.list.Store(&next)
	}
	return c
}
