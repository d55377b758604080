package readmodel_test

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// BenchmarkSearchUpdate applies a commit that renames an actor of 51,370.
func BenchmarkSearchUpdate(b *testing.B) {
	s := loadedCountry(b)
	c, head, at := newCountry(), s, s.Position()
	for n := 0; b.Loop(); n++ {
		a, _ := c.actor(n % manyActors).(*directory.Actor)
		a.Version = uint64(n) + 2
		a.Name = directory.Text{"fr": "Office numéro " + a.ID, "en": "Bureau " + a.ID}
		head, at = appliedRole(b, head, at, a)
	}
	if _, err := head.List(&readmodel.Query{Kind: directory.Actors, Q: "office", Limit: 1, AsOf: readmodel.AsOf{Any: true}}); err != nil {
		b.Fatal(err)
	}
}
