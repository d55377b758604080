package collector_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"dalil/internal/collector"
)

func TestASmallHeapMayGrowByMoreAndALargeOneByLess(t *testing.T) {
	for bytes, want := range map[uint64]int{
		0: 1600, 1 << 20: 1600, 4 << 20: 1600, 8 << 20: 800, 32 << 20: 200, 64<<20 - 1: 100,
		64 << 20: 100, 199 << 20: 100, 200 << 20: 60, 4 << 30: 60,
	} {
		if got := collector.GrowthFor(bytes); got != want {
			t.Errorf("%d bytes may grow by %d %%, want %d", bytes, got, want)
		}
	}
}

// TestTheMeasureFollowsWhatIsInUse is not parallel: the measure is the process's.
func TestTheMeasureFollowsWhatIsInUse(t *testing.T) {
	before := growth()
	stop := collector.Tend()
	wantGrowth(t, func(percent int) bool { return percent > 100 })
	held := make([]byte, 220<<20)
	wantGrowth(t, func(percent int) bool { return percent == 60 })
	runtime.KeepAlive(held)
	wantGrowth(t, func(percent int) bool { return percent > 100 })
	stop()
	stop()
	if got := growth(); got != before {
		t.Errorf("the heap may grow by %d %% afterwards, want %d as before", got, before)
	}
}

// wantGrowth collects until the measure is as wanted.
func wantGrowth(t *testing.T, right func(percent int) bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		runtime.GC()
		if right(growth()) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the heap may grow by %d %%", growth())
		}
	}
}

// growth returns the measure in force.
func growth() int {
	percent := debug.SetGCPercent(100)
	debug.SetGCPercent(percent)
	return percent
}
