package interchange

import (
	"iter"
	"slices"
	"unicode/utf16"
)

// inParts are the rows of a sheet that hold a row of a table: one, as a rule. What has no room in a cell goes on in the
// same column of a further row. The shorter texts stand there again, so that a sheet that is sorted or filtered keeps the
// rows together; numbers do not, so that a sum counts them once.
func inParts(row []string, columns []column) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		long := tooLong(row)
		if len(long) == 0 {
			yield(row)
			return
		}
		shown, rest := slices.Clone(row), slices.Clone(row)
		for more := true; more; {
			more = false
			for _, i := range long {
				n := roomInCell(rest[i])
				shown[i], rest[i] = rest[i][:n], rest[i][n:]
				more = more || rest[i] != ""
			}
			if !yield(shown) {
				return
			}
			for i := range columns {
				if columns[i].shape == shapeNumber {
					shown[i] = ""
				}
			}
		}
	}
}

// tooLong are the places of the cells of a row that a sheet does not hold in one.
func tooLong(row []string) (places []int) {
	for i, cell := range row {
		if len(cell) < maxSheetCell {
			continue
		}
		if text := []byte(cell); tooLongForSheet(text, guardedInSheet(text)) {
			places = append(places, i)
		}
	}
	return places
}

// roomInCell is how many bytes of a text fit into a cell, with the mark of a text before them. A list is parted after
// one of its values.
func roomInCell(text string) int {
	units, parted := 1, 0
	for at, r := range text {
		if units += utf16.RuneLen(r); units > maxSheetCell {
			if parted > 0 {
				return parted
			}
			return at
		}
		if r == ';' {
			parted = at + 1
		}
	}
	return len(text)
}
