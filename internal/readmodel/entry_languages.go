package readmodel

import (
	"math"
	"slices"
	"sync"

	"dalil/internal/directory"
)

// The numbers of languages that are not of one set of them.
const (
	withoutTexts   uint16 = 0 // by which the record would be found
	usualLanguages uint16 = 1 // none but French, Arabic and English
	anyLanguages   uint16 = math.MaxUint16
)

// TextLanguages returns a number for the languages in which the texts of the record are, as far as they are others than
// French, Arabic and English; 0 when there are no others. Records with the same number are of one kind, and have the
// same texts in the same of those languages. ok is false when the record must be looked at for them.
func (e *Entry) TextLanguages() (number uint16, ok bool) {
	if e.languages <= usualLanguages {
		return 0, true
	}
	return e.languages, e.languages != anyLanguages
}

// languageSets numbers the sets of languages that have come up anywhere in the process. A set never changes and says
// nothing but what it is, so all directories share them.
var languageSets = struct {
	sync.RWMutex

	numbers map[string]uint16
}{numbers: make(map[string]uint16)}

// textLanguages returns the number of the languages of a record's texts. Roles and relations may have no texts.
func textLanguages(r directory.Record) uint16 {
	number, others := usualLanguages, false
	if kind := r.RecordKind(); kind == directory.Roles || kind == directory.Relations {
		number = withoutTexts
	}
	for _, t := range directory.Texts(r) {
		if len(t) > 0 {
			number = usualLanguages
		}
		others = others || t.InOtherLanguages()
	}
	if !others {
		return number
	}
	return numberOf(languagesKey(r))
}

// languagesKey says the kind of a record and the languages of each of its texts, but for the usual ones.
func languagesKey(r directory.Record) []byte {
	var room [8]string
	key := append(make([]byte, 0, 64), r.RecordKind()...)
	for name, t := range directory.Texts(r) {
		tags := room[:0]
		for tag := range t {
			if !directory.UsualLanguage(tag) {
				tags = append(tags, tag)
			}
		}
		slices.Sort(tags)
		key = append(append(key, ' '), name...)
		for _, tag := range tags {
			key = append(append(key, ':'), tag...)
		}
	}
	return key
}

func numberOf(key []byte) uint16 {
	s := &languageSets
	s.RLock()
	number, ok := s.numbers[string(key)]
	s.RUnlock()
	if ok {
		return number
	}
	s.Lock()
	defer s.Unlock()
	if number, ok = s.numbers[string(key)]; ok {
		return number
	}
	if number = usualLanguages + 1 + uint16(len(s.numbers)); len(s.numbers) >= int(anyLanguages-usualLanguages-1) { //nolint:gosec // what does not fit is not used
		return anyLanguages
	}
	s.numbers[string(key)] = number
	return number
}
