package readmodel

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// Mapping is a function or an initiative that carries a code which a filter by framework asked for.
type Mapping struct {
	Framework string         `json:"framework"`
	Code      string         `json:"code"`
	Kind      directory.Kind `json:"kind"`
	ID        string         `json:"id"`
}

// mapping tells what carries the codes that filters by framework asked for: functions, then initiatives, by id.
func (x *run) mapping() []Mapping {
	var found []Mapping
	for i := range x.q.Filters {
		if f := &x.q.Filters[i]; f.Name == "framework" {
			for _, asked := range f.Values {
				found = x.appendCarriers(found, inFunctions, functionFramework, asked)
				found = x.appendCarriers(found, inInitiatives, initiativeFramework, asked)
			}
		}
	}
	return inOrderOnce(found)
}

// inOrderOnce sorts what carries codes, and tells each once.
func inOrderOnce(found []Mapping) []Mapping {
	slices.SortFunc(found, func(a, b Mapping) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Framework, b.Framework), cmp.Compare(a.Code, b.Code))
	})
	return slices.Compact(found)
}

// appendCarriers appends the visible live records that carry a code, or one that it covers.
func (x *run) appendCarriers(found []Mapping, k kindIndex, field int, asked string) []Mapping {
	t := x.s.tables[k]
	runs(roaring.And(x.having(k, field, asked), t.live[x.level].bits()), func(ords []uint32) {
		for _, ord := range ords {
			entry := t.entries.at(ord)
			for _, code := range frameworksOf(entry) {
				if slices.Contains(withCovering(nil, []directory.FrameworkCode{code}), asked) {
					found = append(found, Mapping{code.Framework, code.Code, k.kind(), entry.id})
				}
			}
		}
	})
	return found
}
