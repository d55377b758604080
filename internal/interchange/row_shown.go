package interchange

import (
	"strings"

	"dalil/internal/directory"
)

// rowShown shows the cells of one record after another. A text may have a column for each of a hundred languages and
// has words in one or two: its words are put where their columns are, and no column looks for its own.
type rowShown struct {
	columns []column
	runs    []textRun
	words   []string // by column; "" where the record says nothing, and for what is no text
	filled  []int    // the columns that have words
}

// textRun is some columns of one text.
type textRun struct {
	texts func(r directory.Record) directory.Text
	at    map[string]int // the column of each language
}

func newRowShown(columns []column) *rowShown {
	s := &rowShown{columns: columns, words: make([]string, len(columns))}
	of := ""
	for i, c := range columns {
		if c.texts == nil {
			continue
		}
		name := strings.TrimSuffix(c.pointer, c.lang)
		if last := len(s.runs) - 1; last >= 0 && name == of {
			if _, twice := s.runs[last].at[c.lang]; !twice {
				s.runs[last].at[c.lang] = i
				continue
			}
		}
		of = name
		s.runs = append(s.runs, textRun{c.texts, map[string]int{c.lang: i}})
	}
	return s
}

// begin begins with a record.
func (s *rowShown) begin(r directory.Record) {
	for _, i := range s.filled {
		s.words[i] = ""
	}
	s.filled = s.filled[:0]
	for _, run := range s.runs {
		for lang, words := range run.texts(r) {
			if i, ok := run.at[lang]; ok {
				s.words[i] = words
				s.filled = append(s.filled, i)
			}
		}
	}
}

// cell appends the cell of a column.
func (s *rowShown) cell(to []byte, i int, r directory.Record) []byte {
	if s.columns[i].texts != nil {
		return append(to, s.words[i]...)
	}
	return s.columns[i].show(to, r)
}
