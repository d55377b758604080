package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// countryCodes are the alpha-2 codes that ISO 3166-1 officially assigns, 249 of them.
const countryCodes = `
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`

func countries() *Vocabulary {
	return newVocabulary(VocabularyCountries, label("Pays", "البلدان", "Countries"), countryTerms()...)
}

func countryTerms() []Term {
	french, arabic, english := display.French.Regions(), display.Arabic.Regions(), display.English.Regions()
	newer := renamedCountries()
	codes := strings.Fields(countryCodes)
	terms := make([]Term, len(codes))
	for i, code := range codes {
		region := language.MustParseRegion(code)
		inEnglish := strings.ReplaceAll(english.Name(region), " & ", " and ")
		name := label(french.Name(region), arabic.Name(region), inEnglish)
		maps.Copy(name, newer[code])
		terms[i] = Term{Code: code, Label: name}
	}
	return terms
}

// renamedCountries are the names that the United Nations use now and the CLDR of golang.org/x/text does not have yet.
func renamedCountries() map[string]Text {
	return map[string]Text{
		"BY": {"fr": "Bélarus"},
		"CI": {"ar": "كوت ديفوار"},
		"CV": {"en": "Cabo Verde"},
		"MK": label("Macédoine du Nord", "مقدونيا الشمالية", "North Macedonia"),
		"PS": label("État de Palestine", "دولة فلسطين", "State of Palestine"),
		"SZ": label("Eswatini", "إسواتيني", "Eswatini"),
		"TL": {"fr": "Timor-Leste"},
		"TR": {"en": "Türkiye"},
	}
}

// territories are the countries and, right after theirs, the regions.
func territories() *Vocabulary {
	terms := append(countryTerms(), moroccanRegions()...)
	slices.SortFunc(terms, func(a, b Term) int { return cmp.Compare(a.Code, b.Code) })
	return newVocabulary(VocabularyTerritories, label("Territoires", "المجالات الترابية", "Territories"), terms...)
}

// moroccanRegions are the twelve regions of the division of 2015, with their codes of ISO 3166-2.
func moroccanRegions() []Term {
	region := func(code string, name Text) Term { return Term{Code: code, Parent: "MA", Label: name} }
	return []Term{
		region("MA-01", label("Tanger-Tétouan-Al Hoceïma", "طنجة-تطوان-الحسيمة", "Tangier-Tetouan-Al Hoceima")),
		region("MA-02", label("L’Oriental", "الشرق", "Oriental")),
		region("MA-03", label("Fès-Meknès", "فاس-مكناس", "Fez-Meknes")),
		region("MA-04", label("Rabat-Salé-Kénitra", "الرباط-سلا-القنيطرة", "Rabat-Salé-Kenitra")),
		region("MA-05", label("Béni Mellal-Khénifra", "بني ملال-خنيفرة", "Beni Mellal-Khenifra")),
		region("MA-06", label("Casablanca-Settat", "الدار البيضاء-سطات", "Casablanca-Settat")),
		region("MA-07", label("Marrakech-Safi", "مراكش-آسفي", "Marrakesh-Safi")),
		region("MA-08", label("Drâa-Tafilalet", "درعة-تافيلالت", "Draa-Tafilalet")),
		region("MA-09", label("Souss-Massa", "سوس-ماسة", "Souss-Massa")),
		region("MA-10", label("Guelmim-Oued Noun", "كلميم-واد نون", "Guelmim-Oued Noun")),
		region("MA-11", label("Laâyoune-Sakia El Hamra", "العيون-الساقية الحمراء", "Laayoune-Sakia El Hamra")),
		region("MA-12", label("Dakhla-Oued Ed-Dahab", "الداخلة-وادي الذهب", "Dakhla-Oued Ed-Dahab")),
	}
}

// territoriesBelow lists under each code the code itself and then those below it, in the order of the vocabulary.
func territoriesBelow(v *Vocabulary) map[string][]string {
	below := make(map[string][]string, len(v.Terms))
	for i := range v.Terms {
		code := v.Terms[i].Code
		for above, ok := &v.Terms[i], true; ok; above, ok = v.Term(above.Parent) {
			below[above.Code] = append(below[above.Code], code)
		}
	}
	return below
}

// TerritoriesBelow returns a territory's code and the codes of the regions below it; nothing for an unknown code.
func TerritoriesBelow(code string) []string { return slices.Clone(vocabularies().below[code]) }

// TerritoryParent returns the country of a region; "" for a country and for an unknown code.
func TerritoryParent(code string) string {
	if term, ok := vocabularies().places.Term(code); ok {
		return term.Parent
	}
	return ""
}

// IsCountry tells whether ISO 3166-1 assigns that alpha-2 code.
func IsCountry(code string) bool { return vocabularies().countries.Has(code) }

// IsTerritory tells whether the code is that of a country or of a region.
func IsTerritory(code string) bool { return vocabularies().places.Has(code) }
