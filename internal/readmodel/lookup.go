package readmodel

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// FunctionNamed returns the id of the live function with that id or notation, in any case. An id comes before a
// notation.
func (s *state) FunctionNamed(idOrNotation string) (id string, ok bool) {
	t := s.tables[inFunctions]
	name := strings.ToLower(idOrNotation)
	if ord, entry := t.find(name); entry != nil && t.isLive(ord) {
		return name, true
	}
	ref, ok := s.NotationHolder(name)
	return ref.ID, ok
}

// NotationHolder returns the live function that has the notation, in any case.
func (s *state) NotationHolder(notation string) (directory.Ref, bool) {
	return s.holder(inFunctions, functionNotation, strings.ToLower(notation), func(uint32) bool { return true })
}

// IdentifierHolder returns the live and active actor that has the identifier with that key
// (directory.IdentifierKey).
func (s *state) IdentifierHolder(key string) (directory.Ref, bool) {
	state := &s.tables[inActors].fields[actorState]
	active := state.words.code(directory.ActorActive)
	return s.holder(inActors, actorIdentifier, key, func(ord uint32) bool { return state.one.at(ord) == active })
}

// holder returns the first live record by id that has a value and passes a test.
func (s *state) holder(k kindIndex, field int, value string, test func(uint32) bool) (first directory.Ref, ok bool) {
	t := s.tables[k]
	code := t.fields[field].words.code(value)
	if code == none {
		return first, false
	}
	t.fields[field].set(code).each(func(ord uint32) bool {
		if t.isLive(ord) && test(ord) {
			if entry := t.entries.at(ord); !ok || entry.id < first.ID {
				first, ok = entry.Ref(), true
			}
		}
		return true
	})
	return first, ok
}

// Referrers returns the live records that name a record, by kind and id.
func (s *state) Referrers(ref directory.Ref) []directory.Ref {
	k, ok := indexOf(ref.Kind)
	if !ok {
		return nil
	}
	ord, ok := s.tables[k].ordinal(ref.ID)
	if !ok {
		return nil
	}
	var refs []directory.Ref
	for _, from := range linked.to[k] {
		t := s.tables[from.table]
		t.fields[from.field].set(ord + 1).each(func(by uint32) bool {
			if t.isLive(by) {
				refs = append(refs, t.entries.at(by).Ref())
			}
			return true
		})
	}
	slices.SortFunc(refs, compareRefs)
	return slices.Compact(refs) // a relation may name an actor twice
}

func compareRefs(a, b directory.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// Ancestors yields the ids of the records above one, by parent, nearest first.
func (s *state) Ancestors(kind directory.Kind, id string) iter.Seq[string] {
	return func(yield func(string) bool) {
		t, ord, ok := s.node(kind, id)
		if !ok {
			return
		}
		t.above(ord, func(above uint32) bool {
			entry := t.entries.at(above)
			return entry != nil && yield(entry.id)
		})
	}
}

// Below yields the ids of the live records below one, by parent, without itself, in the order of their ids.
func (s *state) Below(kind directory.Kind, id string) iter.Seq[string] {
	return func(yield func(string) bool) {
		t, ord, ok := s.node(kind, id)
		if !ok {
			return
		}
		below := t.subtree(ord)
		below.Remove(ord)
		below.And(t.live[levels-1].bits())
		ids := make([]string, 0, below.GetCardinality())
		runs(below, func(ords []uint32) {
			for _, ord := range ords {
				ids = append(ids, t.id(ord))
			}
		})
		slices.Sort(ids)
		for _, id := range ids {
			if !yield(id) {
				return
			}
		}
	}
}

func (s *state) node(kind directory.Kind, id string) (t *table, ord uint32, ok bool) {
	k, ok := indexOf(kind)
	if !ok {
		return nil, 0, false
	}
	ord, ok = s.tables[k].ordinal(id)
	return s.tables[k], ord, ok
}

// EqualRoles returns the live roles that say the same as r: actor, type, function, initiative, territories, and an
// effective period that meets r's. r itself, known by its id, is not among them.
func (s *state) EqualRoles(r *directory.Role) []directory.Ref {
	t := s.tables[inRoles]
	ord, ok := s.tables[inActors].ordinal(r.Actor)
	if !ok {
		return nil
	}
	period := s.effective(r)
	var equal []directory.Ref
	t.fields[roleActor].set(ord + 1).each(func(other uint32) bool {
		entry := t.entries.at(other)
		if !t.isLive(other) || entry.id == r.ID || !t.periods.at(other).Meets(period) {
			return true
		}
		if o, ok := entry.Record().(*directory.Role); ok && SameRole(r, o) {
			equal = append(equal, entry.Ref())
		}
		return true
	})
	slices.SortFunc(equal, compareRefs)
	return equal
}

// SameRole tells whether two roles say the same of an actor, their periods aside.
func SameRole(r, o *directory.Role) bool {
	return r.Actor == o.Actor && r.Type == o.Type && r.Function == o.Function && r.Initiative == o.Initiative &&
		len(r.Territories) == len(o.Territories) &&
		!slices.ContainsFunc(r.Territories, func(code string) bool { return !slices.Contains(o.Territories, code) })
}

// effective is the effective period of a role beside the records held.
func (s *state) effective(r *directory.Role) directory.Period {
	var initiative *directory.Initiative
	var actor *directory.Actor
	if _, entry := s.tables[inInitiatives].find(r.Initiative); entry != nil {
		initiative, _ = entry.Record().(*directory.Initiative)
	}
	if _, entry := s.tables[inActors].find(r.Actor); entry != nil {
		actor, _ = entry.Record().(*directory.Actor)
	}
	return r.EffectivePeriod(initiative, actor)
}

// Keys returns the live API keys, by id.
func (s *state) Keys() []*Entry { return s.living(inKeys) }

// Webhooks returns the live webhooks, by id.
func (s *state) Webhooks() []*Entry { return s.living(inHooks) }

// living returns the live records of a table, by id.
func (s *state) living(k kindIndex) []*Entry {
	t := s.tables[k]
	all := make([]*Entry, 0, t.held)
	t.ids.Scan(func(_ string, ord uint32) bool {
		if t.isLive(ord) {
			all = append(all, t.entries.at(ord))
		}
		return true
	})
	return all
}

// KeyByHash returns the live API key with that hash.
func (s *state) KeyByHash(hash string) (*Entry, bool) {
	ref, ok := s.holder(inKeys, keyHash, hash, func(uint32) bool { return true })
	if !ok {
		return nil, false
	}
	return s.Find(ref)
}
