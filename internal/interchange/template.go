package interchange

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
)

// templateRows is how many rows of a sheet of the template offer the codes to choose from.
const templateRows = 5000

// WriteTemplate writes a workbook to fill in: a sheet for each kind, which can be imported as it is, a guide to its
// columns and the lists of codes, in French, Arabic or English.
func WriteTemplate(w io.Writer, lang string, opts WriteOptions) error {
	opts.Columns, opts.RightToLeft = nil, opts.RightToLeft || lang == "ar"
	book, err := newWorkbook(w, opts)
	if err != nil {
		return err
	}
	t := template{book: book, lang: lang, words: wordsIn(lang)}
	err = t.write()
	return errors.Join(err, book.Close())
}

// template makes the sheets of the template.
type template struct {
	book  *workbook
	lang  string
	words words
	lists map[string]string // where the codes of a vocabulary stand, as a reference
}

func (t *template) write() error {
	if err := t.writeGuide(); err != nil {
		return err
	}
	t.findLists()
	for _, kind := range directory.Kinds() {
		if err := t.writeKind(kind); err != nil {
			return err
		}
	}
	return t.writeLists()
}

// columnsOf returns the columns of a kind in the template, with the one that settles a possible duplicate.
func (t *template) columnsOf(kind directory.Kind) []column {
	columns := schemaOf(kind).all(t.book.opts.Languages)
	if kind == directory.Actors {
		columns = append(columns, sameAsColumn())
	}
	return columns
}

// writeGuide says what each column of each sheet holds.
func (t *template) writeGuide() error {
	heads := make([]column, len(t.words.guide))
	for i, head := range t.words.guide {
		heads[i] = column{name: head, pointer: "/guide/" + head}
	}
	sheet, err := t.book.sheet(t.words.guideSheet, heads)
	if err != nil {
		return err
	}
	for _, kind := range directory.Kinds() {
		for _, c := range t.columnsOf(kind) {
			must := ""
			if c.required {
				must = t.words.yes
			}
			err = errors.Join(err, sheet.texts(0, sheetName(kind, t.lang), c.name, must, t.holds(c)))
		}
	}
	return errors.Join(err, sheet.Close())
}

// holds says what a column holds.
func (t *template) holds(c column) string {
	v, ok := directory.VocabularyNamed(c.vocabulary)
	switch {
	case ok:
		return v.Title.In(t.lang)
	case c.name == "id":
		return t.words.id
	case c.name == sameAsName:
		return t.words.sameAs
	case c.shape == shapeDate:
		return t.words.date
	case c.shape == shapeNumber:
		return t.words.number
	case c.shape == shapeList:
		return t.words.list
	case c.shape == shapeJSON:
		return t.words.json
	default:
		return t.words.text
	}
}

// writeKind makes the sheet of a kind: its header, and the codes to choose from.
func (t *template) writeKind(kind directory.Kind) error {
	columns := t.columnsOf(kind)
	name := sheetName(kind, t.lang)
	sheet, err := t.book.sheet(name, columns)
	if err != nil {
		return err
	}
	for i, c := range columns {
		at, ok := t.lists[c.vocabulary]
		if !ok {
			continue
		}
		letter, errName := excelize.ColumnNumberToName(i + 1)
		choice := excelize.NewDataValidation(true)
		choice.Sqref = fmt.Sprintf("%s2:%s%d", letter, letter, templateRows)
		choice.SetSqrefDropList(at)
		// A code may also be spelled as people say it, so another word is asked about and not refused.
		choice.SetError(excelize.DataValidationErrorStyleWarning, c.name, t.words.notInList)
		err = errors.Join(err, errName, t.book.file.AddDataValidation(name, choice))
	}
	return errors.Join(err, sheet.Close())
}

// chosenFrom returns the vocabularies of the columns, in the order in which they first occur.
func (t *template) chosenFrom() []*directory.Vocabulary {
	var list []*directory.Vocabulary
	seen := make(map[string]bool)
	for _, kind := range directory.Kinds() {
		for _, c := range t.columnsOf(kind) {
			if v, ok := directory.VocabularyNamed(c.vocabulary); ok && !seen[v.Name] {
				seen[v.Name] = true
				list = append(list, v)
			}
		}
	}
	return list
}

// findLists says where the codes of each vocabulary will stand: two columns each, codes and labels.
func (t *template) findLists() {
	t.lists = make(map[string]string)
	for i, v := range t.chosenFrom() {
		letter, err := excelize.ColumnNumberToName(2*i + 1)
		if err == nil {
			t.lists[v.Name] = fmt.Sprintf("'%s'!$%s$2:$%s$%d", t.words.listSheet, letter, letter, len(v.Terms)+1)
		}
	}
}

// writeLists writes the codes of the vocabularies and what they mean.
func (t *template) writeLists() error {
	var heads []column
	most := 0
	list := t.chosenFrom()
	for _, v := range list {
		heads = append(heads, column{name: v.Name, pointer: "/a/b"}, column{name: v.Title.In(t.lang), pointer: "/a/b"})
		most = max(most, len(v.Terms))
	}
	sheet, err := t.book.sheet(t.words.listSheet, heads)
	if err != nil {
		return err
	}
	for row := range most {
		cells := make([]string, len(heads))
		for i, v := range list {
			if row < len(v.Terms) {
				cells[2*i], cells[2*i+1] = v.Terms[row].Code, v.Terms[row].Label.In(t.lang)
			}
		}
		err = errors.Join(err, sheet.texts(0, cells...))
	}
	return errors.Join(err, sheet.Close())
}

// sheetName returns the name of a kind's sheet in a language.
func sheetName(kind directory.Kind, lang string) string {
	french := map[directory.Kind]string{directory.Actors: "Acteurs", directory.Functions: "Fonctions", directory.Roles: "Rôles"}
	others := otherSheetNames(kind)
	switch {
	case lang == "ar" && len(others) > 0:
		return others[min(1, len(others)-1)]
	case lang == "fr" && french[kind] != "":
		return french[kind]
	case lang == "fr":
		return strings.ToUpper(string(kind[:1])) + string(kind[1:])
	default:
		return string(kind)
	}
}
