package directory_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
)

// codesUpTo returns the codes from "1" to the number.
func codesUpTo(n int) []string {
	codes := make([]string, n)
	for i := range codes {
		codes[i] = strconv.Itoa(i + 1)
	}
	return codes
}

// sdgCodes lists the goals with their targets: how many have numbers, how many have letters (A/RES/70/1).
func sdgCodes() []string {
	targets := [][2]int{
		{5, 2},
		{5, 3},
		{9, 4},
		{7, 3},
		{6, 3},
		{6, 2},
		{3, 2},
		{10, 2},
		{5, 3},
		{7, 3},
		{7, 3},
		{8, 3},
		{3, 2},
		{7, 3},
		{9, 3},
		{10, 2},
		{19, 0},
	}
	var codes []string
	for i, n := range targets {
		goal := strconv.Itoa(i + 1)
		codes = append(codes, goal)
		for number := range n[0] {
			codes = append(codes, goal+"."+strconv.Itoa(number+1))
		}
		for letter := range n[1] {
			codes = append(codes, goal+"."+string(rune('a'+letter)))
		}
	}
	return codes
}

func TestFrameworksAreComplete(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		directory.FrameworkMGI:     codesUpTo(6),
		directory.FrameworkGCM:     codesUpTo(23),
		directory.FrameworkSDG:     sdgCodes(),
		directory.FrameworkILOMFLM: codesUpTo(9),
	}
	got := make(map[string][]string)
	for _, name := range directory.Frameworks() {
		got[name] = vocabulary(t, name).Codes()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("framework codes (-want +got):\n%s", diff)
	}
}

func TestFrameworksAndTheirCodesSayWhereTheyArePublished(t *testing.T) {
	t.Parallel()
	for _, name := range append(directory.Frameworks(), directory.VocabularyFrameworks) {
		for _, term := range vocabulary(t, name).Terms {
			if !strings.HasPrefix(term.Source, "http") {
				t.Errorf("%s %s: published at %q", name, term.Code, term.Source)
			}
		}
	}
}

func TestAFrameworkIsTitledAsItsTermSays(t *testing.T) {
	t.Parallel()
	for _, framework := range vocabulary(t, directory.VocabularyFrameworks).Terms {
		if diff := cmp.Diff(framework.Label, vocabulary(t, framework.Code).Title); diff != "" {
			t.Errorf("%s (-term +title):\n%s", framework.Code, diff)
		}
	}
}

func TestATargetLiesBelowItsGoal(t *testing.T) {
	t.Parallel()
	for _, name := range directory.Frameworks() {
		for _, term := range vocabulary(t, name).Terms {
			goal, _, target := strings.Cut(term.Code, ".")
			if !target {
				goal = ""
			}
			if term.Parent != goal {
				t.Errorf("%s %s: parent %q, want %q", name, term.Code, term.Parent, goal)
			}
		}
	}
}

func TestAFrameworkCodeIsFoundInItsFrameworkOnly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		framework, code, want string
	}{
		"a dimension":              {"MGI", "2", "Whole-of-government approach"},
		"an objective":             {"GCM", "15", "Provide access to basic services for migrants"},
		"a goal":                   {"SDG", "8", "Goal 8: Decent work and economic growth"},
		"a numbered target":        {"SDG", "8.8", "Protect labour rights of all workers, including migrant workers"},
		"a lettered target":        {"SDG", "10.c", "Reduce the transaction costs of migrant remittances"},
		"an area":                  {"ILO-MFLM", "5", "Protection of migrant workers"},
		"a code of another":        {"MGI", "23", ""},
		"an unknown framework":     {"XYZ", "1", ""},
		"a vocabulary that is not": {"groups", "workers", ""},
		"the list of frameworks":   {"frameworks", "SDG", ""},
		"no code":                  {"SDG", "", ""},
		"another case":             {"SDG", "10.C", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term, ok := directory.FrameworkTerm(tt.framework, tt.code)
			if ok != (tt.want != "") {
				t.Fatalf("FrameworkTerm(%q, %q) found: %v", tt.framework, tt.code, ok)
			}
			if ok && (term.Code != tt.code || term.Label["en"] != tt.want) {
				t.Errorf("FrameworkTerm(%q, %q) = %q %q, want %q",
					tt.framework, tt.code, term.Code, term.Label["en"], tt.want)
			}
		})
	}
}

// covers tells whether a code of a framework is another one or lies above it.
func covers(framework, wide, narrow string) bool {
	for code := narrow; ; {
		term, ok := directory.FrameworkTerm(framework, code)
		if !ok || code == wide {
			return ok
		}
		code = term.Parent
	}
}

func TestTheParentsOfCodesLeadFromTargetsToTheirGoal(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		framework, wide, narrow string
		want                    bool
	}{
		"itself":                      {"SDG", "8", "8", true},
		"a target":                    {"SDG", "8", "8.8", true},
		"a target with two digits":    {"SDG", "8", "8.10", true},
		"a lettered target":           {"SDG", "8", "8.b", true},
		"a target itself":             {"SDG", "8.8", "8.8", true},
		"a target not its goal":       {"SDG", "8.8", "8", false},
		"a target not another":        {"SDG", "8.1", "8.10", false},
		"a goal that begins the same": {"SDG", "1", "10", false},
		"a target of such a goal":     {"SDG", "1", "10.7", false},
		"a target that is not":        {"SDG", "8", "8.11", false},
		"a code that is not":          {"SDG", "18", "18", false},
		"no wide code":                {"SDG", "", "8", false},
		"no narrow code":              {"SDG", "8", "", false},
		"no codes":                    {"SDG", "", "", false},
		"an objective":                {"GCM", "5", "5", true},
		"another objective":           {"GCM", "2", "23", false},
		"an unknown framework":        {"XYZ", "8", "8", false},
		"a vocabulary that is not":    {"territories", "MA", "MA-01", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := covers(tt.framework, tt.wide, tt.narrow); got != tt.want {
				t.Errorf("%s: %q covers %q: %v, want %v", tt.framework, tt.wide, tt.narrow, got, tt.want)
			}
		})
	}
}
