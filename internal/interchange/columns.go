package interchange

import (
	"strings"

	"dalil/internal/directory"
)

// The columns of each file; data set READMEs say the same in words.

func envelopeColumns() []column {
	return []column{
		{name: "source_ids", pointer: "/sources", set: filled(func(r directory.Record, cell string) {
			r.Head().Sources = entries(cell)
		})},
		{name: "confidence", pointer: "/confidence", set: filled(func(r directory.Record, cell string) {
			r.Head().Confidence = spelled(cell)
		})},
	}
}

func idColumn() column {
	return column{name: "id", pointer: "/id", required: true, set: filled(func(r directory.Record, cell string) {
		r.Head().ID = cell
	})}
}

// texts returns a column for each language of a text.
func texts[R directory.Record](name string, member func(R) *directory.Text, langs ...string) []column {
	columns := make([]column, 0, len(langs))
	for _, lang := range langs {
		columns = append(columns, column{
			name: name + "_" + lang, pointer: "/" + name + "/" + lang, set: language(member, lang),
		})
	}
	return columns
}

func joined(lists ...[]column) []column {
	var all []column
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

func sourceColumns() []column {
	type s = directory.Source
	return joined([]column{
		idColumn(),
		{name: "title", pointer: "/title", required: true, set: plain(func(r *s) *string { return &r.Title })},
		{name: "publisher", pointer: "/publisher", set: plain(func(r *s) *string { return &r.Publisher })},
		{name: "date", pointer: "/date", set: plain(func(r *s) *directory.Date { return &r.Date })},
		{name: "url", pointer: "/url", set: plain(func(r *s) *string { return &r.URL })},
		{name: "language", pointer: "/language", set: plain(func(r *s) *string { return &r.Language })},
		{name: "kind", pointer: "/kind", required: true, set: term(func(r *s) *string { return &r.Kind })},
	}, envelopeColumns())
}

func functionColumns() []column {
	type f = directory.Function
	notation := filled(func(r *f, cell string) { r.Notation, r.ID = cell, strings.ToLower(cell) })
	return joined([]column{
		{name: "code", pointer: "/notation", required: true, set: notation},
		{name: "parent", pointer: "/parent", set: lower(func(r *f) *string { return &r.Parent })},
		{name: "frameworks", pointer: "/frameworks", set: frameworks(func(r *f) *[]directory.FrameworkCode { return &r.Frameworks })},
	},
		texts("label", func(r *f) *directory.Text { return &r.Label }, "fr", "ar", "en"),
		texts("definition", func(r *f) *directory.Text { return &r.Definition }, "fr", "ar", "en"),
		envelopeColumns())
}

func actorColumns() []column {
	type a = directory.Actor
	city := filled(func(r *a, cell string) { r.Locations = []directory.Location{{City: cell}} })
	return joined([]column{
		idColumn(),
		{name: "kind", pointer: "/kind", required: true, set: term(func(r *a) *string { return &r.Kind })},
		{name: "group", pointer: "/group", required: true, set: term(func(r *a) *string { return &r.Group })},
		{name: "parent", pointer: "/parent", set: plain(func(r *a) *string { return &r.Parent })},
		{name: "state", pointer: "/state", set: term(func(r *a) *string { return &r.State })},
		{name: "country", pointer: "/country", set: plain(func(r *a) *string { return &r.Country })},
		{name: "city", pointer: "/locations/0/city", set: city},
		{name: "website", pointer: "/website", set: plain(func(r *a) *string { return &r.Website })},
		{name: "founded", pointer: "/founded", set: plain(func(r *a) *directory.Date { return &r.Founded })},
		{name: "ror", pointer: "/identifiers", set: identifier("ror")},
		{name: "wikidata", pointer: "/identifiers", set: identifier("wikidata")},
		{name: "iati", pointer: "/identifiers", set: identifier("iati")},
	},
		texts("name", func(r *a) *directory.Text { return &r.Name }, "fr", "ar", "en"),
		texts("acronym", func(r *a) *directory.Text { return &r.Acronym }, "fr", "ar", "en"),
		texts("summary", func(r *a) *directory.Text { return &r.Summary }, "fr", "ar", "en"),
		envelopeColumns())
}

func initiativeColumns() []column {
	type i = directory.Initiative
	budget := func(r *i) **directory.Money { return &r.Budget }
	return joined([]column{
		idColumn(),
		{name: "kind", pointer: "/kind", required: true, set: term(func(r *i) *string { return &r.Kind })},
		{name: "parent", pointer: "/parent", set: plain(func(r *i) *string { return &r.Parent })},
		{name: "links", pointer: "/links", set: links},
		{name: "state", pointer: "/state", set: term(func(r *i) *string { return &r.State })},
		{name: "start", pointer: "/start", set: plain(func(r *i) *directory.Date { return &r.Start })},
		{name: "end", pointer: "/end", set: plain(func(r *i) *directory.Date { return &r.End })},
		{name: "place", pointer: "/place", set: plain(func(r *i) *string { return &r.Place })},
		{name: "countries", pointer: "/territories", set: list(func(r *i) *[]string { return &r.Territories })},
		{name: "frameworks", pointer: "/frameworks", set: frameworks(func(r *i) *[]directory.FrameworkCode { return &r.Frameworks })},
		{name: "budget_amount", pointer: "/budget/amount", set: amount(budget)},
		{name: "budget_currency", pointer: "/budget/currency", set: currency(budget)},
	},
		texts("name", func(r *i) *directory.Text { return &r.Name }, "fr", "ar", "en"),
		texts("summary", func(r *i) *directory.Text { return &r.Summary }, "fr", "ar", "en"),
		envelopeColumns())
}

func roleColumns() []column {
	type o = directory.Role
	money := func(r *o) **directory.Money { return &r.Amount }
	return joined([]column{
		{name: "actor", pointer: "/actor", required: true, set: plain(func(r *o) *string { return &r.Actor })},
		{name: "role", pointer: "/type", required: true, set: term(func(r *o) *string { return &r.Type })},
		{name: "function", pointer: "/function", set: lower(func(r *o) *string { return &r.Function })},
		{name: "initiative", pointer: "/initiative", set: plain(func(r *o) *string { return &r.Initiative })},
		{name: "territories", pointer: "/territories", set: list(func(r *o) *[]string { return &r.Territories })},
		{name: "counterparts", pointer: "/counterparts", set: list(func(r *o) *[]string { return &r.Counterparts })},
		{name: "start", pointer: "/start", set: plain(func(r *o) *directory.Date { return &r.Start })},
		{name: "end", pointer: "/end", set: plain(func(r *o) *directory.Date { return &r.End })},
		{name: "observed", pointer: "/observed", set: plain(func(r *o) *directory.Date { return &r.Observed })},
		{name: "amount", pointer: "/amount/amount", set: amount(money)},
		{name: "currency", pointer: "/amount/currency", set: currency(money)},
	},
		texts("description", func(r *o) *directory.Text { return &r.Description }, "fr", "ar", "en"),
		envelopeColumns())
}

func relationColumns() []column {
	type l = directory.Relation
	money := func(r *l) **directory.Money { return &r.Amount }
	return joined([]column{
		{name: "from", pointer: "/from", required: true, set: plain(func(r *l) *string { return &r.From })},
		{name: "type", pointer: "/type", required: true, set: term(func(r *l) *string { return &r.Type })},
		{name: "to", pointer: "/to", required: true, set: plain(func(r *l) *string { return &r.To })},
		{name: "start", pointer: "/start", set: plain(func(r *l) *directory.Date { return &r.Start })},
		{name: "end", pointer: "/end", set: plain(func(r *l) *directory.Date { return &r.End })},
		{name: "amount", pointer: "/amount/amount", set: amount(money)},
		{name: "currency", pointer: "/amount/currency", set: currency(money)},
	},
		texts("description", func(r *l) *directory.Text { return &r.Description }, "fr", "ar", "en"),
		envelopeColumns())
}
