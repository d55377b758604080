package directory_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
)

func vocabulary(t *testing.T, name string) *directory.Vocabulary {
	t.Helper()
	v, ok := directory.VocabularyNamed(name)
	if !ok {
		t.Fatalf("there is no vocabulary %q", name)
	}
	return v
}

func TestVocabulariesComeInAFixedOrderWithTheirSizes(t *testing.T) {
	t.Parallel()
	type size struct {
		Name  string
		Terms int
	}
	want := []size{
		{"groups", 10},
		{"actor_kinds", 4},
		{"actor_states", 4},
		{"initiative_kinds", 6},
		{"initiative_states", 4},
		{"initiative_links", 4},
		{"role_types", 20},
		{"raci", 4},
		{"relation_types", 11},
		{"source_kinds", 6},
		{"identifier_schemes", 9},
		{"other_name_types", 3},
		{"statuses", 3},
		{"visibilities", 3},
		{"confidences", 3},
		{"languages", 10},
		{"gap_rules", 8},
		{"gap_severities", 3},
		{"counted_fields", 13},
		{"countries", 249},
		{"territories", 249 + 12},
		{"frameworks", 4},
		{"MGI", 6},
		{"GCM", 23},
		{"SDG", 17 + 169},
		{"ILO-MFLM", 9},
	}
	var got []size
	for _, v := range directory.Vocabularies() {
		got = append(got, size{v.Name, len(v.Terms)})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("vocabularies (-want +got):\n%s", diff)
	}
}

func TestEveryVocabularyIsFoundByItsName(t *testing.T) {
	t.Parallel()
	for _, v := range directory.Vocabularies() {
		if got := vocabulary(t, v.Name); got != v {
			t.Errorf("VocabularyNamed(%q) is another vocabulary: %q", v.Name, got.Name)
		}
	}
	for _, name := range []string{"", "Groups", "sdg", "nope"} {
		if v, ok := directory.VocabularyNamed(name); ok {
			t.Errorf("VocabularyNamed(%q) = %q, want none", name, v.Name)
		}
	}
}

func TestTheListOfVocabulariesBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	list := directory.Vocabularies()
	list[0] = nil
	if directory.Vocabularies()[0] == nil {
		t.Error("a caller changed the list of all others")
	}
}

func TestEveryCodeIsFoundAtItsRank(t *testing.T) {
	t.Parallel()
	for _, v := range directory.Vocabularies() {
		for rank, code := range v.Codes() {
			term, ok := v.Term(code)
			if !ok || term != &v.Terms[rank] || term.Code != code || !v.Has(code) || v.Rank(code) != rank {
				t.Errorf("%s: %q is not found at rank %d (a code given twice?)", v.Name, code, rank)
			}
		}
	}
}

func TestAnUnknownCodeIsAbsentAndRanksLast(t *testing.T) {
	t.Parallel()
	for _, v := range directory.Vocabularies() {
		for _, code := range []string{"", " ", "nope", strings.ToUpper(v.Terms[0].Code) + "\x00"} {
			if term, ok := v.Term(code); ok || term != nil || v.Has(code) {
				t.Errorf("%s has %q", v.Name, code)
			}
			if got := v.Rank(code); got != len(v.Terms) {
				t.Errorf("%s: rank of %q = %d, want %d", v.Name, code, got, len(v.Terms))
			}
		}
	}
}

func TestEveryLabelIsInFrenchArabicAndEnglish(t *testing.T) {
	t.Parallel()
	check := func(where string, text directory.Text) {
		if diff := cmp.Diff([]string{"ar", "en", "fr"}, text.Languages()); diff != "" {
			t.Errorf("%s: languages (-want +got):\n%s", where, diff)
		}
		for _, lang := range text.Languages() {
			if s := text[lang]; s == "" || strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
				t.Errorf("%s: untidy text %q (%s)", where, s, lang)
			}
		}
		if !strings.ContainsFunc(text["ar"], func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
			t.Errorf("%s: %q is not Arabic", where, text["ar"])
		}
		if strings.Contains(text["fr"], "'") {
			t.Errorf("%s: %q has a straight apostrophe", where, text["fr"])
		}
	}
	for _, v := range directory.Vocabularies() {
		check(v.Name, v.Title)
		for _, term := range v.Terms {
			check(v.Name+" "+term.Code, term.Label)
			if term.Inverse != nil {
				check(v.Name+" "+term.Code+" (inverse)", term.Inverse)
			}
		}
	}
}

func TestNoTwoTermsOfAVocabularyReadTheSame(t *testing.T) {
	t.Parallel()
	for _, v := range directory.Vocabularies() {
		for _, lang := range []string{"fr", "ar", "en"} {
			seen := make(map[string]string, len(v.Terms))
			for _, term := range v.Terms {
				if other, ok := seen[term.Label[lang]]; ok {
					t.Errorf("%s: %s and %s both read %q", v.Name, other, term.Code, term.Label[lang])
				}
				seen[term.Label[lang]] = term.Code
			}
		}
	}
}

func TestEveryParentIsATermThatComesFirst(t *testing.T) {
	t.Parallel()
	for _, v := range directory.Vocabularies() {
		for _, term := range v.Terms {
			if term.Parent != "" && v.Rank(term.Parent) >= v.Rank(term.Code) {
				t.Errorf("%s: the parent %q of %q does not come before it", v.Name, term.Parent, term.Code)
			}
		}
	}
}

func TestATermIsWrittenWithoutWhatItLacks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ vocabulary, code, want string }{
		"a plain term": {
			"confidences", "low", `{"code":"low","label":{"ar":"ضعيفة","en":"Low","fr":"Faible"}}`,
		},
		"a constituent": {
			"groups", "workers", `{"code":"workers","label":{"ar":"العمال","en":"Workers","fr":"Travailleurs"},` +
				`"constituent":true}`,
		},
		"a region": {
			"territories", "MA-02", `{"code":"MA-02","label":{"ar":"الشرق","en":"Oriental","fr":"L’Oriental"},"parent":"MA"}`,
		},
		"a role type": {
			"role_types", "partner", `{"code":"partner","label":{"ar":"شريك","en":"Partner","fr":"Partenaire"},"raci":"R"}`,
		},
		"a relation type": {
			"relation_types", "funds", `{"code":"funds","label":{"ar":"يموِّل","en":"funds","fr":"finance"},` +
				`"inverse":{"ar":"يموِّله","en":"is funded by","fr":"est financé par"},"inverse_code":"funded_by"}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term, _ := vocabulary(t, tt.vocabulary).Term(tt.code)
			got, err := json.Marshal(term)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
		})
	}
}

func TestThePlainVocabulariesHaveTheCodesOfTheModel(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"groups": "government employers workers international bilateral_agency foreign_government civil_society academia " +
			"private_recruitment other",
		"actor_kinds":        "organisation unit network committee",
		"actor_states":       "active dormant dissolved proposed",
		"initiative_kinds":   "strategy programme project agreement law event",
		"initiative_states":  "planned active completed suspended",
		"initiative_links":   "within succeeds implements aligned_with",
		"source_kinds":       "communique law report web_page agreement other",
		"identifier_schemes": "ror wikidata iati lei isni grid fundref ma-ice other",
		"other_name_types":   "alias former acronym",
		"statuses":           "draft published archived",
		"visibilities":       "public partners ministry",
		"confidences":        "high medium low",
		"languages":          "fr ar en zgh es de it nl pt und",
		"frameworks":         "MGI GCM SDG ILO-MFLM",
	}
	for name, codes := range tests {
		if diff := cmp.Diff(strings.Fields(codes), vocabulary(t, name).Codes()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTheConstituentsAreGovernmentEmployersAndWorkers(t *testing.T) {
	t.Parallel()
	var got []string
	for _, v := range directory.Vocabularies() {
		for _, term := range v.Terms {
			if term.Constituent {
				got = append(got, v.Name+" "+term.Code)
			}
		}
	}
	if want := []string{"groups government", "groups employers", "groups workers"}; !slices.Equal(got, want) {
		t.Errorf("constituents are %q, want %q", got, want)
	}
}
