package readmodel

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWhatLastsStaysAsItWasPut(t *testing.T) {
	t.Parallel()
	var l lasting
	var texts, wantTexts []string
	var lists, wantLists [][]uint32
	for n := range uint32(3000) {
		text := fmt.Sprintf("id-%d%s", n, strings.Repeat("x", int(n%7)))
		if n%1000 == 500 {
			text = strings.Repeat(text, 1000) // longer than a piece
		}
		list := slices.Repeat([]uint32{n}, int(n%5))
		if n%1000 == 500 {
			list = slices.Repeat([]uint32{n}, 2*lastingPiece)
		}
		wantTexts, wantLists = append(wantTexts, text), append(wantLists, list)
		texts, lists = append(texts, l.text(text)), append(lists, l.list(list))
		_ = append(lists[n], 7) // of a copy: there is no room behind a list
	}
	if !slices.Equal(texts, wantTexts) {
		t.Error("a text has changed")
	}
	if !slices.EqualFunc(lists, wantLists, slices.Equal) {
		t.Error("a list has changed")
	}
}
