package search

import (
	"sync"
	"testing"
)

func TestWhatSuggestionsBorrowIsNobodyElses(t *testing.T) {
	t.Parallel()
	x := Empty()
	q, ok := NewQuery("abc")
	if !ok {
		t.Fatal("a word is refused")
	}
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for range 500 {
				b, ok := x.Beginners(q)
				if !ok {
					t.Error("a word has no beginners")
					return
				}
				b.Leaders(1, func(uint32) bool { return true })
				b.Close()
			}
		})
	}
	asking.Wait()
}
