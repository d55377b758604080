package search

import (
	"slices"
	"unicode"
)

// edits is how many edits a word of a query may be away from a word of a text. A number is what it says: 2022 is no typo of
// 2023.
func edits(word []rune) int {
	switch {
	case slices.ContainsFunc(word, unicode.IsDigit):
		return 0
	case len(word) >= 8:
		return 2
	case len(word) >= 4:
		return 1
	default:
		return 0
	}
}

// distance returns how many edits turn a into b, a swap of neighbours being one, no letter being edited twice; more than
// most when it is more than that.
func distance(a, b []rune, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	var rows [3][maxRunes + 1]int // of the table of distances: the one before the last, the last, this
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			d := last[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > most { // a swap could still save one, but it starts from a row before that was above, too
			if i == 1 || minOf(last[:len(b)+1]) > most {
				return most + 1
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

func minOf(row []int) int {
	least := row[0]
	for _, d := range row {
		least = min(least, d)
	}
	return least
}
