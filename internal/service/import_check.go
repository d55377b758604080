package service

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
)

func newImporting(s *Service, w Write, items []interchange.Item, opts ImportOptions) *importing {
	im := &importing{
		service: s, write: w, items: items, opts: opts, byKind: make([][]int, len(directory.Kinds())),
		outsize: make(map[int]bool), random: make(map[int]string),
	}
	for row := range items {
		if items[row].Bare() {
			continue
		}
		at := slices.Index(directory.Kinds(), items[row].Record.RecordKind())
		im.byKind[at] = append(im.byKind[at], row)
	}
	return im
}

// check judges every row by itself.
func (im *importing) check(ctx context.Context) error {
	im.alone = make([][]fault.Field, len(im.items))
	return im.eachRow(ctx, StageCheck, len(im.items), func(row int) {
		if !im.items[row].Bare() {
			im.alone[row] = aloneFaults(im.items[row].Record)
		}
	})
}

// aloneFaults says what is wrong with a record by itself. An archived one is to keep the rules that it kept while it was
// in use.
func aloneFaults(r directory.Record) []fault.Field {
	if r.Head().Status == directory.Archived {
		r = shallow(r)
		r.Head().Status = directory.Published
	}
	if refused, ok := errors.AsType[*fault.Error](directory.Validate(r)); ok {
		return refused.Fields
	}
	return nil
}

// stride is how many rows a goroutine takes at a time.
const stride = 256

// eachRow calls do for 0 to n-1, on every processor, until ctx ends.
func (im *importing) eachRow(ctx context.Context, stage ImportStage, n int, do func(i int)) error {
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n/stride+1) {
		workers.Go(func() {
			for ctx.Err() == nil {
				from := int(next.Add(stride)) - stride
				if from >= n {
					return
				}
				to := min(from+stride, n)
				for i := from; i < to; i++ {
					do(i)
				}
				im.progress(stage, int(done.Add(int64(to-from))), n)
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return fault.Wrap(fault.Timeout, fault.CodeTimeout, err)
	}
	return nil
}

// measure finds the records that are too large with what Dalil adds to them, and tells whether there are any.
func (im *importing) measure(ctx context.Context, j *judgement) (bool, error) {
	stamp := &directory.Stamp{At: directory.At(im.service.now()), By: im.write.Caller.ID, Seq: j.at.Seq + 1}
	var mu sync.Mutex
	found := false
	err := im.eachRow(ctx, StageSize, len(j.plan.items), func(i int) {
		item := &j.plan.items[i]
		if item.unchanged {
			return
		}
		head := item.after.Head()
		created, updated := head.Created, head.Updated
		mark(head, stamp)
		text, err := directory.Encode(item.after)
		head.Created, head.Updated = created, updated
		if err == nil && len(text) <= directory.MaxRecordBytes {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		im.outsize[j.rows[i]], found = true, true
	})
	return found, err
}
