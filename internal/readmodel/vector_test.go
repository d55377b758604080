package readmodel

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// lineage is a vector, and what it must hold.
type lineage struct {
	vector[int]
	want []int
}

func (l *lineage) set(o *owner, i uint32, element int) {
	l.vector.set(o, i, element)
	l.want = slices.Clone(l.want)
	l.want = append(l.want, make([]int, max(0, int(i)+1-len(l.want)))...)
	l.want[i] = element
}

func (l *lineage) check(t *testing.T) {
	t.Helper()
	got := make([]int, 0, len(l.want))
	for i := range uint32(len(l.want)) {
		got = append(got, l.at(i))
	}
	if !slices.Equal(got, l.want) {
		t.Errorf("it holds %v, want %v", got, l.want)
	}
	for i := range uint32(3 * leafSize) {
		if beyond := l.at(uint32(len(l.want)) + i); beyond != 0 {
			t.Errorf("behind its end stands %d", beyond)
		}
	}
	for from := uint32(0); from < uint32(len(l.want))+leafSize; from += leafSize {
		run := l.run(from)
		want := l.want[min(int(from), len(l.want)):min(int(from)+leafSize, len(l.want))]
		if run == nil {
			run = make([]int, len(want))
		}
		if !slices.Equal(run, want) {
			t.Errorf("the run from %d is %v, want %v", from, run, want)
		}
	}
}

// Vectors go on from one another, several from the same one, at the end, with gaps and within, while all are read.
func TestVectorsThatShareRunsDoNotSeeEachOther(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		all := []*lineage{{}}
		var readers sync.WaitGroup
		for n := range 60 {
			next := *all[max(0, len(all)-1-r.IntN(4))]
			o := new(owner)
			for range 1 + r.IntN(4) {
				i := uint32(len(next.want))
				switch r.IntN(6) {
				case 0:
					i += r.Uint32N(2 * leafSize)
				case 1:
					i = r.Uint32N(i + 1)
				case 2:
					i += r.Uint32N(3)
				}
				next.set(o, i, 1+n)
			}
			all = append(all, &next)
			readers.Go(func() { next.check(t) })
		}
		readers.Wait()
		for _, l := range all {
			l.check(t)
		}
	}
}
