package directory_test

import (
	"math/rand/v2"
	"testing"

	"dalil/internal/directory"
)

func TestFoldKeepsWhatMattersWhenNamesAreCompared(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ministère de l’Emploi": "ministere de l emploi",
		"  Œuvre — sociale  ":   "oeuvre sociale",
		"ANAPEC (Maroc)":        "anapec maroc",
		"Straße":                "strasse",
		"منظمة العمل الدولية":   "منظمه العمل الدوليه",
		"مُنَظَّمَةُ العَمَل":   "منظمه العمل",
		"أحمد إبراهيم آدم":      "احمد ابراهيم ادم",
		"مستشفى":                "مستشفي",
		"دليـــل":               "دليل",
		"Łódź":                  "lodz",
		"\u200fالرباط\u200e":    "الرباط",
		"القانون ٥١-۹۹":         "القانون 51 99",
		"---":                   "",
		"":                      "",
		"ⵜⴰⵎⴰⵣⵉⵖⵜ":              "ⵜⴰⵎⴰⵣⵉⵖⵜ",
		"Deutsche Gesellschaft für Internationale": "deutsche gesellschaft fur internationale",
	} {
		if got := directory.Fold(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}

func TestFoldingOneByOneIsFoldingByTheTables(t *testing.T) {
	t.Parallel()
	check := func(text string) {
		if got, want := directory.Fold(text), directory.FoldByTables(text); got != want {
			t.Errorf("%q folds to %q, by the tables to %q", text, got, want)
		}
		if got, want := string(directory.AppendFolded([]byte("b"), text)), "b"+directory.FoldByTables(text); got != want {
			t.Errorf("%q folds to %q behind what is there, by the tables to %q", text, got, want)
		}
	}
	const some = 0x2200 // beyond those that are folded one by one
	for r := range rune(some) {
		check(string(r))
		check("L" + string(r) + string(r) + "'é" + string(r))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text []rune
		for range random.IntN(12) {
			text = append(text, rune(random.IntN(some)))
		}
		check(string(text))
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"Ministère", "منظمة", "Œ", "a\u0301 b", "\u200f", "İı", "ſ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := directory.Fold(text)
		if slow := directory.FoldByTables(text); slow != once {
			t.Fatalf("%q folds to %q, by the tables to %q", text, once, slow)
		}
		if twice := directory.Fold(once); twice != once {
			t.Fatalf("%q folds to %q, and that to %q", text, once, twice)
		}
	})
}
