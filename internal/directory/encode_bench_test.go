package directory_test

import (
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
)

// ordinary is an actor of an ordinary size, as the writer encodes it: stamped, in two languages.
func ordinary() *directory.Actor {
	stamp := &directory.Stamp{At: directory.At(time.Date(2026, 11, 29, 3, 4, 5, 678e6, time.UTC)), By: "key-1", Seq: 1234}
	return &directory.Actor{
		Envelope: directory.Envelope{
			ID: "a1000", Version: 1, Status: directory.Published, Visibility: directory.Public, Tags: []string{"benchmark"},
			Created: stamp, Updated: stamp,
		},
		Kind: "organisation", Group: "international",
		Name:    directory.Text{"en": "International body a1000", "fr": "Organisme international a1000"},
		Acronym: directory.Text{"und": "A1000"},
		Country: "CH", Website: "https://example.org/a1000", Founded: "1951-12",
		Identifiers: []directory.Identifier{{Scheme: "wikidata", Value: "Q1000"}},
		Summary:     directory.Text{"en": strings.Repeat("What the body does, in a few words. ", 4)},
	}
}

func BenchmarkEncode(b *testing.B) {
	bench := func(name string, record directory.Record) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := directory.Encode(record); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	bench("ordinary", ordinary())
	for _, kind := range directory.Kinds() { // with every member, in letters of several scripts
		record, err := directory.Decode(kind, []byte(whole[kind]))
		if err != nil {
			b.Fatal(err)
		}
		bench(string(kind), record)
	}
}
