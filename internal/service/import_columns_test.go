package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

func TestAFileNeedsTheColumnsOfTheMembersThatItChangesOnly(t *testing.T) {
	t.Parallel()
	s := stock(t)
	before, _ := s.Head().Find(directory.Ref{Kind: directory.Actors, ID: "oit"})
	was, ok := before.Record().(*directory.Actor)
	if !ok || was.Group == "" {
		t.Fatalf("%+v", before.Record())
	}
	for _, file := range []textFile{
		{"actors.csv", "id,website\noit,https://new.example\n"},
		{"actors.csv", "id,status\noit,draft\n"},
		{"actors.csv", "status,id\npublished,oit\n"},
	} {
		report, said, err := importTexts(t, s, false, file)
		if err != nil || report.Changed != 1 || len(said) > 0 {
			t.Errorf("%s: %+v, %v, %v", file.text, report, said, err)
		}
	}
	after, _ := s.Head().Find(directory.Ref{Kind: directory.Actors, ID: "oit"})
	is, ok := after.Record().(*directory.Actor)
	if !ok || is.Website != "https://new.example" {
		t.Fatalf("%+v", after.Record())
	}
	want := *was
	want.Website, want.Version, want.Updated = is.Website, is.Version, is.Updated
	if diff := cmp.Diff(&want, is); diff != "" {
		t.Error(diff)
	}
}

func TestARowThatMakesARecordIsToldWhichColumnsAreMissing(t *testing.T) {
	t.Parallel()
	s := stock(t)
	files := []textFile{
		{"actors.csv", "id,website\noit,https://a.example\nnobody,https://b.example\n"},
		{"roles.csv", "id,actor\nr-new,oit\n"},
		{"sources.csv", "title\nA law\n"},
	}
	want := []string{
		"actors.csv:3 missing_column group", "actors.csv:3 missing_column kind", "actors.csv:3 missing_column name_fr",
		"roles.csv:2 function_or_initiative_required ", "roles.csv:2 missing_column role", "sources.csv:2 missing_column kind",
	}
	for _, keepGoing := range []bool{false, true} {
		report, _, err := importTexts(t, s, keepGoing, files...)
		if !keepGoing {
			wantFault(t, err, fault.Invalid, fault.CodeImportRefused)
		} else if err != nil || report.Changed != 1 {
			t.Errorf("%+v, %v", report, err)
		}
		var told []string
		for _, f := range report.Faults {
			column, _ := f.Args["column"].(string)
			told = append(told, f.At.String()+" "+string(f.Code)+" "+column)
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Error(diff)
		}
	}
}
