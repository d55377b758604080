package httpapi_test

import (
	"strconv"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/readmodel"
)

func TestGapsAreWrittenAsTheEncoderDoes(t *testing.T) {
	t.Parallel()
	many := &readmodel.Gaps{Total: 777}
	for n := range 777 { // so many are written by two
		many.Items = append(many.Items, readmodel.Gap{Rule: "stale", Severity: "low", Function: strconv.Itoa(n), Roles: []string{"r" + strconv.Itoa(n)}, Candidates: []readmodel.Candidate{}})
	}
	for name, found := range map[string]*readmodel.Gaps{
		"many": many,
		"none": {Items: []readmodel.Gap{}, ByRule: map[string]int{}},
		"all that there is": {
			Findings: readmodel.Findings{HiddenByDate: 3, Mapping: []readmodel.Mapping{{Framework: "GCM", Code: "5", Kind: "functions", ID: "pol"}, {Framework: "GCM", Code: "6"}}},
			Items: []readmodel.Gap{
				{Rule: "no_lead", Severity: "high", Function: "pol", Detail: "La fonction « Été » : \"rien\"\n", Roles: []string{}, Candidates: []readmodel.Candidate{{Actor: "min", Why: "Chef de file"}, {Actor: "umt", Why: "\u2028 قيادة"}}},
				{Rule: "several_leads", Severity: "high", Function: "pol", Initiative: "plan", Detail: "x", Roles: []string{"r1", "r2"}, Candidates: []readmodel.Candidate{}},
				{Rule: "territory_uncovered", Severity: "low", Initiative: "plan", Territory: "MA-05", Group: "workers", Roles: []string{}, Candidates: []readmodel.Candidate{}},
			},
			Total: 12345, ByRule: map[string]int{"stale": 0, "no_lead": 1, "several_leads": 12344},
		},
	} {
		if written, usual, err := httpapi.GapTexts(found); err != nil || string(written) != string(usual) {
			t.Errorf("%s: %v\nwritten %s\nusual   %s", name, err, written, usual)
		}
	}
}

func TestSuggestionsAreWrittenAsTheEncoderDoes(t *testing.T) {
	t.Parallel()
	some := []readmodel.Suggestion{
		{Ref: directory.Ref{Kind: directory.Actors, ID: "ilo"}, Label: "Organisation « OIT »", Match: readmodel.Match{Field: "acronym", Lang: "fr", Value: "OIT", How: "exact", Score: 1}},
		{Ref: directory.Ref{Kind: directory.Functions, ID: "pol"}, Match: readmodel.Match{Field: "name", Lang: "ar", Value: "سياسة \"", How: "prefix", Score: 0.8123}},
	}
	for _, found := range [][]readmodel.Suggestion{nil, some[:1], some} {
		if written, usual, err := httpapi.SuggestionTexts(found, 77); err != nil || string(written) != string(usual) {
			t.Errorf("%v\nwritten %s\nusual   %s", err, written, usual)
		}
	}
}
