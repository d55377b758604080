package readmodel

import (
	"math/bits"
	"runtime"
	"sync"
)

// stretch is a part of the places of an order: it holds all roles of each of its actors.
type stretch struct{ from, to int }

// What makes it worth while to share work: so many places for a worker, and so many for each cell that it has to add up.
const (
	placesAWorker = 16_384
	placesACell   = 4
	mostWorkers   = 4
)

// processors is how many processors there are to share work among. There may be more threads than processors.
func processors() int { return min(runtime.NumCPU(), runtime.GOMAXPROCS(0)) }

// all is the stretch of all places.
func (o *orderedRoles) all() stretch { return stretch{0, len(o.roles)} }

// stretches parts the places among workers, of which each counts into so many cells.
func (o *orderedRoles) stretches(places []uint64, cells int) []stretch {
	n := len(o.roles)
	workers := min(processors(), mostWorkers, n/placesAWorker, n/(placesACell*max(1, cells)))
	if workers < 2 || marked(places) < placesAWorker {
		return []stretch{o.all()}
	}
	parts := make([]stretch, 0, workers)
	from := 0
	for i := 1; i < workers; i++ {
		to := i * n / workers
		for to < n && o.actors[to] == o.actors[to-1] {
			to++
		}
		parts = append(parts, stretch{from, to})
		from = to
	}
	return append(parts, stretch{from, n})
}

// marked is how many places there are.
func marked(places []uint64) (n int) {
	for _, word := range places {
		n += bits.OnesCount64(word)
	}
	return n
}

// together calls f with the numbers below n, each in a goroutine, and waits for all. What one of them panics with, the
// caller does: it would else end the process.
func together(n int, f func(i int)) {
	var others sync.WaitGroup
	panics := make([]any, n)
	for i := 1; i < n; i++ {
		others.Go(func() {
			defer func() { panics[i] = recover() }()
			f(i)
		})
	}
	f(0)
	others.Wait()
	for _, v := range panics {
		if v != nil {
			panic(v)
		}
	}
}

// word returns those of 64 places that lie in the stretch.
func (s stretch) word(places []uint64, w int) uint64 {
	word := places[w]
	if first := w * 64; first < s.from {
		word &= ^uint64(0) << (s.from - first)
	}
	if beyond := (w + 1) * 64; beyond > s.to {
		word &= ^uint64(0) >> (beyond - s.to)
	}
	return word
}

// each calls f with the places of the stretch in ascending order.
func (s stretch) each(places []uint64, f func(place int)) {
	for w := s.from / 64; w*64 < s.to; w++ {
		for word := s.word(places, w); word != 0; word &= word - 1 {
			f(w*64 + bits.TrailingZeros64(word))
		}
	}
}
