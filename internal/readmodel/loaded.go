package readmodel

import (
	"sync"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Loaded ends loading: it decodes what is not yet, completes what follows from several records and sets the position.
// After an error the edit is of no use.
//
// There are many records and nobody reads the state yet. So only columns are written one record after the other; what
// goes from values to records is made from them at the end, all at once.
func (e *Edit) Loaded(p ledger.Position, at time.Time) error {
	if e.loading != nil {
		tables, err := e.loading.sorted()
		if err != nil {
			return err
		}
		e.loading = nil
		e.hold(tables)
	}
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

// hold gives the records their ordinals, in the order of their ids.
func (e *Edit) hold(tables [numKinds][]*Entry) {
	for k, entries := range tables {
		n := uint32(len(entries)) //nolint:gosec // an ordinal
		if n == 0 {
			continue
		}
		t := e.table(kindIndex(k))
		names := make([]string, n)
		for i, entry := range entries {
			t.entries.set(e.owner, uint32(i), entry)
			names[i] = entry.id
		}
		t.ids.load(names)
		t.size, t.sorted, t.held, t.last = n, n, n, names[n-1]
		for f := range t.fields {
			t.fields[f].load(e.owner)
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
		t.live[l] = &bitmap{owner: e.owner, mine: true, base: &basis{Bitmap: bitmapOf(live[l])}}
		t.archived[l] = &bitmap{owner: e.owner, mine: true, base: &basis{Bitmap: bitmapOf(archived[l])}}
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
