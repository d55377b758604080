package interchange

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// sheetScan goes through a sheet once, row by row: only what the program kept, without making anything of it.
type sheetScan struct {
	scanner *scanner
	strings []string          // the texts that the sheets of the workbook share
	short   map[string]string // short texts that have come before: most cells of a column say one of a few things
	row     int
	cells   []sheetCell
	merged  []string // ranges, the first ones

	at       int // column of the cell under way, from 0
	kind     string
	style    int
	formula  bool // the cell has one
	stored   bool // the cell has a value, if an empty one
	phonetic bool // within the reading aid of a text
}

// sheetCell is a cell as it is kept.
type sheetCell struct {
	text  string
	style int // of a number that has one; 0 for others
	state cellState
}

// cellState tells a cell that holds no value to be read from the others.
type cellState uint8

const (
	cellFine   cellState = iota
	cellFailed           // the value is the error that its formula ended in
	cellUnmade           // a formula whose value the program that wrote it has not stored
)

// empty tells whether nothing is in a cell.
func (c sheetCell) empty() bool { return c.state == cellFine && strings.TrimSpace(c.text) == "" }

const (
	maxMerged     = 100 // ranges told of a sheet
	maxShortText  = 24  // bytes
	maxShortTexts = 1 << 14
)

func newSheetScan(part io.Reader, shared []string) *sheetScan {
	return &sheetScan{scanner: newScanner(part), strings: shared, short: make(map[string]string)}
}

// rows calls yield with each row that the sheet has, until one returns an error. The cells are those of the row up to
// the last that is kept; they are only good until the next row.
func (s *sheetScan) rows(yield func(row int, cells []sheetCell) error) error {
	for {
		t, err := s.scanner.next()
		if err != nil {
			return err
		}
		switch {
		case t == tokenEOF:
			return nil
		case t == tokenStart:
			err = s.start()
		case string(s.scanner.name) == "row":
			err = yield(s.row, s.cells)
		default:
			err = s.end()
		}
		if err != nil {
			return err
		}
	}
}

func (s *sheetScan) start() error {
	sc := s.scanner
	switch string(sc.name) {
	case "row":
		s.cells, s.at = s.cells[:0], -1
		return s.count(sc.attribute("r"))
	case "c":
		return s.cell()
	case "v":
		sc.keep, s.stored = true, true
	case "f":
		s.formula = true
	case "t":
		sc.keep = !s.phonetic
	case "rPh":
		s.phonetic = true
	case "mergeCell":
		if ref := sc.attribute("ref"); len(ref) > 0 && len(s.merged) < maxMerged {
			s.merged = append(s.merged, string(ref))
		}
	}
	return nil
}

// count takes in the number of a row, or counts on where none is given. Rows stand in their order.
func (s *sheetScan) count(number []byte) error {
	if s.row++; len(number) > 0 {
		n, err := strconv.Atoi(string(number))
		if err != nil || n < s.row {
			return errSheetXML
		}
		s.row = n
	}
	if s.row > excelize.TotalRows {
		return errSheetXML
	}
	return nil
}

// cell begins a cell.
func (s *sheetScan) cell() error {
	sc := s.scanner
	s.at, s.kind, s.style, s.phonetic, sc.text = s.at+1, "", 0, false, sc.text[:0]
	s.formula, s.stored = false, false
	if ref := sc.attribute("r"); len(ref) > 0 {
		column := 0
		for _, c := range ref {
			switch {
			case c >= 'A' && c <= 'Z':
				column = column*26 + int(c-'A') + 1
			case c >= 'a' && c <= 'z':
				column = column*26 + int(c-'a') + 1
			}
			if column > excelize.MaxColumns {
				return errSheetXML
			}
		}
		if s.at = column - 1; s.at < 0 {
			return errSheetXML
		}
	}
	if s.at >= excelize.MaxColumns {
		return errSheetXML
	}
	switch kind := sc.attribute("t"); string(kind) {
	case "", "n":
		s.style, _ = strconv.Atoi(string(sc.attribute("s"))) // none is 0
	case "s":
		s.kind = "s"
	case "e":
		s.kind = "error"
	case "str":
		s.kind = "result"
	default:
		s.kind = "text"
	}
	return nil
}

func (s *sheetScan) end() error {
	switch string(s.scanner.name) {
	case "v", "t":
		s.scanner.keep = false
	case "rPh":
		s.phonetic = false
	case "c":
		return s.put()
	}
	return nil
}

// put puts the cell that has ended into the row.
func (s *sheetScan) put() error {
	text := s.scanner.text
	cell := sheetCell{style: s.style}
	switch {
	case len(text) > 0:
	case s.formula && (!s.stored || s.kind != "result"): // the empty text is a result, no number is
		cell.state = cellUnmade
	default:
		return nil
	}
	switch s.kind {
	case "s":
		if len(text) == 0 {
			break
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil || n < 0 || n >= len(s.strings) {
			return errSheetXML
		}
		cell.text = s.strings[n]
	case "text", "result":
		cell.text = unguarded(s.shared(text))
	case "error":
		cell.text = s.shared(text)
		if cell.state == cellFine {
			cell.state = cellFailed
		}
	default:
		cell.text = s.shared(text)
	}
	for len(s.cells) <= s.at {
		s.cells = append(s.cells, sheetCell{})
	}
	s.cells[s.at] = cell
	return nil
}

// shared returns a text as a string, a short one the same as before.
func (s *sheetScan) shared(text []byte) string {
	if len(text) > maxShortText {
		return string(text)
	}
	if known, ok := s.short[string(text)]; ok {
		return known
	}
	kept := string(text)
	if len(s.short) < maxShortTexts {
		s.short[kept] = kept
	}
	return kept
}

var guardPattern = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unguarded returns a text of a workbook with the characters that XML cannot hold, which are written _x000B_, and _ as
// _x005F_ where such a thing is meant itself.
func unguarded(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return guardPattern.ReplaceAllStringFunc(text, func(guard string) string {
		n, err := strconv.ParseUint(guard[2:6], 16, 16)
		if err != nil || n >= 0xD800 && n < 0xE000 { // half a character
			return guard
		}
		return string(rune(n))
	})
}

var errSharedTooLong = errors.New("the texts that the sheets share are too long")

// sharedTexts reads the texts that the sheets of a workbook share.
func sharedTexts(part io.Reader) ([]string, error) {
	var texts []string
	s, phonetic, size := newScanner(part), false, 0
	for {
		t, err := s.next()
		if err != nil {
			return nil, err
		}
		if t == tokenEOF {
			return texts, nil
		}
		switch string(s.name) {
		case "si":
			if t == tokenEnd {
				texts = append(texts, unguarded(string(s.text)))
				if size += len(s.text) + 16; size > maxSharedBytes {
					return nil, errSharedTooLong
				}
			}
			s.text, phonetic = s.text[:0], false
		case "t":
			s.keep = t == tokenStart && !phonetic
		case "rPh":
			phonetic = t == tokenStart
		}
	}
}
