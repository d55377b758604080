package service

import (
	"cmp"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// known finds the records of one kind by what makes them the ones they are.
type known struct{ live, archived map[string][]*readmodel.Entry }

// of returns the records of a kind that the caller may see; they are gathered when a row first asks.
func (m *matching) of(kind directory.Kind) *known {
	if k := m.known[kind]; k != nil {
		return k
	}
	k := &known{live: make(map[string][]*readmodel.Entry), archived: make(map[string][]*readmodel.Entry)}
	m.known[kind] = k
	clearance := m.j.im.write.Caller.Clearance
	for entry := range m.j.head.Entries(kind) {
		if entry.Erased() || entry.MergedInto() != "" ||
			clearance != directory.Ministry && m.j.head.Seen(entry).Level() > clearance.Level() {
			continue
		}
		by := k.live
		if entry.Archived() {
			by = k.archived
		}
		for _, keys := range keysOf(entry.Record()) {
			for _, key := range keys {
				by[key] = append(by[key], entry)
			}
		}
	}
	return k
}

// like returns the records that a row without an id may be about, by id. An id that the reader has derived is not given
// up for a name alone: many organisations of the world share one.
func (k *known) like(r directory.Record, derived bool) []*readmodel.Entry {
	groups := keysOf(r)
	if derived {
		groups = groups[:1]
	}
	found := pick(k.live, groups, r)
	if len(found) == 0 && r.Head().Status == directory.Archived {
		found = pick(k.archived, groups, r)
	}
	return found
}

// pick returns the records that the first group of keys finds.
func pick(by map[string][]*readmodel.Entry, groups [][]string, r directory.Record) []*readmodel.Entry {
	for _, keys := range groups {
		var found []*readmodel.Entry
		for _, key := range keys {
			for _, entry := range by[key] {
				if alike(entry.Record(), r) {
					found = append(found, entry)
				}
			}
		}
		if len(found) > 0 {
			slices.SortFunc(found, func(a, b *readmodel.Entry) int { return cmp.Compare(a.Ref().ID, b.Ref().ID) })
			return slices.Compact(found)
		}
	}
	return nil
}

// alike tells whether two records of a kind with a key in common may be the same: organisations of the same name in two
// countries are not, nor are documents of the same title and day at two addresses.
func alike(a, b directory.Record) bool {
	switch a := a.(type) {
	case *directory.Actor:
		b, ok := b.(*directory.Actor)
		return ok && (a.Country == b.Country || a.Country == "" || b.Country == "" || shareIdentifier(a, b))
	case *directory.Source:
		b, ok := b.(*directory.Source)
		return ok && (a.URL == b.URL || a.URL == "" || b.URL == "")
	default:
		return true
	}
}

func shareIdentifier(a, b *directory.Actor) bool {
	return slices.ContainsFunc(a.Identifiers, func(x directory.Identifier) bool {
		return slices.ContainsFunc(b.Identifiers, func(y directory.Identifier) bool {
			return directory.IdentifierKey(x) == directory.IdentifierKey(y)
		})
	})
}

// keysOf returns what makes a record the one it is, in groups of which one counts only when those before find nothing:
// of an actor its identifiers, then its names; of an initiative its names; of a source its address, then title and date;
// of a function its notation; of a role and a relation what they say.
func keysOf(r directory.Record) [][]string {
	switch r := r.(type) {
	case *directory.Actor:
		identifiers := make([]string, len(r.Identifiers))
		for i, id := range r.Identifiers {
			identifiers[i] = joinedKey("identifier", directory.IdentifierKey(id))
		}
		return [][]string{identifiers, nameKeys(directory.Actors, r.Name)}
	case *directory.Initiative:
		return [][]string{nameKeys(directory.Initiatives, r.Name)}
	case *directory.Source:
		var address []string
		if r.URL != "" {
			address = []string{joinedKey("address", r.URL)}
		}
		return [][]string{address, {joinedKey("title", r.Title, string(r.Date))}}
	case *directory.Function:
		return [][]string{{joinedKey("notation", strings.ToLower(r.Notation))}}
	case *directory.Role:
		places := slices.Sorted(slices.Values(r.Territories))
		return [][]string{{joinedKey("role", r.Actor, r.Type, r.Function, r.Initiative, strings.Join(places, ";"))}}
	case *directory.Relation:
		return [][]string{{joinedKey("relation", r.From, r.Type, r.To)}}
	default:
		return nil
	}
}

func nameKeys(kind directory.Kind, name directory.Text) []string {
	keys := make([]string, 0, len(name))
	for _, lang := range name.Languages() {
		keys = append(keys, joinedKey(string(kind), lang, name[lang]))
	}
	return keys
}

func joinedKey(parts ...string) string { return strings.Join(parts, "\x00") }
