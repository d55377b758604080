package app

import (
	"runtime"
	"testing"
)

func TestTheCollectorHasAThreadOfItsOwnOnASmallMachine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ processors, usual, want int }{
		{1, 1, 1}, // one processor has nothing to share out
		{2, 2, 4},
		{3, 3, 4},
		{4, 4, 4},
		{8, 8, 8},
		{8, 2, 2}, // a container with a limit
		{2, 1, 1},
	} {
		if got := threadsFor(c.processors, c.usual); got != c.want {
			t.Errorf("%d processors, of which Go takes %d: %d threads, want %d", c.processors, c.usual, got, c.want)
		}
	}
}

// TestWhoeverSaysHowManyThreadsIsObeyed is not parallel: the number is the process's.
func TestWhoeverSaysHowManyThreadsIsObeyed(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	says := func(name string) (string, bool) { return "2", name == "GOMAXPROCS" }
	silent := func(string) (string, bool) { return "", false }
	spreadThreads(says)()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("%d threads where the environment says how many, want %d as before", got, before)
	}
	stop := spreadThreads(silent)
	if got, want := runtime.GOMAXPROCS(0), threadsFor(runtime.NumCPU(), before); got != want {
		t.Errorf("%d threads, want %d", got, want)
	}
	stop()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("%d threads afterwards, want %d as before", got, before)
	}
}
