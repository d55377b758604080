package readmodel

// recordWording is what the records of a table are called in a language, as facets tell of them. It is kept while none
// of these records changes, so that a facet need neither compare ids nor look up labels.
type recordWording struct {
	worded

	of    *table
	level int // of whoever is told: of what stands above a record only those who may see it hear
	lang  string
}

// maxRecordWordings is how many are kept: of functions, initiatives, actors and sources, for every clearance, in all
// languages.
const maxRecordWordings = 4 * levels * 4

// recordWording returns what the records of a table are called; nil when they are too many to keep it.
func (x *run) recordWording(target kindIndex) *recordWording {
	t := x.s.tables[target]
	if t.size > maxWorded {
		return nil
	}
	return x.s.caches.recordWords.get(maxRecordWordings,
		func(w *recordWording) bool { return w.of == t && w.level == x.level && w.lang == x.q.Lang },
		func() *recordWording { return x.newRecordWording(target) })
}

func (x *run) newRecordWording(target kindIndex) *recordWording {
	w := &recordWording{of: x.s.tables[target], level: x.level, lang: x.q.Lang}
	for code := uint32(1); code <= w.of.size; code++ {
		if w.of.entries.at(code-1) != nil { // else it is named, but was never held: no store of ours says so
			w.codes = append(w.codes, code)
		}
	}
	w.name(func(code uint32) string { return w.of.id(code - 1) }, func(code uint32) FacetName {
		entry := w.of.entries.at(code - 1)
		return FacetName{Value: entry.Ref().ID, Label: labelOf(entry.Record(), x.q.Lang), Parent: x.parentOf(target, code-1)}
	})
	return w
}
