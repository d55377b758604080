package interchange

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// besideSheets returns the folded names of sheets that hold no records and are passed over.
func besideSheets() []string {
	return []string{aboutSheet, "guide", "listes", "lists", "lisez moi", "readme", "frameworks", directory.Fold("دليل"), directory.Fold("قوائم")}
}

// kindOfSheet returns the kind that a sheet is named after, in any case, in English, French or Arabic.
func kindOfSheet(name string) (directory.Kind, bool) {
	folded := directory.Fold(name)
	for _, kind := range directory.Kinds() {
		for _, known := range append([]string{string(kind)}, otherSheetNames(kind)...) {
			if directory.Fold(known) == folded {
				return kind, true
			}
		}
	}
	return "", false
}

// otherSheetNames returns the French and Arabic names of a kind.
func otherSheetNames(kind directory.Kind) []string {
	switch kind {
	case directory.Actors:
		return []string{"acteurs", "الجهات", "الفاعلون", "الجهات الفاعلة"}
	case directory.Initiatives:
		return []string{"المبادرات"}
	case directory.Functions:
		return []string{"fonctions", "الوظائف"}
	case directory.Roles:
		return []string{"rôles", "الأدوار"}
	case directory.Relations:
		return []string{"liens", "العلاقات"}
	case directory.Sources:
		return []string{"المصادر"}
	default:
		return nil
	}
}

// mergedFault tells of merged cells, at the first of them.
func mergedFault(t table, merged string) *CellError {
	at := Place{File: t.file, Sheet: t.sheet}
	first, _, _ := strings.Cut(merged, ":")
	if column, row, err := excelize.CellNameToCoordinates(first); err == nil {
		at.Row, at.Column = row, column
	}
	return &CellError{at, fault.CodeMergedCells, fault.Args{"range": merged}}
}

// parts are the parts of a workbook by their names, in lower case.
type parts map[string]*zip.File

func partsOf(archive *zip.Reader) parts {
	p := make(parts, len(archive.File))
	for _, file := range archive.File {
		p[partName(file.Name)] = file
	}
	return p
}

// partName is the name by which a part is found: programs disagree on case and slashes.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, "\\", "/"), "/"))
}

const (
	bookPart   = "xl/workbook.xml"
	bookRels   = "xl/_rels/workbook.xml.rels"
	sharedPart = "xl/sharedstrings.xml"
)

// sheetPart is a sheet and the name of the part that holds it.
type sheetPart struct{ name, part string }

// book is what a workbook says of itself.
type book struct {
	sheets []sheetPart // in their order
	shift  int         // added to the numbers of days
}

// book reads what the workbook says of itself.
func (p parts) book() (*book, error) {
	var main struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := errors.Join(p.decode(bookPart, &main), p.decode(bookRels, &rels)); err != nil {
		return nil, err
	}
	targets := make(map[string]string)
	for _, rel := range rels.List {
		if targets[rel.ID] = rel.Target; !strings.HasPrefix(rel.Target, "/") {
			targets[rel.ID] = path.Join("xl", strings.ReplaceAll(rel.Target, "\\", "/"))
		}
	}
	b := &book{sheets: make([]sheetPart, len(main.Sheets))}
	for i, sheet := range main.Sheets {
		b.sheets[i] = sheetPart{sheet.Name, partName(targets[sheet.ID])}
	}
	if since1904, err := strconv.ParseBool(main.Properties.Date1904); err == nil && since1904 {
		b.shift = 1462 // days from the first day of 1900 to that of 1904
	}
	return b, nil
}

func (p parts) decode(name string, into any) error {
	file, err := p.open(name)
	if err != nil {
		return err
	}
	return errors.Join(xml.NewDecoder(io.LimitReader(file, maxPartBytes)).Decode(into), file.Close())
}

func (p parts) open(name string) (io.ReadCloser, error) {
	file := p[name]
	if file == nil {
		return nil, errNoPart
	}
	return file.Open() //nolint:wrapcheck // told as a damaged file
}

var errNoPart = errors.New("the workbook has no such part")

// shared returns the texts that the sheets share.
func (p parts) shared() ([]string, error) {
	file, err := p.open(sharedPart)
	if errors.Is(err, errNoPart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	texts, err := sharedTexts(file)
	return texts, errors.Join(err, file.Close())
}
