package directory_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
)

func TestRoleTypesImplyTheLettersOfTheModel(t *testing.T) {
	t.Parallel()
	want := []string{
		"lead A", "accountable A",
		"responsible R", "implementer R", "regulator R", "organiser R", "data_provider R", "recruiter R", "trainer R",
		"host R", "partner R", "technical_assistance R",
		"consulted C", "social_partner C", "participant C",
		"informed I", "observer I",
		"funder ", "beneficiary ", "other ",
	}
	letters := vocabulary(t, directory.VocabularyRACI)
	var got []string
	for _, term := range vocabulary(t, directory.VocabularyRoleTypes).Terms {
		got = append(got, term.Code+" "+term.RACI)
		if term.RACI != "" && !letters.Has(term.RACI) {
			t.Errorf("%s implies %q, which is no letter of the chart", term.Code, term.RACI)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("role types (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"A", "R", "C", "I"}, letters.Codes()); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
}

func TestRelationTypesHaveTheirInverses(t *testing.T) {
	t.Parallel()
	want := []string{
		"part_of/has_part", "funds/funded_by", "supervises/supervised_by", "reports_to/receives_reports_of",
		"member_of/has_member", "represents/represented_by", "successor_of/succeeded_by",
		"partners_with/partners_with", "cooperates_with/cooperates_with", "agreement_with/agreement_with",
		"related_to/related_to",
	}
	var got []string
	for _, term := range vocabulary(t, directory.VocabularyRelationTypes).Terms {
		got = append(got, term.Code+"/"+term.InverseCode)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("relation types (-want +got):\n%s", diff)
	}
}

func TestARelationReadsTheSameFromBothEndsOnlyWhenSymmetric(t *testing.T) {
	t.Parallel()
	types := vocabulary(t, directory.VocabularyRelationTypes)
	for _, term := range types.Terms {
		if same := term.InverseCode == term.Code; same != term.Symmetric {
			t.Errorf("%s: symmetric is %v, its inverse is %s", term.Code, term.Symmetric, term.InverseCode)
		}
		if !term.Symmetric && types.Has(term.InverseCode) {
			t.Errorf("%s: the inverse %s is a type of its own", term.Code, term.InverseCode)
		}
		for _, lang := range []string{"fr", "ar", "en"} {
			if same := term.Inverse[lang] == term.Label[lang]; same != term.Symmetric {
				t.Errorf("%s: symmetric is %v, labels are %q and %q",
					term.Code, term.Symmetric, term.Label[lang], term.Inverse[lang])
			}
		}
	}
}

func TestLinksOfInitiativesReadDifferentlyFromTheOtherEnd(t *testing.T) {
	t.Parallel()
	for _, term := range vocabulary(t, directory.VocabularyInitiativeLinks).Terms {
		for _, lang := range []string{"fr", "ar", "en"} {
			if inverse := strings.TrimSpace(term.Inverse[lang]); inverse == "" || inverse == term.Label[lang] {
				t.Errorf("%s (%s): the other end reads %q", term.Code, lang, inverse)
			}
		}
	}
}
