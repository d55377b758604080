package app

import (
	"runtime/debug"

	"dalil/internal/collector"
	"dalil/internal/config"
)

// settleMemory gives back what reading the store has left over, which takes some tenths of a second beside the first
// requests, and from then on has the heap collected by what is in use, unless GOGC in the environment says how often.
// The function that it returns ends that.
func settleMemory(env config.Env) (stop func()) {
	tended := make(chan func(), 1)
	go func() {
		debug.FreeOSMemory()
		if _, said := env("GOGC"); said {
			tended <- func() {}
			return
		}
		tended <- collector.Tend()
	}()
	return func() { (<-tended)() }
}
