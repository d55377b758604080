package app

import (
	"runtime/debug"
	"runtime/metrics"

	"dalil/internal/config"
)

// How much the heap may grow, in percent of what is in use, before it is collected: what Go does by itself, and less
// once it is large. A directory of a country would else take some hundred megabytes for what nobody needs any more; most
// of it is texts, which the collector need not look into, so that collecting more often costs little.
const (
	usualGrowth = 100
	largeGrowth = 60
	largeHeap   = 200 << 20
)

// settleMemory gives back what reading the store has left over, and has a heap that is large by now collected sooner,
// unless GOGC in the environment says how often. It takes some tenths of a second.
func settleMemory(env config.Env) {
	debug.FreeOSMemory()
	if _, said := env("GOGC"); !said {
		debug.SetGCPercent(growthFor(heapInUse()))
	}
}

// growthFor says how much a heap of a size may grow.
func growthFor(bytes uint64) int {
	if bytes < largeHeap {
		return usualGrowth
	}
	return largeGrowth
}

// heapInUse is what the last collection has left.
func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0 // a runtime that does not tell
	}
	return sample[0].Value.Uint64()
}
