package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// besideSheets returns the folded names of sheets that hold no records and are passed over.
func besideSheets() []string {
	return []string{"guide", "listes", "lists", "lisez moi", "readme", "frameworks", directory.Fold("دليل"), directory.Fold("قوائم")}
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

func sheetNames() string { return strings.ReplaceAll(fileNames(), ".csv", "") }

// mergedFault tells of merged cells, at the first of them.
func mergedFault(t table, merged string) *CellError {
	at := Place{File: t.file, Sheet: t.sheet}
	first, _, _ := strings.Cut(merged, ":")
	if column, row, err := excelize.CellNameToCoordinates(first); err == nil {
		at.Row, at.Column = row, column
	}
	return &CellError{at, fault.CodeMergedCells, fault.Args{"range": merged}}
}

// mergedCells returns the ranges of merged cells of each sheet. The library would hold a whole sheet in memory for it.
func mergedCells(data []byte) (map[string][]string, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err //nolint:wrapcheck // told as a damaged file
	}
	sheets, err := sheetParts(archive)
	if err != nil {
		return nil, err
	}
	merged := make(map[string][]string)
	for sheet, part := range sheets {
		file, err := archive.Open(part)
		if err != nil {
			continue // a sheet without a part is told when it is read
		}
		ranges, err := mergedIn(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
		merged[sheet] = ranges
	}
	return merged, nil
}

// sheetParts returns the part of the archive that holds each sheet.
func sheetParts(archive *zip.Reader) (map[string]string, error) {
	var book struct {
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
	if err := errors.Join(decodePart(archive, "xl/workbook.xml", &book), decodePart(archive, "xl/_rels/workbook.xml.rels", &rels)); err != nil {
		return nil, err
	}
	targets := make(map[string]string)
	for _, rel := range rels.List {
		if targets[rel.ID] = strings.TrimPrefix(rel.Target, "/"); !strings.HasPrefix(rel.Target, "/") {
			targets[rel.ID] = path.Join("xl", rel.Target)
		}
	}
	parts := make(map[string]string)
	for _, sheet := range book.Sheets {
		parts[sheet.Name] = targets[sheet.ID]
	}
	return parts, nil
}

func decodePart(archive *zip.Reader, name string, into any) error {
	file, err := archive.Open(name)
	if err != nil {
		return err //nolint:wrapcheck // told as a damaged file
	}
	return errors.Join(xml.NewDecoder(io.LimitReader(file, maxPartBytes)).Decode(into), file.Close())
}

var mergedPattern = regexp.MustCompile(`<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]{1,40})"`)

// mergedIn looks through a sheet for merged cells, a piece at a time.
func mergedIn(sheet io.Reader) ([]string, error) {
	const most, overlap = 100, 256
	var ranges []string
	held := make([]byte, 0, 64<<10)
	for {
		n, err := io.ReadFull(sheet, held[len(held):cap(held)])
		held = held[:len(held)+n]
		done := 0
		for _, m := range mergedPattern.FindAllSubmatchIndex(held, -1) {
			if done = m[1]; len(ranges) < most {
				ranges = append(ranges, string(held[m[2]:m[3]]))
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return ranges, nil
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // told as a damaged file
		}
		rest := copy(held, held[max(done, len(held)-overlap):])
		held = held[:rest]
	}
}
