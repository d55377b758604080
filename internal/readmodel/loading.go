package readmodel

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dalil/internal/ledger"
)

// decodedAtOnce is how many records of a checkpoint are decoded in one go.
const decodedAtOnce = 256

// loading is a checkpoint that is being read: its records are decoded by several goroutines while more of them come.
type loading struct {
	waiting []ledger.Record // too few yet to be decoded
	batches []*batch
	newest  uint64
	places  chan struct{} // of those that decode at the same time
	working sync.WaitGroup
	failed  atomic.Bool
}

// batch is some records that are decoded in one go.
type batch struct {
	records []ledger.Record
	entries []*Entry
	err     error
}

// Load takes one record of a checkpoint into an edit of the empty state. Records may name others that come later; Loaded
// completes them. A record that cannot be read is an error of this call, of a later one or of Loaded.
func (e *Edit) Load(r ledger.Record) error {
	if _, ok := indexOf(r.Ref.Kind); !ok {
		return nil // of a later program; kept by the ledger, not shown
	}
	if e.loading == nil {
		e.loading = &loading{places: make(chan struct{}, runtime.GOMAXPROCS(0))}
	}
	in := e.loading
	in.newest = max(in.newest, r.Seq)
	if in.waiting = append(in.waiting, r); len(in.waiting) < decodedAtOnce {
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
	next := &batch{records: in.waiting}
	in.batches, in.waiting = append(in.batches, next), make([]ledger.Record, 0, decodedAtOnce)
	in.places <- struct{}{}
	in.working.Go(func() {
		defer func() { <-in.places }()
		if next.err = next.decode(); next.err != nil {
			in.failed.Store(true)
		}
	})
}

func (b *batch) decode() error {
	b.entries = make([]*Entry, len(b.records))
	for i, record := range b.records {
		entry, err := newEntry(record, nil)
		if err != nil {
			return fmt.Errorf("reading %s version %d: %w", record.Ref, record.Version, err)
		}
		b.entries[i] = entry
	}
	b.records = nil
	return nil
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

// entries decodes what still waits and returns all entries by their ids, those of one record as they came.
func (in *loading) entries() ([]*Entry, error) {
	in.decode()
	if err := in.err(); err != nil {
		return nil, err
	}
	type arrived struct {
		*Entry

		place int
	}
	came := make([]arrived, 0, len(in.batches)*decodedAtOnce)
	for _, b := range in.batches {
		for _, entry := range b.entries {
			came = append(came, arrived{entry, len(came)})
		}
	}
	slices.SortFunc(came, func(a, b arrived) int { // a stable sort takes several times as long
		return cmp.Or(compareRefs(a.ref, b.ref), cmp.Compare(a.place, b.place))
	})
	sorted := make([]*Entry, len(came))
	for i := range came {
		sorted[i] = came[i].Entry
	}
	return sorted, nil
}

// Loaded ends loading: it completes what follows from several records and sets the position. After an error the edit
// is of no use.
func (e *Edit) Loaded(p ledger.Position, at time.Time) error {
	if e.loading != nil {
		entries, err := e.loading.entries()
		if err != nil {
			return err
		}
		e.telling.loaded = max(e.telling.loaded, e.loading.newest)
		e.loading = nil
		e.putAll(entries)
	}
	e.forgetTexts()
	tables := e.held()
	together(2, func(i int) {
		if i > 0 {
			e.settleAll()
			return
		}
		for k := range e.texts {
			e.texts[k].of(&tables[k])
		}
	})
	e.position, e.at = p, at
	e.journal.begin(p.Seq)
	e.receipts.expire(e.owner, at)
	e.clean = false
	return nil
}

// held returns of each kind the records that are held, for a reader beside whom other parts of the tables are written.
func (e *Edit) held() (tables [inKeys]table) {
	for k := range tables {
		tables[k].size, tables[k].entries = e.tables[k].size, e.tables[k].entries
	}
	return tables
}
