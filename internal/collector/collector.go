// Package collector says how much the heap may grow before Go collects it, by what is in use at the time.
package collector

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// How much the heap may grow, in percent of what is in use, before it is collected. Go's own measure is right in the
// middle. A small heap would be collected every few megabytes, which takes a fifth of the time of many writes and saves
// little; so it may grow by some room in any case. A directory of a country would take some hundred megabytes for what
// nobody needs any more; most of it is texts, which the collector need not look into, so that collecting more often
// costs little.
const (
	usualGrowth = 100
	mostGrowth  = 1600
	leastRoom   = 64 << 20 // bytes
	largeGrowth = 60
	largeHeap   = 200 << 20
)

// GrowthFor says how much a heap may grow, in percent, of which so many bytes are in use.
func GrowthFor(bytes uint64) int {
	switch {
	case bytes >= largeHeap:
		return largeGrowth
	case bytes >= leastRoom:
		return usualGrowth
	default:
		return int(min(mostGrowth, leastRoom*100/max(bytes, 1)))
	}
}

// Tend lets the heap grow by GrowthFor what is in use, now and after each collection, until the function that it returns
// is called: then it grows as it did before.
func Tend() (stop func()) {
	t := &tender{before: debug.SetGCPercent(usualGrowth), growth: usualGrowth}
	t.adjust()
	t.watch()
	return t.stop
}

// tender keeps the measure in step with what is in use.
type tender struct {
	mu      sync.Mutex
	before  int
	growth  int
	stopped bool
}

// watch adjusts the measure after the next collection and goes on: a thing that nobody holds is found by each.
func (t *tender) watch() {
	runtime.AddCleanup(new([16]byte), func(t *tender) {
		if t.adjust() {
			t.watch()
		}
	}, t)
}

// adjust sets the measure for what is in use, unless it is about the same: setting it stops the program for a moment. It
// returns false once nobody wants it any more.
func (t *tender) adjust() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return false
	}
	want := GrowthFor(inUse())
	if change := want - t.growth; max(change, -change) > t.growth/8 {
		t.growth = want
		debug.SetGCPercent(want)
	}
	return true
}

func (t *tender) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.stopped {
		t.stopped = true
		debug.SetGCPercent(t.before)
	}
}

// inUse is what the last collection has left, in bytes.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return leastRoom // a runtime that does not tell: Go's own measure
	}
	return sample[0].Value.Uint64()
}
