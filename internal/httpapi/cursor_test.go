package httpapi_test

import (
	"math"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/httpapi"
)

// A cursor is written by hand, since every page has one, and read by the JSON library: both must mean the same.
func TestACursorIsWrittenAsTheJSONLibraryWritesIt(t *testing.T) {
	awkward := []string{"name", `a "quoted" \ text`, "منظمة", "", "<&>\u2028", "\x01\ttab"}
	for _, c := range []struct {
		list, lang, last string
		day              directory.Day
		seq              uint64
		chosen, values   []string
	}{
		{list: "actors", last: "a"},
		{"actors", "ar", "z", 20_000, math.MaxUint64, awkward, awkward[:1]},
		{list: "roles/r/history", lang: "fr", last: awkward[1], day: -1, values: awkward},
	} {
		sealed, usual, err := httpapi.CursorTexts(c.list, c.lang, c.last, c.day, c.seq, c.chosen, c.values)
		if err != nil {
			t.Fatal(err)
		}
		if string(sealed) != string(usual) {
			t.Errorf("the cursor is written\n%s, and by the library\n%s", sealed, usual)
		}
	}
}
