package app

import (
	"runtime"

	"dalil/internal/config"
)

// collectingThreads is from how many threads on Go's collector has one for itself while it marks. With two or three, each
// of them marks for up to 10 ms at a time, often all at once, and no request is answered meanwhile.
const collectingThreads = 4

// spreadThreads lets Go code run in as many threads as the collector needs for one of its own, on a machine of two or three
// processors: the system shares these more evenly. It leaves everything as it is where GOMAXPROCS in the environment says
// how many, or where the process may use less than the machine has: it would use up its part at once, and be stopped. The
// function that it returns ends that.
func spreadThreads(env config.Env) (stop func()) {
	_, said := env("GOMAXPROCS")
	before := runtime.GOMAXPROCS(0)
	wanted := threadsFor(runtime.NumCPU(), before)
	if said || wanted == before {
		return func() {}
	}
	runtime.GOMAXPROCS(wanted)
	return func() { runtime.GOMAXPROCS(before) }
}

// threadsFor says in how many threads Go code is to run on so many processors, where Go itself would take so many.
func threadsFor(processors, usual int) int {
	if usual < processors || usual < 2 {
		return usual
	}
	return max(usual, collectingThreads)
}
