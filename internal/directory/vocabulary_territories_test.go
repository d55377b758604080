package directory_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
)

var regions = []string{
	"MA-01", "MA-02", "MA-03", "MA-04", "MA-05", "MA-06", "MA-07", "MA-08", "MA-09", "MA-10", "MA-11", "MA-12",
}

func TestCountriesAreTheAssignedCodesInOrder(t *testing.T) {
	t.Parallel()
	codes := vocabulary(t, directory.VocabularyCountries).Codes()
	if !slices.IsSorted(codes) {
		t.Error("the countries are not in the order of their codes")
	}
	for _, code := range []string{"AX", "BQ", "CW", "EH", "MA", "PS", "SS", "TL", "UM", "ZW"} {
		if !directory.IsCountry(code) || !directory.IsTerritory(code) {
			t.Errorf("%s is missing", code)
		}
	}
	// Withdrawn, reserved and user-assigned codes, which the library that names the countries knows.
	for _, code := range []string{"AC", "AN", "CS", "DD", "EA", "EU", "EZ", "IC", "SU", "TP", "UK", "UN", "XK", "YU", "ZZ"} {
		if directory.IsCountry(code) || directory.IsTerritory(code) {
			t.Errorf("%s is not assigned to a country", code)
		}
	}
	for _, code := range []string{"", "ma", "MAR", "504", "MA-01"} {
		if directory.IsCountry(code) {
			t.Errorf("%q is no alpha-2 code", code)
		}
	}
}

func TestCountriesHaveTheirPresentNames(t *testing.T) {
	t.Parallel()
	want := map[string]directory.Text{
		"BA": {"fr": "Bosnie-Herzégovine", "ar": "البوسنة والهرسك", "en": "Bosnia and Herzegovina"},
		"CI": {"fr": "Côte d’Ivoire", "ar": "كوت ديفوار", "en": "Côte d’Ivoire"},
		"DE": {"fr": "Allemagne", "ar": "ألمانيا", "en": "Germany"},
		"MA": {"fr": "Maroc", "ar": "المغرب", "en": "Morocco"},
		"MK": {"fr": "Macédoine du Nord", "ar": "مقدونيا الشمالية", "en": "North Macedonia"},
		"PS": {"fr": "État de Palestine", "ar": "دولة فلسطين", "en": "State of Palestine"},
		"SZ": {"fr": "Eswatini", "ar": "إسواتيني", "en": "Eswatini"},
		"TR": {"fr": "Turquie", "ar": "تركيا", "en": "Türkiye"},
	}
	got := make(map[string]directory.Text, len(want))
	for _, term := range vocabulary(t, directory.VocabularyCountries).Terms {
		if _, ok := want[term.Code]; ok {
			got[term.Code] = term.Label
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestTerritoriesAreTheCountriesAndTheRegionsAfterTheirs(t *testing.T) {
	t.Parallel()
	countries := vocabulary(t, directory.VocabularyCountries).Codes()
	morocco := slices.Index(countries, "MA")
	want := slices.Insert(countries, morocco+1, regions...)
	places := vocabulary(t, directory.VocabularyTerritories)
	if diff := cmp.Diff(want, places.Codes()); diff != "" {
		t.Errorf("territories (-want +got):\n%s", diff)
	}
	for _, code := range regions {
		if !directory.IsTerritory(code) || directory.IsCountry(code) || directory.TerritoryParent(code) != "MA" {
			t.Errorf("%s is not a region of Morocco", code)
		}
	}
	for _, code := range []string{"", "MA-00", "MA-13", "MA-1", "MA-CAS", "FR-75"} {
		if directory.IsTerritory(code) {
			t.Errorf("%q is a territory", code)
		}
	}
}

func TestTheRegionsHaveTheirNamesOf2015(t *testing.T) {
	t.Parallel()
	want := []string{
		"Tanger-Tétouan-Al Hoceïma", "L’Oriental", "Fès-Meknès", "Rabat-Salé-Kénitra", "Béni Mellal-Khénifra",
		"Casablanca-Settat", "Marrakech-Safi", "Drâa-Tafilalet", "Souss-Massa", "Guelmim-Oued Noun",
		"Laâyoune-Sakia El Hamra", "Dakhla-Oued Ed-Dahab",
	}
	places := vocabulary(t, directory.VocabularyTerritories)
	var got []string
	for _, code := range regions {
		region, _ := places.Term(code)
		got = append(got, region.Label.In("fr"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("regions (-want +got):\n%s", diff)
	}
}

func TestWhatLiesBelowATerritoryStartsWithItself(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code string
		want []string
	}{
		"a country with regions":    {"MA", append([]string{"MA"}, regions...)},
		"a country without regions": {"FR", []string{"FR"}},
		"a region":                  {"MA-09", []string{"MA-09"}},
		"an unknown code":           {"XX", nil},
		"no code":                   {"", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, directory.TerritoriesBelow(tt.code)); diff != "" {
				t.Errorf("below %q (-want +got):\n%s", tt.code, diff)
			}
		})
	}
}

func TestWhatLiesBelowATerritoryBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	directory.TerritoriesBelow("MA-12")[0] = "changed"
	if got := directory.TerritoriesBelow("MA-12")[0]; got != "MA-12" {
		t.Errorf("a caller changed the list of all others: %q", got)
	}
}

func TestACountryHasNoParent(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"MA", "FR", "XX", ""} {
		if got := directory.TerritoryParent(code); got != "" {
			t.Errorf("the parent of %q is %q", code, got)
		}
	}
}
