package interchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"dalil/internal/directory"
)

// styles tells which numbers of a workbook are shown as days.
type styles struct {
	parts parts
	shift int            // added to the numbers of days
	days  map[int]bool   // by style, of those that were asked for
	file  *excelize.File // the workbook without its sheets, once a style was asked for
}

// trialSheet is a sheet that is added, in memory only, to see how a style shows a number.
const (
	trialSheet = "dalil-days"
	trialDay   = 44762
)

// open reads the styles. The sheets are left out: the library would read them, much slower than sheetScan.
func (s *styles) open() error {
	bare, err := withoutSheets(s.parts)
	if err != nil {
		return err
	}
	s.file, err = excelize.OpenReader(bytes.NewReader(bare), excelize.Options{
		UnzipSizeLimit: maxUnpackedBytes, UnzipXMLSizeLimit: maxPartBytes,
	})
	if err != nil {
		return err //nolint:wrapcheck // told as a damaged file
	}
	_, err = s.file.NewSheet(trialSheet)
	return err //nolint:wrapcheck // as above
}

// withoutSheets returns a workbook with the parts alone that say what it is made of.
func withoutSheets(p parts) ([]byte, error) {
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, name := range []string{"[content_types].xml", "_rels/.rels", bookPart, bookRels, "xl/styles.xml"} {
		if file := p[name]; file != nil {
			if err := to.Copy(file); err != nil {
				return nil, err //nolint:wrapcheck // told as a damaged file
			}
		}
	}
	if err := to.Close(); err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	return out.Bytes(), nil
}

// day returns the day that a number stands for, if the sheet shows it as one.
func (s *styles) day(cell sheetCell) (directory.Date, bool, error) {
	n, err := strconv.ParseFloat(cell.text, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > lastSerial {
		return "", false, nil //nolint:nilerr // it is no number
	}
	shown, err := s.showsDays(cell.style)
	if days := int(n) + s.shift; shown && days >= firstSerial && days <= lastSerial {
		return serialDay(days), true, nil
	}
	return "", false, err
}

// showsDays tells whether a style shows a number with more than digits.
func (s *styles) showsDays(style int) (bool, error) {
	days, known := s.days[style]
	if known {
		return days, nil
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			return false, err
		}
	}
	if s.file.SetCellStyle(trialSheet, "A1", "A1", style) == nil { // else there is no such style
		err := s.file.SetCellInt(trialSheet, "A1", trialDay)
		shown, errShown := s.file.GetCellValue(trialSheet, "A1")
		if err = errors.Join(err, errShown); err != nil {
			return false, err
		}
		_, err = strconv.ParseFloat(strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "").Replace(shown), 64)
		days = err != nil
	}
	s.days[style] = days
	return days, nil
}

func (s *styles) close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close() //nolint:wrapcheck // told as a damaged file
}
