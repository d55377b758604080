package search_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/search"
)

// benchTexts are the texts of one document of many: what it is called, in two languages, and what it does.
func benchTexts(n int) []search.Text {
	return []search.Text{
		{Value: fmt.Sprintf("International body a%d", n), Class: search.Name},
		{Value: fmt.Sprintf("Organisme international a%d", n), Class: search.Name},
		{Value: fmt.Sprintf("A%d", n), Class: search.Acronym},
		{Value: strings.Repeat("What the body does, in a few words. ", 4), Class: search.Prose},
	}
}

// BenchmarkWith brings new documents to an index, so many at a time, until as many again have come (or some thousands):
// what a commit costs. It counts the processors' time of what is renewed in the background, too.
func BenchmarkWith(b *testing.B) {
	for _, size := range []int{0, 5_000, 50_000} {
		builder := search.NewBuilder()
		for n := range size {
			builder.Add(benchTexts(n))
		}
		first := builder.Index()
		for _, batch := range []int{1, 16, 512} {
			b.Run(fmt.Sprintf("%d/%d", size, batch), func(b *testing.B) { benchWith(b, first, size, batch) })
		}
	}
}

func benchWith(b *testing.B, first *search.Index, size, batch int) {
	b.Helper()
	var changes [][]search.Change
	for from := 0; from < max(size, 10_000); from += batch {
		var some []search.Change
		for n := from; n < from+batch; n++ {
			some = append(some, search.Change{Document: uint32(size + n), Texts: benchTexts(size + n)})
		}
		changes = append(changes, some)
	}
	x, began, documents := first, bench.CPU(), 0
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		at := n % len(changes)
		if at == 0 {
			x = first
		}
		x = x.With(changes[at])
		documents += batch
	}
	spent := bench.CPU() - began
	b.ReportMetric(float64(spent)/float64(documents)/float64(time.Microsecond), "cpu-µs/doc")
	b.ReportMetric(float64(b.Elapsed())/float64(documents)/float64(time.Microsecond), "µs/doc")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWithLong changes one word of a long text, which then is asked for by what most of its words begin with.
func BenchmarkWithLong(b *testing.B) {
	var long strings.Builder
	for n := range 10_000 {
		fmt.Fprintf(&long, "w%d ", n)
	}
	q, _ := search.NewQuery("w")
	x := search.Empty()
	for n := 0; b.Loop(); n++ {
		x = x.With([]search.Change{{Document: 0, Texts: []search.Text{{Value: long.String() + fmt.Sprintf("v%d", n%100), Class: search.Prose}}}})
		x.Match(q).Close()
	}
}
