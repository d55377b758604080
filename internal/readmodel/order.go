package readmodel

import (
	"slices"
	"strings"

	"github.com/tidwall/btree"
)

// order holds the records of a table sorted by one key, then by id ascending. Of text there is only the ascending one:
// few records share a text.
type order struct {
	table kindIndex
	key   orderKey
	lang  string // of names
	tree  btree.BTreeG[orderItem]
	texts vector[string] // ordinal → text
}

type orderItem struct {
	value
	id  string
	ord uint32
}

// byText returns the records of a table sorted by a text, ascending.
func (s *Snapshot) byText(k kindIndex, key orderKey, lang string) *order {
	key.down = false
	if key.name != "name" {
		lang = ""
	}
	return s.caches.names.get(maxNames,
		func(o *order) bool { return o.table == k && o.key.name == key.name && o.lang == lang },
		func() *order { return newOrder(s.tables[k], key, lang) })
}

// byNumber returns the records of a table sorted by a number; nil when too many orders are kept already.
func (s *Snapshot) byNumber(k kindIndex, key orderKey) *order {
	fits := func(o *order) bool { return o.table == k && o.key.name == key.name && o.key.down == key.down }
	list := s.caches.numbers.all()
	if _, ok := pick(list, fits); !ok && len(list) >= maxNumbers {
		return nil
	}
	return s.caches.numbers.get(maxNumbers, fits, func() *order { return newOrder(s.tables[k], key, "") })
}

// orderDegree is that of the trees: a commit copies a path of each, so their nodes are not as large as they might be.
const orderDegree = 12

func newOrder(t *table, key orderKey, lang string) *order {
	o := &order{table: t.kind, key: key, lang: lang}
	mine := new(owner)
	items := make([]orderItem, 0, t.held)
	for ord := range t.size {
		item, ok := o.item(t, ord)
		if !ok {
			continue
		}
		items = append(items, item)
		if key.text {
			o.texts.set(mine, ord, item.text)
		}
	}
	compare := o.compare()
	slices.SortFunc(items, compare)
	tree := btree.NewBTreeGOptions(func(a, b orderItem) bool { return compare(a, b) < 0 }, btree.Options{NoLocks: true, Degree: orderDegree})
	for _, item := range items {
		tree.Load(item)
	}
	o.tree = *tree
	return o
}

func (o *order) compare() func(a, b orderItem) int {
	down := o.key.down
	return func(a, b orderItem) int {
		if c := a.compare(b.value, down); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	}
}

// item says where a record stands; ok is false for one that is in no list.
func (o *order) item(t *table, ord uint32) (item orderItem, ok bool) {
	entry := t.entries.at(ord)
	if entry == nil || entry.Erased() {
		return item, false
	}
	item = orderItem{id: entry.id, ord: ord}
	if o.key.text {
		item.text = o.key.word(entry, o.lang)
	} else {
		item.number = o.key.number(t, ord)
	}
	return item, true
}

// advance brings it up to date for the next snapshot.
func (o *order) advance(last, s *Snapshot, t *touches) *order {
	was, is := last.tables[o.table], s.tables[o.table]
	next, mine := o, new(owner)
	for n := range t.nodes { // in any order: each record stands for itself
		if n.table != o.table {
			continue
		}
		before, had := o.item(was, n.ord)
		after, has := o.item(is, n.ord)
		if had == has && before == after {
			continue
		}
		if next == o {
			next = o.fork()
		}
		if had {
			next.tree.Delete(before)
		}
		if has {
			next.tree.Set(after)
		}
		if o.key.text {
			next.texts.set(mine, n.ord, after.text)
		}
	}
	return next
}

// fork returns a copy that may go on by itself; the tree given is only read.
func (o *order) fork() *order {
	next := *o
	shared := o.tree
	next.tree = *shared.IsoCopy()
	return &next
}
