package readmodel

import (
	"slices"

	"dalil/internal/directory"
)

// AsksRoles tells whether the answer depends on which roles hold: by a filter or a facet that goes through roles or counts
// them, or by an order that does.
func (q *Query) AsksRoles() bool {
	k, ok := indexOf(q.Kind)
	if !ok {
		return false
	}
	throughRoles := func(name string) bool {
		s, ok := specNamed(k, name)
		return ok && (s.through != 0 || s.counted)
	}
	return slices.ContainsFunc(q.Filters, func(f Filter) bool { return throughRoles(f.Name) }) ||
		slices.ContainsFunc(q.Facets, throughRoles) ||
		slices.ContainsFunc(q.Sort, func(key SortKey) bool {
			field, ok := pick(sortFields(k), func(f sortField) bool { return f.name == key.Name })
			return ok && field.counted
		})
}

// ListsAskRoles tells whether lists of a kind have filters that go through roles.
func ListsAskRoles(kind directory.Kind) bool {
	k, ok := indexOf(kind)
	return ok && slices.ContainsFunc(specs()[k], func(s spec) bool { return s.through != 0 })
}
