package app_test

import (
	"runtime"
	"testing"

	"dalil/internal/app"
)

func TestALargeHeapIsCollectedSooner(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[uint64]int{0: 100, 199 << 20: 100, 200 << 20: 60, 4 << 30: 60} {
		if got := app.GrowthFor(bytes); got != want {
			t.Errorf("%d bytes may grow by %d %%, want %d", bytes, got, want)
		}
	}
}

func TestTheHeapInUseIsWhatIsHeld(t *testing.T) {
	t.Parallel()
	held := make([]byte, 64<<20)
	runtime.GC()
	if got := app.HeapInUse(); got < uint64(len(held)) {
		t.Errorf("%d bytes are in use while %d are held", got, len(held))
	}
	runtime.KeepAlive(held)
}
