package service

import (
	"context"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// nearBy finds the new actors that have a name close to that of an existing one, which no row has called new.
func (im *importing) nearBy(ctx context.Context, j *judgement, head *readmodel.Snapshot) ([]PossibleDuplicate, error) {
	if head.Count(directory.Actors, im.write.Caller.Clearance) == 0 {
		return nil, nil
	}
	near := make([][]Named, len(j.plan.items))
	err := im.eachRow(ctx, StageNames, len(j.plan.items), func(n int) {
		item := &j.plan.items[n]
		a, ok := item.after.(*directory.Actor)
		if _, isNew := im.items[j.rows[n]].SameAs(); !ok || isNew || !item.created || !item.live() {
			return
		}
		near[n] = j.plan.named(head.NearNames(a))
	})
	var list []PossibleDuplicate
	for n, candidates := range near {
		if len(candidates) > 0 {
			list = append(list, PossibleDuplicate{j.rows[n], im.items[j.rows[n]].Place("/name"), j.plan.items[n].ref.ID, candidates})
		}
	}
	return list, err
}
