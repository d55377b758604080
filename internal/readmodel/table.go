package readmodel

import (
	"cmp"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/tidwall/btree"

	"dalil/internal/directory"
)

// levels is how many visibilities there are.
const levels = 3

// table holds the records of one kind by ordinal. An id keeps its ordinal for good; an ordinal without an entry is an
// id that is only named so far.
type table struct {
	owner    *owner
	kind     kindIndex
	ids      ids
	size     uint32 // ordinals given
	sorted   uint32 // the ordinals below are held, and in the order of the ids
	last     string // the id of the last of them
	held     uint32 // ordinals with an entry
	entries  vector[*Entry]
	periods  vector[directory.Period] // of what has dates: for roles the effective period
	created  vector[int64]            // milliseconds
	updated  vector[int64]
	attested vector[int64]   // zero: never
	levels   vector[uint8]   // effective visibility
	amounts  vector[float64] // of roles: in the currency of the field
	homes    vector[home]
	live     [levels]*bitmap // by clearance, each within the next
	archived [levels]*bitmap
	fields   []field
}

// home says in which of the bitmaps live and archived a record stands.
type home struct {
	in    uint8 // nowhere, among the live, among the archived
	level uint8
}

const (
	homeless = iota
	homeLive
	homeArchived
)

func newTable(k kindIndex) *table {
	t := &table{kind: k, ids: ids{more: *btree.NewMap[string, uint32](mapDegree)}}
	for l := range levels {
		t.live[l], t.archived[l] = &bitmap{base: &basis{Bitmap: roaring.New()}}, &bitmap{base: &basis{Bitmap: roaring.New()}}
	}
	t.fields = make([]field, len(linked.form[k]))
	for i, form := range linked.form[k] {
		t.fields[i] = newField(form.multi)
	}
	return t
}

// fork returns a copy for an owner that may go on by itself.
func (t *table) fork(o *owner) *table {
	own := *t
	own.owner, own.fields = o, slices.Clone(t.fields)
	return &own
}

// values returns of a table what counting needs, without its entries: who keeps it holds on to no text of the past.
func (t *table) values() *table {
	return &table{kind: t.kind, size: t.size, periods: t.periods, amounts: t.amounts, live: t.live, fields: t.fields}
}

// ordinal returns the ordinal of an id.
func (t *table) ordinal(id string) (uint32, bool) { return t.ids.Get(id) }

// admit returns the ordinal of an id, giving it one when it has none.
func (t *table) admit(id string) uint32 {
	if ord, ok := t.ids.Get(id); ok {
		return ord
	}
	ord := t.size
	t.size++
	t.ids.Set(t.owner, id, ord)
	return ord
}

// hold returns the ordinal of an id for an entry. Ordinals that are given in the order of the ids make pages cheap.
func (t *table) hold(id string) uint32 {
	if t.sorted == t.size && (t.size == 0 || id > t.last) {
		t.sorted++
		t.last = id
	}
	return t.admit(id)
}

// find returns the ordinal and the entry of an id.
func (t *table) find(id string) (uint32, *Entry) {
	ord, ok := t.ids.Get(id)
	if !ok {
		return 0, nil
	}
	entry := t.entries.at(ord)
	if entry != nil && entry.past == notYet {
		return ord, nil
	}
	return ord, entry
}

// id returns the id of a record that is held. Those of a checkpoint lie side by side, unlike the records.
func (t *table) id(ord uint32) string {
	if int(ord) < len(t.ids.loaded) {
		return t.ids.loaded[ord]
	}
	return t.entries.at(ord).id
}

// compare compares two records that are held by their ids. The first ones stand in that order already.
func (t *table) compare(a, b uint32) int {
	if a < t.sorted && b < t.sorted {
		return cmp.Compare(a, b)
	}
	return strings.Compare(t.id(a), t.id(b))
}

// isLive tells whether a record is live, whoever asks.
func (t *table) isLive(ord uint32) bool { return t.live[levels-1].has(ord) }

// settle moves a record to its home.
func (t *table) settle(o *owner, ord uint32, to home) {
	from := t.homes.at(ord)
	if from == to {
		return
	}
	t.homes.set(o, ord, to)
	for l := range uint8(levels) {
		rehouse(&t.live[l], o, ord, from.shows(homeLive, l), to.shows(homeLive, l))
		rehouse(&t.archived[l], o, ord, from.shows(homeArchived, l), to.shows(homeArchived, l))
	}
}

// shows tells whether a record with this home stands in a bitmap.
func (h home) shows(in, level uint8) bool { return h.in == in && h.level <= level }

func rehouse(b **bitmap, o *owner, ord uint32, was, is bool) {
	switch {
	case is && !was:
		*b = (*b).add(o, ord)
	case was && !is:
		*b = (*b).remove(o, ord)
	}
}

// parentField is the field that holds the record above; the table has none when ok is false.
func (k kindIndex) parentField() (field int, ok bool) {
	switch k {
	case inActors:
		return actorParent, true
	case inInitiatives:
		return initiativeParent, true
	case inFunctions:
		return functionParent, true
	default:
		return 0, false
	}
}

// subtree returns the record and everything below it, archived ones included.
func (t *table) subtree(ord uint32) *roaring.Bitmap {
	all := roaring.BitmapOf(ord)
	parent, ok := t.kind.parentField()
	if !ok {
		return all
	}
	for open := []uint32{ord}; len(open) > 0; {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		t.fields[parent].set(next + 1).each(func(below uint32) bool {
			if all.CheckedAdd(below) {
				open = append(open, below)
			}
			return true
		})
	}
	return all
}

// above calls f with the ordinals of the record's ancestors, nearest first. Should parents ever go round, it stops.
func (t *table) above(ord uint32, f func(uint32) bool) {
	parent, ok := t.kind.parentField()
	if !ok {
		return
	}
	for steps := uint32(0); steps < t.size; steps++ {
		code := t.fields[parent].one.at(ord)
		if code == none {
			return
		}
		ord = code - 1
		if !f(ord) {
			return
		}
	}
}
