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
	failed  atomic.Bool   // making it came to nothing
}

// changedText is a record that has changed, perhaps in its texts, too: whether it has is found out when the index is
// made.
type changedText struct {
	ord    uint32
	entry  *Entry
	record directory.Record // of the entry
}

// waitingTexts is what a commit changed, and what was changed before it.
type waitingTexts struct {
	changes []changedText
	before  *waitingTexts
	count   int            // with those before
	first   [1]changedText // the room of changes: most commits change one record
}

// When so many changes wait, they are put into the index in the background: many at once cost less each, and whoever asks
// in the meantime has not long to wait for them. When far more do, it has not kept up, and the commit waits for it.
const (
	manyWaiting = 512
	mostWaiting = 2048
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
	var index *search.Index
	if x.from == nil {
		index = indexOfTexts(&t.entries, t.size)
	} else {
		from, waiting := x.made()
		index = from.With(textsOf(waiting))
	}
	x.built.Store(index)
	return index
}

// made returns the latest index that is there to go on from, or is being made, and what has changed since.
func (x *textIndex) made() (*search.Index, []changedText) {
	if m := x.making; m != nil {
		if m != x {
			m.keepUp()
		}
		if built := m.built.Load(); built != nil {
			return built, x.waiting.after(m.waiting.count)
		}
	}
	return x.from, x.waiting.after(0)
}

// keepUp makes the index unless that is a defect's end: then who asks next begins anew with the records, and can tell.
func (x *textIndex) keepUp() {
	defer func() {
		if recover() != nil {
			x.failed.Store(true)
		}
	}()
	x.of(nil) // it has an index to begin with
}

// build makes the index of the texts of some entries, before anybody else asks for it.
func (x *textIndex) build(entries *vector[*Entry], size uint32) {
	x.built.Store(indexOfTexts(entries, size))
}

// indexOfTexts makes an index of the texts of some entries.
func indexOfTexts(entries *vector[*Entry], size uint32) *search.Index {
	b := search.NewBuilder()
	var texts []search.Text
	for ord := range size {
		texts = appendTexts(texts[:0], entries.at(ord))
		b.Add(texts)
	}
	return b.Index()
}

// after returns the changes behind the first ones, in the order of time.
func (w *waitingTexts) after(first int) []changedText {
	if w == nil {
		return nil
	}
	all := make([]changedText, w.count-first)
	for ; w != nil && w.count > first; w = w.before {
		copy(all[w.count-len(w.changes)-first:], w.changes)
	}
	return all
}

// and returns what waits when more has changed.
func (w *waitingTexts) and(changes []changedText) *waitingTexts {
	if len(changes) == 0 {
		return w
	}
	next := &waitingTexts{before: w, count: len(changes)}
	next.changes = append(next.first[:0], changes...)
	if w != nil {
		next.count += w.count
	}
	return next
}

// textsOf returns the texts of records that have changed, as the index takes them.
func textsOf(changed []changedText) []search.Change {
	changes := make([]search.Change, len(changed))
	ends := make([]int, len(changed))
	var texts []search.Text
	for i := range changed {
		changes[i].Document = changed[i].ord
		if changed[i].entry.languages != withoutTexts {
			texts = appendTextsOf(texts, changed[i].record)
		}
		ends[i] = len(texts)
	}
	from := 0
	for i, end := range ends {
		changes[i].Texts = texts[from:end:end]
		from = end
	}
	return changes
}

// with returns the index in which some texts may have changed.
func (x *textIndex) with(changes []changedText) *textIndex {
	next := &textIndex{from: x.from, waiting: x.waiting, making: x.making}
	switch built := x.built.Load(); {
	case built != nil:
		next.from, next.waiting, next.making = built, nil, nil
	case x.from == nil:
		return new(textIndex)
	case x.making != nil && x.making.built.Load() != nil:
		from, rest := x.made()
		next.from, next.waiting, next.making = from, (*waitingTexts)(nil).and(rest), nil
	case x.making != nil && x.making.failed.Load():
		return new(textIndex)
	}
	next.waiting = next.waiting.and(changes)
	switch {
	case next.waiting.count >= mostWaiting:
		if next.keepUp(); next.failed.Load() {
			return new(textIndex)
		}
	case next.making == nil && next.waiting.count >= manyWaiting:
		next.making = next
		go next.keepUp()
	}
	return next
}

// whole returns the index with nothing that waits: what an erased record was called waits nowhere.
func (x *textIndex) whole() *textIndex {
	alone := new(textIndex)
	if x.from != nil {
		x.keepUp()
	}
	alone.built.Store(x.built.Load()) // without one it is made of the records, as they are now
	return alone
}

// forgetTexts leaves the indexes of texts to whoever asks first.
func (e *Edit) forgetTexts() {
	for k := range e.texts {
		e.texts[k] = new(textIndex)
	}
}

// rewrite tells the indexes of texts which of the records just put may have changed theirs.
func (e *Edit) rewrite() {
	for k := range e.texts {
		e.rewriteOf(kindIndex(k))
	}
}

func (e *Edit) rewriteOf(k kindIndex) {
	var room [4]changedText
	changed, erases := room[:0], false
	for i := range e.changes {
		c := &e.changes[i]
		if c.table != k {
			continue
		}
		entry := e.tables[k].entries.at(c.ord)
		erases = erases || entry.Erased()
		if entry.languages != withoutTexts || c.before != nil && c.before.languages != withoutTexts {
			changed = append(changed, changedText{c.ord, entry, c.record})
		}
	}
	x := e.texts[k]
	if len(changed) > 0 && x.from == nil && x.built.Load() == nil {
		x = new(textIndex) // the snapshot before may build its own meanwhile
	} else if len(changed) > 0 {
		x = x.with(changed)
	}
	if erases {
		x = x.whole()
	}
	e.texts[k] = x
}

// named is a text of a record with its place in it.
type named struct {
	search.Text

	field, lang string
}

// appendTexts appends what the index holds of an entry: nothing of none, and of an erased one.
func appendTexts(to []search.Text, e *Entry) []search.Text {
	if e == nil || e.languages == withoutTexts {
		return to
	}
	return appendTextsOf(to, e.Record())
}

func appendTextsOf(to []search.Text, r directory.Record) []search.Text {
	eachText(r, func(n named) bool {
		to = append(to, n.Text)
		return true
	})
	return to
}

// textAt returns one of the texts of a record, numbered as the index has them.
func textAt(r directory.Record, number int) (found named) {
	eachText(r, func(n named) bool {
		found = n
		number--
		return number >= 0
	})
	return found
}

// eachText calls f with the texts of a record by which it is found, always in the same order, until f says no.
func eachText(r directory.Record, f func(named) bool) {
	texts := func(field string, class search.Class, t directory.Text) bool {
		for _, lang := range appendTags(make([]string, 0, usualTags), t) {
			if !f(named{search.Text{Value: t[lang], Class: class}, field, lang}) {
				return false
			}
		}
		return true
	}
	names := func(t directory.Text) bool {
		tags := appendTags(make([]string, 0, usualTags), t)
		for _, lang := range tags {
			if !f(named{search.Text{Value: t[lang], Class: search.Name}, "name", lang}) {
				return false
			}
		}
		for _, lang := range tags {
			acronym := acronymIn(t[lang])
			if acronym != "" && !f(named{search.Text{Value: acronym, Class: search.OtherName}, "name", lang}) {
				return false
			}
		}
		return true
	}
	one := func(field string, class search.Class, value, lang string) bool {
		return value == "" || f(named{search.Text{Value: value, Class: class}, field, lang})
	}
	others := func(all []directory.OtherName) bool {
		for i := range all {
			if !one("other_names", classOf(&all[i]), all[i].Value, orUnknown(all[i].Lang)) {
				return false
			}
		}
		return true
	}
	switch r := r.(type) {
	case *directory.Actor:
		_ = names(r.Name) && texts("acronym", search.Acronym, r.Acronym) && others(r.OtherNames) &&
			texts("mandate", search.Prose, r.Mandate) && texts("summary", search.Prose, r.Summary)
	case *directory.Initiative:
		_ = names(r.Name) && texts("acronym", search.Acronym, r.Acronym) &&
			texts("summary", search.Prose, r.Summary)
	case *directory.Function:
		_ = texts("label", search.Name, r.Label) && one("notation", search.Acronym, r.Notation, unknownLanguage) &&
			texts("definition", search.Prose, r.Definition)
	case *directory.Role:
		texts("description", search.Prose, r.Description)
	case *directory.Relation:
		texts("description", search.Prose, r.Description)
	case *directory.Source:
		lang := orUnknown(r.Language)
		_ = one("title", search.Name, r.Title, lang) && one("publisher", search.Prose, r.Publisher, lang) &&
			one("note", search.Prose, r.Note, lang)
	}
}

// usualTags is how many languages a text rarely exceeds.
const usualTags = 4

// appendTags appends the tags of the languages of a text, in order.
func appendTags(to []string, t directory.Text) []string {
	for tag := range t {
		to = append(to, tag)
	}
	slices.Sort(to)
	return to
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
