package readmodel

import (
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/tidwall/btree"
)

// settleAll is settle for a state that was empty: the columns are written record by record, and the sets are made of
// whole columns. The indexes of texts and names are left out.
func (e *Edit) settleAll() {
	if len(e.changes) == 0 {
		return
	}
	e.fillFields(func() {
		for _, c := range e.changes {
			e.touch(c.table, c.ord)
			if entry := e.table(c.table).entries.at(c.ord); !entry.Erased() {
				in := e.indexer(c.table, c.ord, true)
				in.envelope(entry)
				in.record(entry.Record)
			}
		}
		for ord := range e.tables[inRoles].size {
			if e.tables[inRoles].entries.at(ord) != nil {
				e.derive(ord)
			}
		}
	})
	moved := make([]node, 0, len(e.changes))
	for _, c := range e.changes {
		moved = append(moved, node{c.table, c.ord})
	}
	e.settleLevels(moved)
	for _, c := range e.changes {
		e.house(c.table, c.ord)
	}
	e.changes = nil
}

// fillFields has the columns written, and makes of each what else a field has.
func (e *Edit) fillFields(write func()) {
	var fields []*field
	var within []int // the tables of the fields
	for k := range e.tables {
		t := e.table(kindIndex(k))
		for i := range t.fields {
			fields, within = append(fields, &t.fields[i]), append(within, k)
			t.fields[i].begin()
		}
	}
	write()
	var texts [numKinds][]uint32 // the ordinals of what has a text
	for k, t := range e.tables {
		for ord := range t.size {
			if entry := t.entries.at(ord); entry != nil && !entry.Erased() {
				texts[k] = append(texts[k], ord)
			}
		}
	}
	var next atomic.Int64
	together(min(runtime.GOMAXPROCS(0), mostWorkers), func(int) {
		for i := next.Add(1) - 1; i < int64(len(fields)); i = next.Add(1) - 1 {
			fields[i].fill(e.owner, texts[within[i]])
		}
	})
}

// begin makes the field one of which only the column is written, until fill.
func (f *field) begin() {
	f.filling = true
	f.words.codes.begin()
	f.lists.codes.begin()
}

// fill makes the sets of the records that stand in the column, which are given in ascending order.
func (f *field) fill(o *owner, ords []uint32) {
	f.filling = false
	f.words.codes.end()
	f.lists.codes.end()
	var buffer [1]uint32
	each := func(do func(code, ord uint32)) {
		for _, ord := range ords {
			f.eachSet(f.codes(ord, &buffer), func(code uint32) { do(code, ord) })
		}
	}
	var ends []uint32 // by code: first how many records there are, then where they end
	each(func(code, _ uint32) {
		if n := int(code) + 1 - len(ends); n > 0 {
			ends = append(ends, make([]uint32, n)...)
		}
		ends[code]++
	})
	next := make([]uint32, len(ends))
	total, sets := uint32(0), 0
	for code, n := range ends {
		next[code] = total
		total += n
		ends[code] = total
		if n > 0 {
			sets++
		}
	}
	all := make([]uint32, total)
	each(func(code, ord uint32) {
		all[next[code]] = ord
		next[code]++
	})
	made := make([]set, 0, sets)
	from := uint32(0)
	for code, end := range ends {
		if end > from {
			made = append(made, setOfAll(o, all[from:end]))
			f.sets.set(o, uint32(code), &made[len(made)-1])
		}
		from = end
	}
}

// setOfAll returns the set of some ordinals, ascending and without doubles, for its owner to change.
func setOfAll(o *owner, ords []uint32) set {
	if len(ords) <= fewest {
		return set{few: slices.Clone(ords)}
	}
	return set{many: &bitmap{owner: o, base: roaring.BitmapOf(ords...)}}
}

// numbering holds numbers from 1, by keys: what a start has read in a map, which is made in a part of the time that a tree
// takes and never changes afterwards, and what came later in a tree.
type numbering struct {
	first   map[string]uint32
	filling bool // first is being made
	later   btree.Map[string, uint32]
}

// of returns the number of a key; zero when it has none.
func (n *numbering) of(key string) uint32 {
	if number, ok := n.first[key]; ok || n.filling {
		return number
	}
	number, _ := n.later.Get(key)
	return number
}

func (n *numbering) set(key string, number uint32) {
	if n.filling {
		n.first[key] = number
		return
	}
	n.later.Set(key, number)
}

// begin makes the numbering one that is filled until end.
func (n *numbering) begin() { n.first, n.filling = make(map[string]uint32), true }

func (n *numbering) end() { n.filling = false }
