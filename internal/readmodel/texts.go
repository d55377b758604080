package readmodel

import (
	"slices"
	"sync"
	"sync/atomic"

	"dalil/internal/directory"
	"dalil/internal/search"
)

// textIndex is the index of the texts of one kind of records. It is made when somebody asks for it: of the records, or
// of an earlier index and what has changed since. So a commit only writes down what changed.
type textIndex struct {
	built   atomic.Pointer[search.Index]
	mu      sync.Mutex
	from    *search.Index // nil: it is made of the records
	waiting *waitingTexts // to be put into from
	making  *textIndex    // an earlier one, or this one, that is made in the background; nil when none is
}

// waitingTexts is what a commit changed, and what was changed before it.
type waitingTexts struct {
	changes []search.Change
	before  *waitingTexts
	count   int // with those before
}

// When so many changes wait, they are put into the index in the background; when far more do, it has not kept up, and
// the commit waits for it. So who asks has never much to wait for.
const (
	manyWaiting = 16
	mostWaiting = 4096
)

// of returns the index of the texts of a table, making it when it is not there yet.
func (x *textIndex) of(t *table) *search.Index {
	if index := x.built.Load(); index != nil {
		return index
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if index := x.built.Load(); index != nil {
		return index
	}
	index := x.from
	if index == nil {
		index = indexOfTexts(t)
	} else {
		index = index.With(x.waiting.after(0))
	}
	x.built.Store(index)
	return index
}

// indexOfTexts makes an index of all records.
func indexOfTexts(t *table) *search.Index {
	b := search.NewBuilder()
	var texts []search.Text
	for ord := range t.size {
		texts = appendTexts(texts[:0], t.entries.at(ord))
		b.Add(texts)
	}
	return b.Index()
}

// after returns the changes behind the first ones, in the order of time.
func (w *waitingTexts) after(first int) []search.Change {
	if w == nil {
		return nil
	}
	all := make([]search.Change, w.count-first)
	for ; w != nil && w.count > first; w = w.before {
		copy(all[w.count-len(w.changes)-first:], w.changes)
	}
	return all
}

// and returns what waits when more has changed.
func (w *waitingTexts) and(changes []search.Change) *waitingTexts {
	if len(changes) == 0 {
		return w
	}
	next := &waitingTexts{changes: changes, before: w, count: len(changes)}
	if w != nil {
		next.count += w.count
	}
	return next
}

// with returns the index in which some texts have changed.
func (x *textIndex) with(changes []search.Change) *textIndex {
	next := &textIndex{from: x.from, waiting: x.waiting, making: x.making}
	if built := x.built.Load(); built != nil {
		next.from, next.waiting, next.making = built, nil, nil
	} else if x.from == nil {
		return new(textIndex)
	}
	if made := next.making; made != nil {
		if built := made.built.Load(); built != nil {
			var rest *waitingTexts
			next.from, next.waiting, next.making = built, rest.and(next.waiting.after(made.waiting.count)), nil
		}
	}
	next.waiting = next.waiting.and(changes)
	switch {
	case next.waiting.count >= mostWaiting:
		next.of(nil) // it has an index to begin with
	case next.making == nil && next.waiting.count >= manyWaiting:
		next.making = next
		go func() {
			defer func() { _ = recover() }() // who asks meets it again, and can tell
			next.of(nil)
		}()
	}
	return next
}

// forgetTexts leaves the indexes of texts to whoever asks first.
func (e *Edit) forgetTexts() {
	for k := range e.texts {
		e.texts[k] = new(textIndex)
	}
}

// rewrite tells the indexes of texts what the records just put have changed.
func (e *Edit) rewrite() {
	var changes [inKeys][]search.Change
	for _, c := range e.changes {
		if c.table >= inKeys {
			continue
		}
		before, after := appendTexts(nil, c.before), appendTexts(nil, e.tables[c.table].entries.at(c.ord))
		if !slices.Equal(before, after) {
			changes[c.table] = append(changes[c.table], search.Change{Document: c.ord, Texts: after})
		}
	}
	for k := range changes {
		if len(changes[k]) > 0 {
			e.texts[k] = e.texts[k].with(changes[k])
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
	if e == nil || e.Erased() {
		return to
	}
	eachText(e.Record, func(n named) { to = append(to, n.Text) })
	return to
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
