package readmodel

import (
	"runtime"
	"slices"
	"sync"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Load takes one record of a checkpoint; the edit must be of an empty state. Records may name others that come later;
// Loaded completes them.
func (e *Edit) Load(r ledger.Record) {
	k, ok := indexOf(r.Ref.Kind)
	if !ok {
		return // of a later program; kept by the ledger, not shown
	}
	e.loading = append(e.loading, entryOf(k, r))
	e.telling.loaded = max(e.telling.loaded, r.Seq)
}

// Loaded ends loading: it decodes the records, completes what follows from several of them and sets the position. It
// fails on a text that is no record, and names it.
//
// There are many records and nobody reads the state yet. So only columns are written one record after the other; what
// goes from values to records is made from them at the end, all at once.
func (e *Edit) Loaded(p ledger.Position, at time.Time) error {
	e.hold()
	e.forgetTexts()
	e.near, e.touched = new(nearNames), touches{over: true}
	var texts sync.WaitGroup
	defer texts.Wait()
	for k := range numKinds {
		if err := e.decodeTable(k); err != nil {
			return err
		}
		if k < inKeys { // from here on its entries are only read
			index, t, size := e.texts[k], e.tables[k], e.tables[k].size
			texts.Go(func() { index.build(&t.entries, size) })
		}
	}
	for k := range numKinds {
		e.gather(k)
	}
	e.riseAll()
	e.position, e.at = p, at
	e.journal.begin(p.Seq)
	e.receipts.expire(e.owner, at)
	e.clean = false
	return nil
}

// hold gives the records their ordinals, in the order of their ids: of several versions of one the newest counts.
func (e *Edit) hold() {
	slices.SortStableFunc(e.loading, compareEntries)
	var names [numKinds][]string
	for i, entry := range e.loading {
		if i > 0 && compareEntries(e.loading[i-1], entry) == 0 {
			ord := uint32(len(names[entry.table])) - 1 //nolint:gosec // an ordinal
			if entry.follows(e.tables[entry.table].entries.at(ord)) {
				e.table(entry.table).entries.set(e.owner, ord, entry)
			}
			continue
		}
		ord := uint32(len(names[entry.table])) //nolint:gosec // an ordinal
		names[entry.table] = append(names[entry.table], entry.id)
		e.table(entry.table).entries.set(e.owner, ord, entry)
	}
	e.loading = nil
	for k, ids := range names {
		if n := uint32(len(ids)); n > 0 { //nolint:gosec // an ordinal
			t := e.tables[k]
			t.ids.load(slices.Clip(ids))
			t.size, t.sorted, t.held, t.last = n, n, n, ids[n-1]
			for f := range t.fields {
				t.fields[f].words.load()
				t.fields[f].lists.load()
			}
		}
	}
}

// decodeTable decodes the records of a table and writes their columns, those with what follows from other tables, too:
// tables come after those that they take from.
func (e *Edit) decodeTable(k kindIndex) error {
	if e.tables[k].held == 0 {
		return nil
	}
	size := e.tables[k].size // what is only named comes later, and has no entry
	entries := make([]*Entry, 0, size)
	ords := make([]uint32, 0, size)
	for ord := range size {
		switch entry := e.tables[k].entries.at(ord); {
		case entry == nil:
		case entry.Erased():
			e.table(k).levels.set(e.owner, ord, entry.level())
		default:
			entries, ords = append(entries, entry), append(ords, ord)
		}
	}
	next := 0
	return decodeInOrder(entries, func(record directory.Record) {
		ord := ords[next]
		in := e.indexer(k, ord, true)
		in.columns = true
		in.envelope(entries[next], record.Head())
		in.record(record)
		if role, ok := record.(*directory.Role); ok {
			assign(&in.table.periods, e.owner, ord, e.effective(role))
			in.derived(role)
		}
		if level := entries[next].level(); level > 0 {
			in.table.levels.set(e.owner, ord, level)
		}
		next++
	})
}

// batchSize is how many entries are decoded at a time.
const batchSize = 512

// decodeInOrder decodes entries, several at once and no more of them than are soon used, and calls use with the records
// in the order of the entries.
func decodeInOrder(entries []*Entry, use func(directory.Record)) error {
	type batch struct {
		records []directory.Record
		err     error
	}
	workers := runtime.GOMAXPROCS(0)
	ahead := make(chan chan batch, 2*workers)
	begun := make(chan struct{}, workers)
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		defer close(ahead)
		for part := range slices.Chunk(entries, batchSize) {
			done := make(chan batch, 1)
			select {
			case ahead <- done:
			case <-ended:
				return
			}
			begun <- struct{}{}
			go func() {
				defer func() { <-begun }()
				b := batch{records: make([]directory.Record, len(part))}
				for i, entry := range part {
					if b.records[i], b.err = entry.decode(); b.err != nil {
						break
					}
					entry.learn(b.records[i])
				}
				done <- b
			}()
		}
	}()
	for done := range ahead {
		b := <-done
		if b.err != nil {
			return b.err
		}
		for _, record := range b.records {
			use(record)
		}
	}
	return nil
}

// gather makes what goes from values to records from the columns of a table, and gives its records their homes.
func (e *Edit) gather(k kindIndex) {
	if e.tables[k].held == 0 {
		return
	}
	t := e.table(k)
	held := make([]uint32, 0, t.held)
	for ord := range t.size {
		if entry := t.entries.at(ord); entry != nil && !entry.Erased() {
			held = append(held, ord)
		}
	}
	for f := range t.fields {
		codes := t.fields[f].words.size
		if target := linked.form[k][f].target; target != noKind {
			codes = e.tables[target].size
		}
		t.fields[f].gather(e.owner, held, codes)
	}
	var live, archived [levels][]uint32
	for _, ord := range held {
		in, to := home{homeLive, t.levels.at(ord)}, &live
		if t.entries.at(ord).Archived() {
			in.in, to = homeArchived, &archived
		}
		t.homes.set(e.owner, ord, in)
		for l := in.level; l < levels; l++ {
			to[l] = append(to[l], ord)
		}
	}
	for l := range levels {
		t.live[l] = &bitmap{owner: e.owner, base: bitmapOf(live[l])}
		t.archived[l] = &bitmap{owner: e.owner, base: bitmapOf(archived[l])}
	}
}

// riseAll raises the levels of the records that name one with a higher level than their own, which all have by now.
func (e *Edit) riseAll() {
	var open []node
	for k := range numKinds {
		for ord := range e.tables[k].size {
			if e.tables[k].levels.at(ord) > 0 {
				open = e.appendReferrers(open, node{k, ord})
			}
		}
	}
	e.rise(open)
}
