package directory

import "slices"

// The fields of an actor's record that its completeness may count, named as the columns of the files of actors are.
const (
	FieldCountry     = "country"
	FieldEmail       = "email"
	FieldFounded     = "founded"
	FieldIdentifiers = "identifiers"
	FieldMandate     = "mandate"
	FieldNameAr      = "name_ar"
	FieldNameEn      = "name_en"
	FieldNameFr      = "name_fr"
	FieldPhone       = "phone"
	FieldSources     = "sources"
	FieldSummary     = "summary"
	FieldTerritories = "territories"
	FieldWebsite     = "website"
)

// CountedFields are the fields that the completeness of an actor counts, by its group and in alphabetical order: what
// a reader of the directory looks for first in a body of that kind, and what such a body has. All weigh the same.
func CountedFields(group string) []string { return slices.Clone(countedOf(group)) }

// countedByGroup holds the fields that count, once for all; under no group those of every other.
var countedByGroup = newCountedByGroup() // never changed

func newCountedByGroup() map[string][]string {
	by := map[string][]string{
		"":                      {},
		GroupGovernment:         {FieldEmail, FieldMandate, FieldNameAr, FieldTerritories},
		GroupEmployers:          {FieldEmail, FieldMandate, FieldNameAr, FieldTerritories},
		GroupWorkers:            {FieldEmail, FieldMandate, FieldNameAr, FieldTerritories},
		GroupInternational:      {FieldIdentifiers, FieldMandate, FieldNameAr, FieldNameEn},
		GroupBilateralAgency:    {FieldIdentifiers, FieldMandate, FieldNameEn},
		GroupForeignGovernment:  {FieldIdentifiers, FieldMandate, FieldNameEn},
		GroupCivilSociety:       {FieldEmail, FieldFounded, FieldNameAr, FieldTerritories},
		GroupAcademia:           {FieldFounded, FieldIdentifiers, FieldNameEn},
		GroupPrivateRecruitment: {FieldEmail, FieldIdentifiers, FieldPhone},
	}
	for group, own := range by {
		counted := append([]string{FieldCountry, FieldSources, FieldSummary, FieldWebsite, FieldNameFr}, own...)
		slices.Sort(counted)
		by[group] = counted
	}
	return by
}

// countedOf returns the fields that count for a group; they must not be changed.
func countedOf(group string) []string {
	if counted, ok := countedByGroup[group]; ok {
		return counted
	}
	return countedByGroup[""]
}

// Missing returns the fields that count for the actor and that it does not have, in alphabetical order.
func (a *Actor) Missing() []string {
	return a.AppendMissing(make([]string, 0, len(countedOf(a.Group))))
}

// AppendMissing appends what Missing returns.
func (a *Actor) AppendMissing(to []string) []string {
	for _, field := range countedOf(a.Group) {
		if !a.has(field) {
			to = append(to, field)
		}
	}
	return to
}

// Completeness is how many of the fields that count an actor has, in whole percent, rounded down: 100 is all of them.
func (a *Actor) Completeness() int { return CompletenessWithout(a.Group, len(a.Missing())) }

// CompletenessWithout is the completeness of an actor of a group that lacks so many of the fields that count.
func CompletenessWithout(group string, missing int) int {
	counted := len(countedOf(group))
	return 100 * (counted - missing) / counted
}

// has tells whether an actor has one of the fields.
func (a *Actor) has(field string) bool {
	switch field {
	case FieldCountry:
		return a.Country != ""
	case FieldEmail:
		return a.Email != ""
	case FieldFounded:
		return a.Founded != ""
	case FieldIdentifiers:
		return len(a.Identifiers) > 0
	case FieldMandate:
		return len(a.Mandate) > 0
	case FieldNameAr, FieldNameEn, FieldNameFr:
		return a.Name[field[len("name_"):]] != ""
	case FieldPhone:
		return a.Phone != ""
	case FieldSources:
		return len(a.Sources) > 0
	case FieldSummary:
		return len(a.Summary) > 0
	case FieldTerritories:
		return len(a.Territories) > 0
	default:
		return a.Website != ""
	}
}

// countedFields are all of them, with what they are called.
func countedFields() *Vocabulary {
	return newVocabulary(VocabularyCountedFields,
		label("Champs que compte la complétude", "الحقول المحتسبة في الاكتمال", "Fields that completeness counts"),
		Term{Code: FieldCountry, Label: label("Pays", "البلد", "Country")},
		Term{Code: FieldEmail, Label: label("Adresse électronique", "البريد الإلكتروني", "E-mail address")},
		Term{Code: FieldFounded, Label: label("Date de création", "تاريخ التأسيس", "Date of foundation")},
		Term{Code: FieldIdentifiers, Label: label("Identifiants", "المعرّفات", "Identifiers")},
		Term{Code: FieldMandate, Label: label("Mandat", "المهام", "Mandate")},
		Term{Code: FieldNameAr, Label: label("Nom en arabe", "الاسم بالعربية", "Name in Arabic")},
		Term{Code: FieldNameEn, Label: label("Nom en anglais", "الاسم بالإنجليزية", "Name in English")},
		Term{Code: FieldNameFr, Label: label("Nom en français", "الاسم بالفرنسية", "Name in French")},
		Term{Code: FieldPhone, Label: label("Téléphone", "الهاتف", "Telephone")},
		Term{Code: FieldSources, Label: label("Sources", "المصادر", "Sources")},
		Term{Code: FieldSummary, Label: label("Résumé", "نبذة", "Summary")},
		Term{Code: FieldTerritories, Label: label("Territoires", "المجالات الترابية", "Territories")},
		Term{Code: FieldWebsite, Label: label("Site web", "الموقع الإلكتروني", "Website")},
	)
}
