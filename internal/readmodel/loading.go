package readmodel

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// decodedAtOnce is how many records of a checkpoint are decoded in one go.
const decodedAtOnce = 256

// loading is a checkpoint that is being read: the records that are kept decoded are decoded by several goroutines while
// more of them come.
type loading struct {
	entries [numKinds][]*Entry // as they came
	ids     lasting
	waiting []*Entry // too few yet to be decoded
	batches []*batch
	places  chan struct{} // of those that decode at the same time
	working sync.WaitGroup
	failed  atomic.Bool
}

// batch is some entries that are decoded in one go.
type batch struct {
	entries []*Entry
	err     error
}

// Load takes one record of a checkpoint into an edit of the empty state. Records may name others that come later; Loaded
// completes them. A record that cannot be read is an error of this call, of a later one or of Loaded.
func (e *Edit) Load(r ledger.Record) error {
	k, ok := indexOf(r.Ref.Kind)
	if !ok {
		return nil // of a later program; kept by the ledger, not shown
	}
	if e.loading == nil {
		e.loading = &loading{places: make(chan struct{}, runtime.GOMAXPROCS(0))}
	}
	in, entry := e.loading, entryOf(k, r)
	entry.id = in.ids.text(entry.id)
	in.entries[k] = append(in.entries[k], entry)
	e.telling.loaded = max(e.telling.loaded, r.Seq)
	if !k.decoded() || entry.Erased() {
		return nil
	}
	if in.waiting = append(in.waiting, entry); len(in.waiting) < decodedAtOnce {
		return nil
	}
	in.decode()
	if in.failed.Load() {
		return in.err()
	}
	return nil
}

// decode hands over what waits. It waits itself while all processors are at work.
func (in *loading) decode() {
	if len(in.waiting) == 0 {
		return
	}
	next := &batch{entries: in.waiting}
	in.batches, in.waiting = append(in.batches, next), make([]*Entry, 0, decodedAtOnce)
	in.places <- struct{}{}
	in.working.Go(func() {
		defer func() { <-in.places }()
		if _, next.err = decodeAll(next.entries); next.err != nil {
			in.failed.Store(true)
		}
	})
}

// err waits for what is being decoded and returns the first error, in the order in which the records came.
func (in *loading) err() error {
	in.working.Wait()
	for _, b := range in.batches {
		if b.err != nil {
			return b.err
		}
	}
	return nil
}

// sorted decodes what still waits and returns the entries of each table by their ids, of several versions of a record
// the newest.
func (in *loading) sorted() (tables [numKinds][]*Entry, err error) {
	in.decode()
	if err := in.err(); err != nil {
		return tables, err
	}
	for k, entries := range in.entries {
		if !slices.IsSortedFunc(entries, compareEntries) { // as stores give them; a stable sort takes long
			slices.SortStableFunc(entries, compareEntries)
		}
		kept := entries[:0]
		for _, entry := range entries {
			last := len(kept) - 1
			switch {
			case last < 0 || kept[last].id != entry.id:
				kept = append(kept, entry)
			case entry.follows(kept[last]):
				kept[last] = entry
			}
		}
		tables[k] = kept
	}
	return tables, nil
}

// decodeAll decodes entries that nobody else has yet, each once, and returns their records.
func decodeAll(entries []*Entry) ([]directory.Record, error) {
	records := make([]directory.Record, len(entries))
	for i, entry := range entries {
		if records[i] = entry.record; records[i] != nil {
			continue
		}
		var err error
		if records[i], err = entry.decode(); err != nil {
			return nil, err
		}
		entry.learn(records[i])
	}
	return records, nil
}

// decodeInOrder decodes entries, several at once and no more of them than are soon used, and calls use with the records
// in the order of the entries.
func decodeInOrder(entries []*Entry, use func(directory.Record)) error {
	type decoded struct {
		records []directory.Record
		err     error
	}
	places := make(chan struct{}, runtime.GOMAXPROCS(0))
	ahead, ended := make(chan chan decoded, 2*cap(places)), make(chan struct{})
	defer close(ended)
	go func() {
		defer close(ahead)
		for part := range slices.Chunk(entries, decodedAtOnce) {
			done := make(chan decoded, 1)
			select {
			case ahead <- done:
			case <-ended:
				return
			}
			places <- struct{}{}
			go func() {
				defer func() { <-places }()
				records, err := decodeAll(part)
				done <- decoded{records, err}
			}()
		}
	}()
	for done := range ahead {
		d := <-done
		if d.err != nil {
			return d.err
		}
		for _, record := range d.records {
			use(record)
		}
	}
	return nil
}
