package readmodel

import (
	"slices"
	"sync"
	"sync/atomic"

	"dalil/internal/directory"
	"dalil/internal/search"
)

// textIndex is the index of the texts of one kind of records. It is kept up to date with every commit once it is built.
type textIndex struct {
	built atomic.Pointer[search.Index]
	mu    sync.Mutex
}

// of returns the index of the texts of a table, building it when there is none.
func (x *textIndex) of(t *table) *search.Index {
	if index := x.built.Load(); index != nil {
		return index
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if index := x.built.Load(); index != nil {
		return index
	}
	return x.build(&t.entries, t.size)
}

// build makes the index of the texts of some entries, before anybody else asks for it.
func (x *textIndex) build(entries *vector[*Entry], size uint32) *search.Index {
	b := search.NewBuilder()
	var texts []search.Text
	for ord := range size {
		texts = appendTexts(texts[:0], entries.at(ord))
		b.Add(texts)
	}
	index := b.Index()
	x.built.Store(index)
	return index
}

// forgetTexts leaves the indexes of texts to whoever asks first.
func (e *Edit) forgetTexts() {
	for k := range e.texts {
		e.texts[k] = new(textIndex)
	}
}

// rewrite brings the indexes of texts up to date with the records just put.
func (e *Edit) rewrite() {
	var changes [inKeys][]search.Change
	var changed [inKeys]bool
	for _, c := range e.changes {
		if c.table >= inKeys || e.texts[c.table].built.Load() == nil {
			continue
		}
		before, after := appendTexts(nil, c.before), appendTexts(nil, e.tables[c.table].entries.at(c.ord))
		if !slices.Equal(before, after) {
			changes[c.table] = append(changes[c.table], search.Change{Document: c.ord, Texts: after})
		}
	}
	for _, c := range e.changes {
		if c.table < inKeys && e.texts[c.table].built.Load() == nil && !changed[c.table] {
			changed[c.table] = true
			e.texts[c.table] = new(textIndex) // the snapshot before may build its own meanwhile
		}
	}
	for k := range changes {
		if len(changes[k]) > 0 {
			next := new(textIndex)
			next.built.Store(e.texts[k].built.Load().With(changes[k]))
			e.texts[k] = next
		}
	}
}

// named is a text of a record with its place in it.
type named struct {
	search.Text

	field, lang string
}

// appendTexts appends what the index holds of an entry: nothing of none, and of an erased one.
func appendTexts(to []search.Text, e *Entry) []search.Text {
	if e == nil || !e.worded {
		return to
	}
	eachText(e.Record(), func(n named) { to = append(to, n.Text) })
	return to
}

// worded tells whether a record may have texts by which it is found.
func worded(r directory.Record) bool {
	switch r := r.(type) {
	case *directory.Role:
		return len(r.Description) > 0
	case *directory.Relation:
		return len(r.Description) > 0
	default:
		return true
	}
}

// textAt returns one of the texts of a record, numbered as the index has them.
func textAt(r directory.Record, number int) (found named) {
	eachText(r, func(n named) {
		if number == 0 {
			found = n
		}
		number--
	})
	return found
}

// eachText calls f with the texts of a record by which it is found, always in the same order.
func eachText(r directory.Record, f func(named)) {
	texts := func(field string, class search.Class, t directory.Text) {
		for _, lang := range t.Languages() {
			f(named{search.Text{Value: t[lang], Class: class}, field, lang})
		}
	}
	one := func(field string, class search.Class, value, lang string) {
		if value != "" {
			f(named{search.Text{Value: value, Class: class}, field, lang})
		}
	}
	switch r := r.(type) {
	case *directory.Actor:
		texts("name", search.Name, r.Name)
		texts("acronym", search.Acronym, r.Acronym)
		for i := range r.OtherNames {
			other := &r.OtherNames[i]
			one("other_names", classOf(other), other.Value, orUnknown(other.Lang))
		}
		texts("mandate", search.Prose, r.Mandate)
		texts("summary", search.Prose, r.Summary)
	case *directory.Initiative:
		texts("name", search.Name, r.Name)
		texts("acronym", search.Acronym, r.Acronym)
		texts("summary", search.Prose, r.Summary)
	case *directory.Function:
		texts("label", search.Name, r.Label)
		one("notation", search.Acronym, r.Notation, unknownLanguage)
		texts("definition", search.Prose, r.Definition)
	case *directory.Role:
		texts("description", search.Prose, r.Description)
	case *directory.Relation:
		texts("description", search.Prose, r.Description)
	case *directory.Source:
		lang := orUnknown(r.Language)
		one("title", search.Name, r.Title, lang)
		one("publisher", search.Prose, r.Publisher, lang)
		one("note", search.Prose, r.Note, lang)
	}
}

// unknownLanguage is the tag of texts in no language, or in one that nobody said.
const unknownLanguage = "und"

func orUnknown(lang string) string {
	if lang == "" {
		return unknownLanguage
	}
	return lang
}

func classOf(other *directory.OtherName) search.Class {
	if other.Type == directory.NameFormer {
		return search.Former
	}
	return search.OtherName
}
