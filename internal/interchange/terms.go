package interchange

import (
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// term is the column of a code of a vocabulary. It may be spelled with spaces, hyphens and capitals ("Web page" is
// web_page), or be the code's own label in one of the languages of the directory.
func term[R directory.Record, S ~string](name, vocabulary string, at func(R) *S) column {
	c := member(name, at, appendText[S], func(cell string) (S, fault.Code, fault.Args) {
		code, fault, args := readTerm(vocabulary, cell)
		return S(code), fault, args
	})
	c.vocabulary = vocabulary
	return c
}

func readTerm(vocabulary, cell string) (string, fault.Code, fault.Args) {
	v, ok := directory.VocabularyNamed(vocabulary)
	if !ok || v.Has(cell) {
		return cell, "", nil
	}
	low, want := spelled(cell), directory.Fold(cell)
	for i := range v.Terms {
		t := &v.Terms[i]
		if spelled(t.Code) == low || labelled(t.Label, want) {
			return t.Code, "", nil
		}
	}
	args := fault.Args{"value": shown(cell), "vocabulary": vocabulary}
	if near := nearest(low, v.Codes()); near != "" {
		args["near"] = near
		return "", fault.CodeUnknownCodeNear, args
	}
	return "", fault.CodeUnknownCode, args
}

// labelled tells whether one of the labels is the folded text.
func labelled(label directory.Text, want string) bool {
	for _, lang := range []string{"fr", "en", "ar", "zgh"} {
		if l, ok := label[lang]; ok && want != "" && directory.Fold(l) == want {
			return true
		}
	}
	return false
}

// spelled brings a code's spellings together.
func spelled(cell string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(cell)))
}

// nearest returns the word that a misspelled one may have meant: the closest within two letters and a third of its own
// length, "" when none or several are.
func nearest(word string, words []string) string {
	limit := min(2, len(word)/3)
	best, found := limit+1, ""
	for _, w := range words {
		switch d := distance(word, w, limit); {
		case d < best:
			best, found = d, w
		case d == best && d <= limit:
			found = ""
		}
	}
	return found
}

// distance counts the letters to insert, drop, change or swap to come from a to b; limit+1 when there are more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > 80 {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
