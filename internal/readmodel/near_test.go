package readmodel_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
)

func TestNamesAreNearWhenALetterOrTwoDiffer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, held, asked string
		near              bool
	}{
		{"equal when folded", "École Supérieure", "ecole superieure", true},
		{"words in another order", "Agence de l’Emploi", "emploi, de l'agence", true},
		{"Arabic letters in other forms", "منظمة الهجرة الدولية", "منظمه الهجره الدوليه", true},
		{"one letter replaced in seven", "Tanmia A", "Tanmia B", false},
		{"one letter replaced in nine", "Tanmiaaa B", "Tanmiaaa C", true},
		{"one letter missing", "Fondation Tanmia", "Fondaton Tanmia", true},
		{"the first letter missing", "Fondation Tanmia", "ondation Tanmia", true},
		{"the last letter doubled", "Fondation Tanmia", "Fondation Tanmiaa", true},
		{"two letters in sixteen", "Fondation Tanmiaa", "Fondetion Tanmiea", true},
		{"two letters in fifteen", "Fondation Tanmia", "Fondetion Tanmie", false},
		{"three letters in many", "Observatoire national de la migration", "Observatoir national de le migratio", false},
		{"two letters at both ends of many", "Observatoire national de la migration", "bservatoire national de la migratio", true},
		{"two inserted at the start", "Observatoire national de la migration", "L Observatoire national de la migration", true},
		{"short and different", "OIT", "OIM", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			snapshot := s.put(actorNamed("held", test.held), actorNamed("else", "Banque centrale"))
			var want []directory.Ref
			if test.near {
				want = []directory.Ref{{Kind: directory.Actors, ID: "held"}}
			}
			if diff := cmp.Diff(want, snapshot.NearNames(actorNamed("new", test.asked))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOnlyLiveOthersAreNear(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	first, second := actorNamed("first", "Office des migrations"), actorNamed("second", "Autre nom")
	second.OtherNames = []directory.OtherName{
		{Value: "Office des Migrations", Type: directory.NameAlias}, {Value: "ODM", Type: directory.NameAcronym},
	}
	snapshot := s.put(first, second)
	refs := func(ids ...string) (refs []directory.Ref) {
		for _, id := range ids {
			refs = append(refs, directory.Ref{Kind: directory.Actors, ID: id})
		}
		return refs
	}
	if diff := cmp.Diff(refs("first", "second"), snapshot.NearNames(actorNamed("", "Office des migrations"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(refs("second"), snapshot.NearNames(first)); diff != "" {
		t.Error(diff)
	}
	if near := snapshot.NearNames(actorNamed("", "ODM")); near != nil {
		t.Errorf("an acronym is near: %v", near)
	}
	if diff := cmp.Diff(refs("first"), s.archive(second).NearNames(actorNamed("", "Office des migrations"))); diff != "" {
		t.Error(diff)
	}
	if near := snapshot.NearNames(actorNamed("", "!!")); near != nil {
		t.Errorf("punctuation is near: %v", near)
	}
}
