package readmodel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIDsAreFoundAndWalkedInOrderWhereverTheyStand(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		all := make([]string, 0, 80)
		for n := range 40 + r.IntN(40) {
			all = append(all, fmt.Sprintf("id-%02d", n))
		}
		var x ids
		mine := new(owner)
		var loaded, later []string
		for _, id := range all {
			switch r.IntN(3) {
			case 0:
				loaded = append(loaded, id)
			case 1:
				later = append(later, id)
			}
		}
		if r.IntN(4) > 0 {
			x.load(loaded)
		} else {
			loaded = nil
		}
		want := make(map[string]uint32)
		for i, id := range loaded {
			want[id] = uint32(i)
		}
		r.Shuffle(len(later), func(i, j int) { later[i], later[j] = later[j], later[i] })
		for _, id := range later {
			want[id] = uint32(len(want))
			x.Set(mine, id, want[id])
		}
		held := slices.Sorted(func(yield func(string) bool) {
			for id := range want {
				if !yield(id) {
					return
				}
			}
		})
		for _, id := range all {
			ord, ok := x.Get(id)
			if wanted, is := want[id]; ok != is || ord != wanted {
				t.Fatalf("seed %d: %s is %d, %v, want %d, %v", seed, id, ord, ok, wanted, is)
			}
		}
		from, most := all[r.IntN(len(all))], 1+r.IntN(100)
		at, found := slices.BinarySearch(held, from)
		end := at
		if found {
			end++
		}
		down := func(ids []string) []string {
			ids = slices.Clone(ids)
			slices.Reverse(ids)
			return ids
		}
		for name, walk := range map[string]struct {
			of   func(func(string, uint32) bool)
			want []string
		}{
			"Scan":    {x.Scan, held},
			"Reverse": {x.Reverse, down(held)},
			"Ascend":  {func(f func(string, uint32) bool) { x.Ascend(from, f) }, held[at:]},
			"Descend": {func(f func(string, uint32) bool) { x.Descend(from, f) }, down(held[:end])},
		} {
			got := make([]string, 0, len(held))
			walk.of(func(id string, ord uint32) bool {
				if ord != want[id] {
					t.Errorf("seed %d: %s comes as %d", seed, id, ord)
				}
				got = append(got, id)
				return len(got) < most
			})
			if diff := cmp.Diff(walk.want[:min(most, len(walk.want))], got); diff != "" {
				t.Fatalf("seed %d: %s from %s: %s", seed, name, from, diff)
			}
		}
	}
}
