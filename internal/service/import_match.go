package service

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// target is the record that a row is about: one that is there, or a new id. Without an id the row was refused, now or
// before.
type target struct {
	entry *readmodel.Entry // nil for a new record
	id    string
}

// matching finds the records of the rows of an import, kind by kind, those first that others name.
type matching struct {
	j      *judgement
	alias  map[directory.Ref]string // ids of rows that turned out to be about a record with another id
	taken  map[directory.Ref]int    // the rows, counted from 1
	known  map[directory.Kind]*known
	rows   map[string]earlierRow // those that make new records, by what makes them the ones they are
	counts map[directory.Ref]int // how many rows have suggested an id
}

// earlierRow is a row that makes a new record, and the record's id.
type earlierRow struct {
	row int
	id  string
}

func newMatching(j *judgement) *matching {
	return &matching{
		j: j, alias: make(map[directory.Ref]string), taken: make(map[directory.Ref]int),
		known: make(map[directory.Kind]*known), rows: make(map[string]earlierRow), counts: make(map[directory.Ref]int),
	}
}

// match returns the target of each row of a kind. The rows that say an id come first: none of the others gets it.
func (m *matching) match(rows []int) []target {
	targets := make([]target, len(rows))
	for _, naming := range []bool{true, false} {
		for i, row := range rows {
			if !m.j.refused[row] && m.names(row) == naming {
				targets[i] = m.settle(row)
			}
		}
	}
	return targets
}

// names tells whether a row says by an id which record it is about.
func (m *matching) names(row int) bool {
	it := &m.j.im.items[row]
	same, _ := it.SameAs()
	return it.Record.Head().ID != "" || same != ""
}

// settle finds the record of a row, which no earlier row is about.
func (m *matching) settle(row int) target {
	found, ok := m.find(row)
	if !ok {
		return target{}
	}
	r := m.j.im.items[row].Record
	ref := directory.Ref{Kind: r.RecordKind(), ID: found.id}
	if first := m.taken[ref]; first > 0 {
		m.j.refuse(row, "/id", fault.CodeRowTwice, m.twice(first-1, found.id))
		return target{}
	}
	m.taken[ref] = row + 1
	if own := r.Head().ID; own != "" && own != found.id {
		m.alias[directory.Ref{Kind: ref.Kind, ID: own}] = found.id
	}
	return found
}

// find returns the record that a row is about, or the id of the one that it makes; false when the row was refused.
func (m *matching) find(row int) (target, bool) {
	it := &m.j.im.items[row]
	same, _ := it.SameAs()
	own := it.Record.Head().ID
	switch {
	case same != "":
		return m.same(row, it.Record, same)
	case own == "":
		return m.unnamed(row, it)
	}
	found, ok := m.byID(row, it.Record, own)
	if !ok || found.entry != nil || !it.Derived() || it.Record.Head().Status == directory.Archived {
		m.remember(row, it.Record, found)
		return found, ok
	}
	if held, ok := m.held(row, it.Record, true); !ok || held.entry != nil {
		return held, ok
	}
	m.remember(row, it.Record, found)
	return found, true
}

// byID finds the record with the id that a row says.
func (m *matching) byID(row int, r directory.Record, id string) (target, bool) {
	ref := directory.Ref{Kind: r.RecordKind(), ID: id}
	entry, held := m.j.head.Find(ref)
	if !held {
		return target{id: id}, true
	}
	if _, visible := m.j.head.Lookup(ref, m.j.im.write.Caller.Clearance); !visible {
		m.j.refuse(row, "/id", fault.CodeIDTaken, fault.Args{"id": id})
		return target{}, false
	}
	return target{entry, id}, true
}

// same finds the record that the column same_as names.
func (m *matching) same(row int, r directory.Record, id string) (target, bool) {
	ref := directory.Ref{Kind: r.RecordKind(), ID: id}
	entry, visible := m.j.head.Lookup(ref, m.j.im.write.Caller.Clearance)
	if !visible || entry.Archived() {
		m.j.refuse(row, "/same_as", fault.CodeSameAsUnknown, fault.Args{"id": id})
		return target{}, false
	}
	if own := r.Head().ID; own != "" && own != id {
		if other, ok := m.j.head.Find(directory.Ref{Kind: ref.Kind, ID: own}); ok && !other.Archived() {
			m.j.refuse(row, "/same_as", fault.CodeSameAsOtherID, nil)
			return target{}, false
		}
	}
	return target{entry, id}, true
}

// unnamed finds the record of a row without an id, or makes up an id.
func (m *matching) unnamed(row int, it *interchange.Item) (target, bool) {
	r := m.resolved(it.Record)
	kind := r.RecordKind()
	_, isNew := it.SameAs()
	base := interchange.ContentID(r)
	if kind == directory.Roles || kind == directory.Relations {
		return m.said(row, r, base)
	}
	if isNew {
		return m.madeBefore(row, it, base), true
	}
	found, ok := m.held(row, r, false)
	if !ok || found.entry != nil {
		return found, ok
	}
	if first, twice := m.earlier(r); twice {
		m.j.refuse(row, "", fault.CodeRowTwice, m.twice(first.row, first.id))
		return target{}, false
	}
	found.id = m.free(row, kind, base)
	m.remember(row, r, found)
	return found, true
}

// resolved returns a row's record with the ids that its references have in the directory.
func (m *matching) resolved(r directory.Record) directory.Record {
	_, isRole := r.(*directory.Role)
	if !isRole && len(m.alias) == 0 {
		return r
	}
	r = shallow(r)
	if len(m.alias) > 0 {
		renamed(r, func(ref directory.Ref) string { return cmp.Or(m.alias[ref], ref.ID) })
	}
	if role, ok := r.(*directory.Role); ok {
		role.Function = m.j.plan.functionID(role.Function)
	}
	return r
}

// said finds the role or the relation that says what a row says. One that an earlier import made of the same row is
// known by its id; rows that say the same are told apart by their order.
func (m *matching) said(row int, r directory.Record, base string) (target, bool) {
	kind := r.RecordKind()
	for {
		ref := directory.Ref{Kind: kind, ID: base}
		m.counts[ref]++
		if n := m.counts[ref]; n > 1 {
			ref.ID = numbered(base, n)
		}
		entry, held := m.j.head.Find(ref)
		if !held {
			found, ok := m.held(row, r, false)
			found.id = cmp.Or(found.id, ref.ID)
			return found, ok
		}
		if _, visible := m.j.head.Lookup(ref, m.j.im.write.Caller.Clearance); visible && m.taken[ref] == 0 {
			return target{entry, ref.ID}, true
		}
	}
}

// madeBefore finds the record that the same row made in an earlier import, though it says that it is new, or makes up
// an id.
func (m *matching) madeBefore(row int, it *interchange.Item, base string) target {
	kind := it.Record.RecordKind()
	for n := 1; base != "" && n <= maxNumbered; n++ {
		ref := directory.Ref{Kind: kind, ID: numbered(base, n)}
		entry, visible := m.j.head.Lookup(ref, m.j.im.write.Caller.Clearance)
		if !visible || entry.Archived() || m.taken[ref] > 0 {
			continue
		}
		after := shallow(it.On(entry.Record()))
		after.Head().ID = ref.ID
		if item, err := arranged("put", entry, after); err == nil && item.unchanged {
			return target{entry, ref.ID}
		}
	}
	return target{id: m.free(row, kind, base)}
}

// maxNumbered is how many ids are tried before a random one is taken.
const maxNumbered = 1000

// numbered is the n-th id of those that a text suggests.
func numbered(base string, n int) string {
	if n == 1 {
		return base
	}
	return base + "-" + strconv.Itoa(n)
}

// free returns the first id of those that a text suggests which neither a record nor another row has.
func (m *matching) free(row int, kind directory.Kind, base string) string {
	for n := 1; base != "" && n <= maxNumbered; n++ {
		ref := directory.Ref{Kind: kind, ID: numbered(base, n)}
		if _, held := m.j.head.Find(ref); !held && m.taken[ref] == 0 {
			return ref.ID
		}
	}
	if m.j.im.random[row] == "" {
		m.j.im.random[row] = randomID(kind)
	}
	return m.j.im.random[row]
}

// held finds the one record of the directory that is known by what makes a row the one it is.
func (m *matching) held(row int, r directory.Record, derived bool) (target, bool) {
	entries := m.of(r.RecordKind()).like(r, derived)
	if len(entries) > 1 {
		entries = sameEntries(entries, r)
	}
	switch len(entries) {
	case 0:
		return target{}, true
	case 1:
		return target{entries[0], entries[0].Ref().ID}, true
	default:
		m.j.refuse(row, "", fault.CodeSeveralMatches, fault.Args{"ids": idsOf(entries)})
		return target{}, false
	}
}

// idsOf names the first records of a list.
func idsOf(entries []*readmodel.Entry) string {
	var ids []string
	for _, entry := range entries[:min(len(entries), maxNamed)] {
		ids = append(ids, entry.Ref().ID)
	}
	return strings.Join(ids, ", ")
}

// sameEntries leaves of several roles or relations the one with the row's period, if there is just one.
func sameEntries(entries []*readmodel.Entry, r directory.Record) []*readmodel.Entry {
	start, end, timed := periodOf(r)
	if !timed {
		return entries
	}
	same := slices.DeleteFunc(slices.Clone(entries), func(entry *readmodel.Entry) bool {
		from, to, _ := periodOf(entry.Record())
		return from != start || to != end
	})
	if len(same) == 1 {
		return same
	}
	return entries
}

// periodOf returns the period of a role or a relation as it is written.
func periodOf(r directory.Record) (start, end directory.Date, ok bool) {
	switch r := r.(type) {
	case *directory.Role:
		return r.Start, r.End, true
	case *directory.Relation:
		return r.Start, r.End, true
	default:
		return "", "", false
	}
}

// remember notes a row that makes a new record, so that a later one without an id is found to be about the same.
func (m *matching) remember(row int, r directory.Record, found target) {
	if found.id == "" || found.entry != nil {
		return
	}
	for _, keys := range keysOf(r) {
		for _, key := range keys {
			if _, had := m.rows[key]; !had {
				m.rows[key] = earlierRow{row, found.id}
			}
		}
	}
}

// twice fills the message of a row about a record that another row is about as well.
func (m *matching) twice(first int, id string) fault.Args {
	args := interchange.TwiceArgs(m.j.im.items[first].Place(""), id)
	if args["row"] == 0 { // of no file
		args["row"], args["file"] = first+1, "—"
	}
	return args
}

// earlier returns the earlier row that makes a new record which a row without an id is about as well.
func (m *matching) earlier(r directory.Record) (first earlierRow, twice bool) {
	for _, keys := range keysOf(r) {
		for _, key := range keys {
			if first, had := m.rows[key]; had && alike(m.j.im.items[first.row].Record, r) {
				return first, true
			}
		}
	}
	return earlierRow{}, false
}
