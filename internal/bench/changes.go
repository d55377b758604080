package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"dalil/internal/directory"
	"dalil/internal/service"
)

// writersAtOnce is how many callers write at once where many commits are wanted soon.
const writersAtOnce = 64

// Change writes n commits: a function, then new tags of the actors given, and roles of theirs. Its error is the first
// that a write had.
func Change(ctx context.Context, s *service.Service, w service.Write, actors []directory.Record, n int) error {
	w.AllowDuplicate, w.IfMatch = true, service.Condition{Given: true, Any: true}
	random := rand.New(rand.NewPCG(1, 2))
	if _, err := s.Create(ctx, w, directory.Functions, []byte(`{"id":"pol","notation":"POL","label":{"fr":"Politique"}}`)); err != nil {
		return err
	}
	writes := make(chan func() error)
	failed := make(chan error, writersAtOnce)
	var writers sync.WaitGroup
	for range writersAtOnce {
		writers.Go(func() {
			var err error
			for write := range writes {
				err = errors.Join(err, write())
			}
			failed <- err
		})
	}
	for n := range n - 1 {
		id := actors[random.IntN(len(actors))].Head().ID
		writes <- func() error {
			var err error
			if n%3 == 0 {
				role := fmt.Sprintf(`{"actor":%q,"type":"lead","function":"pol","territories":["MA"],"start":"%d"}`, id, 1900+n%100)
				_, err = s.Create(ctx, w, directory.Roles, []byte(role))
			} else {
				patch := fmt.Sprintf(`{"tags":["tag-%d"]}`, n)
				_, err = s.Patch(ctx, w, directory.Ref{Kind: directory.Actors, ID: id}, []byte(patch))
			}
			return err
		}
	}
	close(writes)
	writers.Wait()
	var err error
	for range writersAtOnce {
		if e := <-failed; err == nil {
			err = e
		}
	}
	return err
}
