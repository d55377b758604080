package interchange_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// national is how many actors the Research Organization Registry's records give.
const national = 51_370

// nationalActors returns as many actors, without the long texts that those records do not have.
func nationalActors(b *testing.B) []directory.Record {
	b.Helper()
	records := world{rand.New(rand.NewPCG(6, 6))}.records(b, directory.Actors, national)
	for _, r := range records {
		if a, ok := r.(*directory.Actor); ok {
			a.Mandate, a.Summary = nil, nil
		}
	}
	return records
}

// BenchmarkWrite writes the actors of a country in each format, a run an operation.
func BenchmarkWrite(b *testing.B) {
	records := nationalActors(b)
	opts := interchange.WriteOptions{Languages: interchange.LanguagesOf(slices.Values(records))}
	encoded := make([][]byte, len(records))
	for i, r := range records {
		encoded[i] = canonical(b, r)
	}
	for _, f := range interchange.Formats() {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w, err := interchange.NewWriter(io.Discard, f, directory.Actors, opts)
				if err != nil {
					b.Fatal(err)
				}
				for i, r := range records {
					if err := w.Write(r, encoded[i]); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(national)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkRead reads the actors of a country in each format, a run an operation.
func BenchmarkRead(b *testing.B) {
	records := nationalActors(b)
	for _, f := range interchange.Formats() {
		data := written(b, f, directory.Actors, records)
		in := interchange.Input{Name: "actors." + string(f), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		}}
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				items, faults, err := interchange.Read(b.Context(), []interchange.Input{in}, interchange.ReadOptions{})
				if err != nil || len(faults) > 0 || len(items) != national {
					b.Fatal(len(items), faults, err)
				}
			}
			b.ReportMetric(float64(national)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
