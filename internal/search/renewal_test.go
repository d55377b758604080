package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestARenewalLosesNothing holds a renewal back while more changes come than a new index takes in at once, so that it
// has to catch up in the background, too; two edits go on from every index.
func TestARenewalLosesNothing(t *testing.T) {
	t.Parallel()
	from, to := seeds(t, 3)
	for seed := from; seed < to; seed++ {
		r := rand.New(rand.NewPCG(seed, 4))
		o, b := make(oracle), NewBuilder()
		for doc := range uint32(60) {
			o[doc] = randomTexts(r)
			b.Add(o[doc])
		}
		x := b.Index()
		first, hold := x, make(chan struct{})
		next := 0
		change := func() []Change { // of one document after the other: what is missed is counted by them
			c := Change{uint32(next % 80), randomTexts(r)}
			next++
			o[c.Document] = c.Texts
			return []Change{c}
		}
		x = x.renewing(change(), func() *Index {
			<-hold
			return first.rebuilt(nil)
		})
		for range fewMissed + 10 {
			aside := maps.Clone(o)
			c := Change{uint32(r.IntN(70)), randomTexts(r)}
			aside[c.Document] = c.Texts
			compareWithLoops(t, r, aside, x.With([]Change{c}), seed) // an edit that comes to nothing
			x = x.With(change())
		}
		compareWithLoops(t, r, o, x, seed)
		began := x.renewal
		close(hold)
		<-began.done
		x = x.With(change())
		if x.renewal == nil || x.renewal == began {
			t.Fatal("what a new index missed is too much for one change, and it does not catch up by itself")
		}
		compareWithLoops(t, r, o, x, seed)
		<-x.renewal.done
		x = x.With(change())
		if x.renewal != nil {
			t.Fatal("the renewal has no end")
		}
		if x.base == first.base {
			t.Fatal("the base is the old one")
		}
		compareWithLoops(t, r, o, x, seed)
		if t.Failed() {
			t.Fatalf("DALIL_TEST_SEED=%d", seed)
		}
	}
}

// TestWhatOutgrowsItsBaseIsRenewed renames documents until the words beside the base are too many.
func TestWhatOutgrowsItsBaseIsRenewed(t *testing.T) {
	t.Parallel()
	x := Empty()
	first := x.base
	for n := 0; ; n++ {
		if n > 4*minLate {
			t.Fatal("it never was")
		}
		x = x.With([]Change{{uint32(n % 50), []Text{{fmt.Sprintf("mot%d", n), Name}}}})
		if x.renewal != nil {
			break
		}
	}
	if again := x.With([]Change{{50, []Text{{"autre", Name}}}}); again.renewal != x.renewal && again.renewal != nil {
		t.Error("one renewal is under way, and another begins")
	}
	<-x.renewal.done
	x = x.With([]Change{{51, []Text{{"dernier", Name}}}})
	if x.renewal != nil || x.base == first || x.lateCount() > fewMissed {
		t.Errorf("the new index has %d words beside its base", x.lateCount())
	}
}

// TestManyChangesAtATimeAreTakenIn brings more each time than a new index takes in otherwise.
func TestManyChangesAtATimeAreTakenIn(t *testing.T) {
	t.Parallel()
	x := Empty()
	for n := range 120 {
		changes := make([]Change, fewMissed+40)
		for i := range changes {
			changes[i] = Change{uint32(i), []Text{{fmt.Sprintf("mot%dde%d", n, i), Name}}}
		}
		if x = x.With(changes); x.renewal != nil {
			<-x.renewal.done // however fast it is
		}
	}
	if most := uint32(2*minLate + 3*(fewMissed+40)); x.lateCount() > most {
		t.Errorf("%d words stand beside the base, want at most %d", x.lateCount(), most)
	}
}

// TestALongTextThatChangesIsFoundByItsWordsOfNow changes a long document again and again, each time in some of its words.
func TestALongTextThatChangesIsFoundByItsWordsOfNow(t *testing.T) {
	t.Parallel()
	has := func(x *Index, word string) bool {
		q, _ := NewQuery(word)
		m := x.Match(q)
		defer m.Close()
		return m.Sets()[0].Has(1)
	}
	const words = 3 * longDocument
	r := rand.New(rand.NewPCG(1, 5))
	x := Empty()
	for range 20 {
		var there [words]bool
		var text strings.Builder
		for n := range there {
			if there[n] = r.IntN(4) > 0; there[n] {
				fmt.Fprintf(&text, " %03d", n)
			}
		}
		x = x.With([]Change{{0, []Text{{"autre", Name}}}, {1, []Text{{"titre", Name}, {text.String(), Prose}}}})
		for n, want := range there {
			if word := fmt.Sprintf("%03d", n); has(x, word) != want {
				t.Fatalf("found by %s: %t, want %t", word, !want, want)
			}
		}
		distinct := make(map[uint64]int)
		for _, run := range x.had {
			for _, pair := range run {
				distinct[pair]++
			}
		}
		if len(distinct) > words+2 || len(x.had) > 2 {
			t.Fatalf("%d pairs in %d runs", len(distinct), len(x.had))
		}
	}
}
