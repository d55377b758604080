package interchange

import (
	"strings"

	"dalil/internal/directory"
)

// schema is the columns that a file of one kind may have.
type schema struct {
	kind    directory.Kind
	columns []column     // in the order in which they are written
	texts   []textMember // each a column for every language: name_fr, name_zgh
}

// textMember is a member in several languages.
type textMember struct {
	name   string
	column func(lang string) column
}

// schemaOf returns the columns of a kind; data set READMEs say the same in words.
func schemaOf(kind directory.Kind) *schema {
	switch kind {
	case directory.Sources:
		return sourceSchema()
	case directory.Functions:
		return functionSchema()
	case directory.Actors:
		return actorSchema()
	case directory.Initiatives:
		return initiativeSchema()
	case directory.Roles:
		return roleSchema()
	case directory.Relations:
		return relationSchema()
	default:
		return nil
	}
}

// newSchema puts the columns of the envelope around those of the kind.
func newSchema(kind directory.Kind, texts []textMember, own ...column) *schema {
	type r = directory.Record
	id := plain("id", func(r r) *string { return &r.Head().ID })
	envelope := []column{
		listed("source_ids", func(r r) *[]string { return &r.Head().Sources }).at("/sources"),
		term("confidence", directory.VocabularyConfidences, func(r r) *string { return &r.Head().Confidence }),
		listed("tags", func(r r) *[]string { return &r.Head().Tags }),
		term("visibility", directory.VocabularyVisibilities, func(r r) *directory.Visibility { return &r.Head().Visibility }),
		term("status", directory.VocabularyStatuses, func(r r) *directory.Status { return &r.Head().Status }),
	}
	columns := append([]column{id}, own...)
	return &schema{kind: kind, columns: append(columns, envelope...), texts: texts}
}

func sourceSchema() *schema {
	type s = directory.Source
	return newSchema(directory.Sources, nil,
		plain("title", func(r *s) *string { return &r.Title }).must(),
		plain("publisher", func(r *s) *string { return &r.Publisher }),
		date("date", func(r *s) *directory.Date { return &r.Date }),
		plain("url", func(r *s) *string { return &r.URL }),
		plain("language", func(r *s) *string { return &r.Language }),
		term("kind", directory.VocabularySourceKinds, func(r *s) *string { return &r.Kind }).must(),
		plain("note", func(r *s) *string { return &r.Note }),
	)
}

func functionSchema() *schema {
	type f = directory.Function
	texts := []textMember{
		text("label", func(r *f) *directory.Text { return &r.Label }),
		text("definition", func(r *f) *directory.Text { return &r.Definition }),
	}
	return newSchema(directory.Functions, texts,
		plain("code", func(r *f) *string { return &r.Notation }).at("/notation").must(),
		lower("parent", func(r *f) *string { return &r.Parent }),
		frameworks(func(r *f) *[]directory.FrameworkCode { return &r.Frameworks }),
		whole("order", func(r *f) **int { return &r.Order }),
	)
}

func actorSchema() *schema {
	type a = directory.Actor
	texts := []textMember{
		text("name", func(r *a) *directory.Text { return &r.Name }),
		text("acronym", func(r *a) *directory.Text { return &r.Acronym }),
		text("mandate", func(r *a) *directory.Text { return &r.Mandate }),
		text("summary", func(r *a) *directory.Text { return &r.Summary }),
	}
	columns := []column{
		term("kind", directory.VocabularyActorKinds, func(r *a) *string { return &r.Kind }).must(),
		term("group", directory.VocabularyGroups, func(r *a) *string { return &r.Group }).must(),
		plain("parent", func(r *a) *string { return &r.Parent }),
		objects("other_names", func(r *a) *[]directory.OtherName { return &r.OtherNames }),
		term("state", directory.VocabularyActorStates, func(r *a) *string { return &r.State }),
		term("country", directory.VocabularyCountries, func(r *a) *string { return &r.Country }),
		listed("territories", func(r *a) *[]string { return &r.Territories }),
		city(),
		locations(),
		plain("website", func(r *a) *string { return &r.Website }),
		plain("email", func(r *a) *string { return &r.Email }),
		plain("phone", func(r *a) *string { return &r.Phone }),
		date("founded", func(r *a) *directory.Date { return &r.Founded }),
		date("dissolved", func(r *a) *directory.Date { return &r.Dissolved }),
	}
	for _, scheme := range plainSchemes() {
		columns = append(columns, identifier(scheme))
	}
	return newSchema(directory.Actors, texts, append(columns, identifiers())...)
}

func initiativeSchema() *schema {
	type i = directory.Initiative
	budget := func(r *i) **directory.Money { return &r.Budget }
	texts := []textMember{
		text("name", func(r *i) *directory.Text { return &r.Name }),
		text("acronym", func(r *i) *directory.Text { return &r.Acronym }),
		text("summary", func(r *i) *directory.Text { return &r.Summary }),
	}
	return newSchema(directory.Initiatives, texts,
		term("kind", directory.VocabularyInitiativeKinds, func(r *i) *string { return &r.Kind }).must(),
		plain("parent", func(r *i) *string { return &r.Parent }),
		links(),
		term("state", directory.VocabularyInitiativeStates, func(r *i) *string { return &r.State }),
		date("start", func(r *i) *directory.Date { return &r.Start }),
		date("end", func(r *i) *directory.Date { return &r.End }),
		plain("place", func(r *i) *string { return &r.Place }),
		listed("countries", func(r *i) *[]string { return &r.Territories }).at("/territories"),
		frameworks(func(r *i) *[]directory.FrameworkCode { return &r.Frameworks }),
		amount("budget_amount", budget).at("/budget/amount"),
		currency("budget_currency", budget).at("/budget/currency").with("budget_amount"),
		plain("website", func(r *i) *string { return &r.Website }),
	)
}

func roleSchema() *schema {
	type o = directory.Role
	money := func(r *o) **directory.Money { return &r.Amount }
	texts := []textMember{text("description", func(r *o) *directory.Text { return &r.Description })}
	return newSchema(directory.Roles, texts,
		plain("actor", func(r *o) *string { return &r.Actor }).must(),
		term("role", directory.VocabularyRoleTypes, func(r *o) *string { return &r.Type }).at("/type").must(),
		lower("function", func(r *o) *string { return &r.Function }),
		plain("initiative", func(r *o) *string { return &r.Initiative }),
		listed("territories", func(r *o) *[]string { return &r.Territories }),
		listed("counterparts", func(r *o) *[]string { return &r.Counterparts }),
		date("start", func(r *o) *directory.Date { return &r.Start }),
		date("end", func(r *o) *directory.Date { return &r.End }),
		date("observed", func(r *o) *directory.Date { return &r.Observed }),
		term("raci", directory.VocabularyRACI, func(r *o) *string { return &r.RACI }),
		amount("amount", money).at("/amount/amount"),
		currency("currency", money).at("/amount/currency").with("amount"),
	)
}

func relationSchema() *schema {
	type l = directory.Relation
	money := func(r *l) **directory.Money { return &r.Amount }
	texts := []textMember{text("description", func(r *l) *directory.Text { return &r.Description })}
	return newSchema(directory.Relations, texts,
		plain("from", func(r *l) *string { return &r.From }).must(),
		term("type", directory.VocabularyRelationTypes, func(r *l) *string { return &r.Type }).must(),
		plain("to", func(r *l) *string { return &r.To }).must(),
		date("start", func(r *l) *directory.Date { return &r.Start }),
		date("end", func(r *l) *directory.Date { return &r.End }),
		amount("amount", money).at("/amount/amount"),
		currency("currency", money).at("/amount/currency").with("amount"),
	)
}

// named returns the column with a name: one of the kind's own, or a text in a language that the name ends in.
func (s *schema) named(name string) (column, bool) {
	for i := range s.columns {
		if s.columns[i].name == name {
			return s.columns[i], true
		}
	}
	for _, t := range s.texts {
		if lang, ok := strings.CutPrefix(name, t.name+"_"); ok && directory.ValidLanguage(lang) {
			return t.column(lang), true
		}
	}
	return column{}, false
}
