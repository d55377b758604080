package readmodel

import (
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/search"
)

// finds tells whether an index finds a document by a word, and no other document.
func finds(x *search.Index, word string, doc uint32) bool {
	query, ok := search.NewQuery(word)
	if !ok {
		return false
	}
	m := x.Match(query)
	defer m.Close()
	for set := range m.Sets() {
		for other := range uint32(len(m.Sets()[set]) * 64) {
			if m.Sets()[set].Has(other) != (other == doc) {
				return false
			}
		}
	}
	return true
}

// wordApart returns a word that nobody takes for another one.
func wordApart(r *rand.Rand) string {
	word := make([]byte, 14)
	for i := range word {
		word[i] = byte('a' + r.IntN(26))
	}
	return string(word)
}

// titled is a change of a source, which has one text.
func titled(ord uint32, title string) changedText {
	return changedText{ord, &Entry{table: inSources, languages: usualLanguages}, &directory.Source{Title: title}}
}

// Edits go on from one another, and now and then from an earlier one; each index is asked for at once, later or never.
func TestTextsThatWaitAreFoundByWhoeverAsks(t *testing.T) {
	type version struct {
		texts *textIndex
		want  map[uint32]string
	}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 7))
		first := new(textIndex)
		first.built.Store(search.Empty())
		versions := []version{{first, map[uint32]string{}}}
		var asking sync.WaitGroup
		check := func(v version) {
			index := v.texts.of(nil)
			for doc, word := range v.want {
				if !finds(index, word, doc) {
					t.Errorf("seed %d: document %d is not found by %q", seed, doc, word)
				}
			}
		}
		for range 80 {
			from := versions[len(versions)-1]
			if r.IntN(10) == 0 {
				from = versions[r.IntN(len(versions))]
			}
			want := maps.Clone(from.want)
			changes := make([]changedText, 1+r.IntN(2*manyWaiting/8))
			for i := range changes {
				doc, word := r.Uint32N(40), wordApart(r)
				changes[i] = titled(doc, word)
				want[doc] = word
			}
			next := version{from.texts.with(changes), want}
			versions = append(versions, next)
			if r.IntN(8) == 0 {
				asking.Go(func() { check(next) })
			}
		}
		asking.Wait()
		for range 20 {
			check(versions[r.IntN(len(versions))])
		}
		check(versions[len(versions)-1])
	}
}

func TestWhatAnErasedRecordWasCalledWaitsNowhere(t *testing.T) {
	t.Parallel()
	first := new(textIndex)
	first.built.Store(search.Empty())
	called := first.with([]changedText{titled(1, "secretword")})
	erased := called.with([]changedText{{ord: 1, entry: new(Entry)}}).whole()
	if erased.from != nil || erased.waiting != nil || erased.making != nil {
		t.Error("the text still waits")
	}
	if !finds(called.of(nil), "secretword", 1) || finds(erased.of(nil), "secretword", 1) {
		t.Error("the text is found after it was erased, or not before")
	}
}

func TestWhatARecordWasCalledBeforeWaitsNowhereOnceThatIsErased(t *testing.T) {
	t.Parallel()
	e, at := Empty().Edit(), ledger.Position{}
	ref := directory.Ref{Kind: directory.Actors, ID: "one"}
	apply := func(change ledger.Change) *textIndex {
		c := &ledger.Commit{At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Changes: []ledger.Change{change}}
		c.Seal(at)
		at = c.Position()
		if err := e.Apply(c); err != nil {
			t.Fatal(err)
		}
		return e.Snapshot().texts[inActors]
	}
	for version, name := range []string{"secretword", "Autrement"} {
		a := &directory.Actor{Envelope: directory.Envelope{ID: ref.ID, Version: uint64(version) + 1, Visibility: directory.Public}}
		a.Kind, a.Group, a.Name = directory.ActorOrganisation, directory.GroupGovernment, directory.Text{"fr": name}
		a.Created = &directory.Stamp{At: directory.At(time.Unix(0, 0)), By: "key-1", Seq: 1}
		a.Updated = a.Created
		text, err := directory.Encode(a)
		if err != nil {
			t.Fatal(err)
		}
		if x := apply(ledger.Change{Op: ledger.Put, Ref: ref, Version: a.Version, JSON: text}); x.waiting == nil {
			t.Fatal("nothing waits, and nothing is tested")
		}
	}
	x := apply(ledger.Change{Op: ledger.Erase, Ref: ref, Version: 3, Erased: []uint64{1}})
	if x.from != nil || x.waiting != nil || x.making != nil {
		t.Error("the text of the first version still waits")
	}
	if !finds(x.of(nil), "autrement", 0) {
		t.Error("what it is called now is not found")
	}
}
