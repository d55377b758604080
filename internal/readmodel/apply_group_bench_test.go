package readmodel_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// BenchmarkApplyGroup applies commits as the writer does: some of them to one edit, each judged on a view of it, then
// the snapshot. What it tells is of one commit. The directory has some thousand actors, and nothing that queries have it
// keep.
func BenchmarkApplyGroup(b *testing.B) {
	const held, more = 8 << 10, 4 << 10
	start := readmodel.Empty().Edit()
	start.ForgetTexts() // indexing them is not what is measured
	for _, c := range sealed(b, ledger.Position{}, groupedActors(0, held)) {
		if err := start.Apply(c); err != nil {
			b.Fatal(err)
		}
	}
	base := start.Snapshot()
	changed := groupedActors(0, more)
	for i, a := range changed {
		a.Version, a.Tags, a.State = 2, []string{"benchmark", "changed"}, []string{"dormant", "active"}[i%2]
	}
	for _, of := range []struct {
		name    string
		commits []*ledger.Commit
	}{
		{"new actor", sealed(b, base.Position(), groupedActors(held, held+more))},
		{"actor", sealed(b, base.Position(), changed)},
	} {
		for _, size := range []int{1, 16, 64} {
			b.Run(fmt.Sprintf("%s/%d", of.name, size), func(b *testing.B) {
				b.ReportAllocs()
				at, edit := 0, base.Edit()
				for b.Loop() {
					if at == len(of.commits) {
						at, edit = 0, base.Edit()
					}
					if edit.View().Position().Seq+1 != of.commits[at].Seq {
						b.Fatal("the view does not follow")
					}
					if err := edit.Apply(of.commits[at]); err != nil {
						b.Fatal(err)
					}
					if at++; at%size == 0 {
						edit = edit.Snapshot().Edit()
					}
				}
			})
		}
	}
}

// groupedActors makes actors of an ordinary size, with numbers from one to before another.
func groupedActors(from, to int) []*directory.Actor {
	stamp := &directory.Stamp{At: directory.At(time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)), By: "key-2", Seq: 1}
	actors := make([]*directory.Actor, 0, to-from)
	for i := from; i < to; i++ {
		id := fmt.Sprintf("a%d", i)
		actors = append(actors, &directory.Actor{
			Envelope: directory.Envelope{
				ID: id, Version: 1, Status: directory.Published, Visibility: directory.Public, Tags: []string{"benchmark"},
				Created: stamp, Updated: stamp,
			},
			Kind: "organisation", Group: "international",
			Name:    directory.Text{"en": "International body " + id, "fr": "Organisme international " + id},
			Acronym: directory.Text{"und": strings.ToUpper(id)},
			Country: "CH", Website: "https://example.org/" + id, Founded: "1951-12",
			Identifiers: []directory.Identifier{{Scheme: "wikidata", Value: fmt.Sprintf("Q%d", i)}},
			Summary:     directory.Text{"en": strings.Repeat("What the body does, in a few words. ", 4)},
		})
	}
	return actors
}

// sealed makes the commits that put actors, one each.
func sealed(b *testing.B, at ledger.Position, actors []*directory.Actor) []*ledger.Commit {
	b.Helper()
	commits := make([]*ledger.Commit, len(actors))
	for i, a := range actors {
		commits[i] = commitOf(b, at, a)
		at = commits[i].Position()
	}
	return commits
}
