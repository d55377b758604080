package readmodel

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// NoValue is the id of what closes every dimension: the roles that have no value in it.
const NoValue = "none"

// dimension is one way to part roles.
type dimension struct {
	name string
	key  columnKey // whose codes, or numbers of lists of codes, part the roles; see selfKey
	// lay finds the items, in order, and those that each code counts for.
	lay func(*axis)
}

// selfKey is the key of the dimension whose codes are the actors themselves.
const selfKey = -1

// dimensions returns all of them.
func dimensions() []dimension {
	return []dimension{
		{"actor", columnKey{inActors, selfKey}, func(x *axis) { x.layRecords(inActors) }},
		{"group", columnKey{inActors, actorGroup}, func(x *axis) { x.layTerms(directory.VocabularyGroups, true) }},
		{"country", columnKey{inActors, actorCountry}, func(x *axis) { x.layTerms(directory.VocabularyCountries, false) }},
		{"function", columnKey{inRoles, roleFunction}, func(x *axis) { x.layFunctions() }},
		{"initiative", columnKey{inRoles, roleInitiative}, func(x *axis) { x.layRecords(inInitiatives) }},
		{"territory", columnKey{inRoles, roleTerritory}, func(x *axis) { x.layTerms(directory.VocabularyTerritories, false) }},
		{"type", columnKey{inRoles, roleType}, func(x *axis) { x.layTerms(directory.VocabularyRoleTypes, true) }},
		{"raci", columnKey{inRoles, roleLetter}, func(x *axis) { x.layTerms(directory.VocabularyRACI, true) }},
		{"framework", columnKey{inRoles, roleFramework}, func(x *axis) { x.layFrameworks() }},
	}
}

// Dimensions returns the names of the dimensions.
func Dimensions() []string {
	var names []string
	for _, d := range dimensions() {
		names = append(names, d.name)
	}
	return names
}

func dimensionNamed(name string) (dimension, bool) {
	for _, d := range dimensions() {
		if d.name == name {
			return d, true
		}
	}
	return dimension{}, false
}

// axis is a dimension at work: the rows or the columns of a matrix.
type axis struct {
	dimension
	*ordered

	items []AnalysisItem // none is the last
	at    []int32        // code → its item; -1 where there is none
	seen  []bool         // key → some role of the evidence has it; nil until asked for

	slots  []int32  // the items that each key counts for, one key after the other
	starts []uint32 // key → where its slots begin
	most   int      // how many items one key counts for at most
}

func (o *ordered) axis(d dimension) *axis {
	x := &axis{dimension: d, ordered: o}
	d.lay(x)
	x.items = append(x.items, AnalysisItem{ID: NoValue, Label: noValueLabel(o.q.Lang)})
	x.fillSlots()
	return x
}

func noValueLabel(lang string) string {
	return directory.Text{"fr": "Aucun", "en": "None", "ar": "بدون"}.In(lang)
}

// of returns the field that parts the roles; nil where the actors themselves do.
func (x *axis) of() *field {
	if x.key.field == selfKey {
		return nil
	}
	return x.fieldOf(x.key.table, x.key.field)
}

// keys is how many keys there may be.
func (x *axis) keys() int {
	switch f := x.of(); {
	case f == nil:
		return int(x.s.tables[inActors].size) + 1
	case f.multi:
		return int(f.lists.size) + 1
	default:
		return x.codes()
	}
}

// codes is how many codes there may be.
func (x *axis) codes() int {
	f := x.of()
	switch {
	case f == nil:
		return int(x.s.tables[inActors].size) + 1
	case x.target() != noKind:
		return int(x.s.tables[x.target()].size) + 1
	default:
		return int(f.words.size) + 1
	}
}

// target is the table whose records the codes are; noKind where they are words.
func (x *axis) target() kindIndex {
	if x.key.field == selfKey {
		return inActors
	}
	return linked.form[x.key.table][x.key.field].target
}

// keyOf returns the key of a role that counts for an actor.
func (x *axis) keyOf(of actorsRole) uint32 {
	switch {
	case x.key.field == selfKey:
		return of.actor + 1
	case x.key.table == inActors:
		return x.of().one.at(of.actor)
	default:
		return x.of().one.at(of.role)
	}
}

// column returns the keys by place.
func (x *axis) column() []uint32 {
	if x.key.field == selfKey {
		return x.order.actors
	}
	return x.order.column(x.key)
}

// short tells whether the keys are of a field and every one of them fits in a byte.
func (x *axis) short() bool { return x.of() != nil && x.keys() <= math.MaxUint8+1 }

// codesSeen returns the codes that occur in the evidence, without those above them.
func (x *axis) codesSeen() []uint32 {
	x.seen = make([]bool, x.keys())
	column := x.column()
	x.order.all().each(x.places, func(place int) { x.seen[column[place]] = true })
	for _, of := range x.changed {
		x.seen[x.keyOf(of)] = true
	}
	var codes []uint32
	marks := make([]bool, x.codes())
	for key, seen := range x.seen {
		if !seen || key == 0 {
			continue
		}
		for _, code := range x.codesOfKey(uint32(key)) {
			if !marks[code] {
				marks[code] = true
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// codesOfKey returns the codes of a key that is not none.
func (x *axis) codesOfKey(key uint32) []uint32 {
	if f := x.of(); f != nil && f.multi {
		return f.lists.values.at(key)
	}
	return []uint32{key}
}

// layTerms makes items of the terms of a vocabulary: all of them, or those that occur, in its order.
func (x *axis) layTerms(vocabulary string, whole bool) {
	v, _ := directory.VocabularyNamed(vocabulary)
	words := x.of().words
	x.at = absent(x.codes())
	wanted := make([]bool, len(v.Terms))
	if !whole {
		for _, code := range x.codesSeen() {
			if rank := v.Rank(words.value(code)); rank < len(wanted) {
				wanted[rank] = true
			}
		}
	}
	for rank := range v.Terms {
		term := &v.Terms[rank]
		if !whole && !wanted[rank] {
			continue
		}
		if code := words.code(term.Code); code != none {
			x.at[code] = int32(len(x.items)) //nolint:gosec // vocabularies are short
		}
		x.items = append(x.items, AnalysisItem{ID: term.Code, Label: term.Label.In(x.q.Lang), Parent: term.Parent})
	}
}

// layFrameworks makes items of every code of every framework.
func (x *axis) layFrameworks() {
	words := x.of().words
	x.at = absent(x.codes())
	for _, framework := range directory.Frameworks() {
		codes, _ := directory.VocabularyNamed(framework)
		for i := range codes.Terms {
			term := &codes.Terms[i]
			item := AnalysisItem{ID: framework + ":" + term.Code, Label: term.Label.In(x.q.Lang)}
			if term.Parent != "" {
				item.Parent = framework + ":" + term.Parent
			}
			if code := words.code(item.ID); code != none {
				x.at[code] = int32(len(x.items)) //nolint:gosec // frameworks are short
			}
			x.items = append(x.items, item)
		}
	}
}

// layFunctions makes items of the functions that are chosen, and, where a framework's code is asked for, of those that
// initiatives with it lead to.
func (x *axis) layFunctions() {
	chosen := x.chosen(inFunctions, "function", functionFramework)
	if slices.ContainsFunc(x.q.Filters, func(f Filter) bool { return f.Name == "framework" }) {
		for _, code := range x.codesSeen() {
			chosen.Add(code - 1)
		}
	}
	x.place(x.evidence.items(inFunctions, x.s.inTaxonomy(chosen)))
}

// layRecords makes items of the records that occur, and of those above them where these count, by label.
func (x *axis) layRecords(k kindIndex) {
	t := x.s.tables[k]
	found := roaring.New()
	for _, code := range x.codesSeen() {
		found.Add(code - 1)
		if x.rollsUp() {
			t.above(code-1, func(over uint32) bool { return found.CheckedAdd(over) })
		}
	}
	for i := range x.q.Filters { // what is above those that were asked for was not asked for
		if f := &x.q.Filters[i]; f.Name == x.name && x.rollsUp() && len(f.Values) > 0 {
			found.And(x.subtrees(k, f.Name, f.Values))
		}
	}
	x.place(x.sortedByLabel(k, found))
}

// rollsUp tells whether what stands above a record counts its roles, too.
func (x *axis) rollsUp() bool { return x.key.table == inRoles && x.target() != noKind }

// sortedByLabel returns records as items by label.
func (x *axis) sortedByLabel(k kindIndex, some *roaring.Bitmap) []AnalysisItem {
	texts := &x.s.byText(k, orderKey{sortField: nameField(k)}, x.q.Lang).texts
	ords := some.ToArray()
	slices.SortFunc(ords, func(a, b uint32) int {
		return cmp.Or(strings.Compare(texts.at(a), texts.at(b)), strings.Compare(x.s.tables[k].id(a), x.s.tables[k].id(b)))
	})
	return x.evidence.items(k, ords)
}

// place makes records the items.
func (x *axis) place(items []AnalysisItem) {
	x.items = items
	x.at = absent(x.codes())
	for i := range items {
		x.at[items[i].ord+1] = int32(i)
	}
}

// absent returns a list in which no code has an item.
func absent(codes int) []int32 {
	at := make([]int32, codes)
	for i := range at {
		at[i] = -1
	}
	return at
}

// fillSlots works out for each key the items that it counts for: its codes, what stands above them, or none.
func (x *axis) fillSlots() {
	keys := x.keys()
	x.starts = make([]uint32, keys+1)
	x.slots = append(make([]int32, 0, 2*keys), int32(len(x.items)-1)) //nolint:gosec // bounded by the size of a matrix
	for key := 1; key < keys; key++ {
		x.starts[key] = uint32(len(x.slots)) //nolint:gosec // as above
		if x.seen == nil || x.seen[key] {
			x.appendSlots(uint32(key))
		}
	}
	x.starts[keys] = uint32(len(x.slots)) //nolint:gosec // as above
	for key := range keys {
		x.most = max(x.most, int(x.starts[key+1]-x.starts[key]))
	}
}

// mostFixed is up to how many items of a key are kept in a list of a fixed length.
const mostFixed = 4

// fixed returns the slots of the keys, most of each key: what is missing is the place behind the last item.
func (x *axis) fixed() []int32 {
	list := make([]int32, x.most*(len(x.starts)-1))
	for i := range list {
		list[i] = int32(len(x.items)) //nolint:gosec // bounded by the size of a matrix
	}
	for key := range len(x.starts) - 1 {
		copy(list[key*x.most:], x.slotsOf(uint32(key)))
	}
	return list
}

func (x *axis) appendSlots(key uint32) {
	begin := len(x.slots)
	add := func(code uint32) bool {
		if at := x.at[code]; at >= 0 && !slices.Contains(x.slots[begin:], at) {
			x.slots = append(x.slots, at)
		}
		return true
	}
	if f := x.of(); f == nil || !f.multi {
		add(key)
		if x.rollsUp() {
			x.s.tables[x.target()].above(key-1, func(over uint32) bool { return add(over + 1) })
		}
		return
	}
	for _, code := range x.codesOfKey(key) { // codes of lists hold those above them already
		add(code)
	}
}

// slotsOf returns the items that a key counts for.
func (x *axis) slotsOf(key uint32) []int32 { return x.slots[x.starts[key]:x.starts[key+1]] }
