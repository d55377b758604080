package httpapi

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// profileTable lays out a profile: its roles, each once, and in a workbook the rest of it on further sheets.
func profileTable(id string, p *readmodel.Profile) table {
	t := profileRoles(p.Roles)
	t.file = "profile-" + id
	t.others = []table{profileUnits(p.Units), profileRelations(p.Relations), profileSources(p)}
	if done := p.Completeness; done != nil {
		t.facts = []interchange.Fact{
			{Name: "completeness", Value: strconv.Itoa(done.Percent), Number: true},
			{Name: "missing", Value: strings.Join(done.Missing, ";")},
			{Name: "unsourced_roles", Value: strconv.Itoa(done.Unsourced), Number: true},
		}
		if done.Attested != nil {
			t.facts = append(t.facts, interchange.Fact{Name: "attested", Value: done.Attested.String()})
		}
	}
	return t
}

func profileRoles(roles []readmodel.ProfileRole) table {
	t := table{name: "roles", columns: columnsNamed(
		"role", "actor", "actor_label", "type", "type_label", "raci", "function", "function_label", "initiative", "initiative_label",
		"territories", "counterparts", "start", "end", "amount", "currency", "confidence", "sources")}
	t.columns[12].Dates, t.columns[13].Dates, t.columns[14].Numbers = true, true, true
	t.rows = func(yield func([]string) bool) {
		for i := range roles {
			r := &roles[i]
			amount, currency := moneyCells(r.Amount)
			if !yield([]string{
				r.ID, r.Actor, r.ActorLabel, r.Type, r.TypeLabel, r.RACI, r.Function, r.FunctionLabel, r.Initiative, r.InitiativeLabel,
				strings.Join(r.Territories, ";"), strings.Join(r.Counterparts, ";"), string(r.Start), string(r.End),
				amount, currency, r.Confidence, strings.Join(r.Sources, ";"),
			}) {
				return
			}
		}
	}
	return t
}

func moneyCells(m *directory.Money) (amount, currency string) {
	if m == nil {
		return "", ""
	}
	return string(appendAmount(nil, m.Amount)), m.Currency
}

func profileUnits(units []readmodel.ProfileUnit) table {
	t := table{name: "units", columns: columnsNamed("unit", "label", "parent")}
	t.rows = func(yield func([]string) bool) {
		for _, u := range units {
			if !yield([]string{u.ID, u.Label, u.Parent}) {
				return
			}
		}
	}
	return t
}

func profileRelations(relations []readmodel.ProfileRelation) table {
	t := table{name: "relations", columns: columnsNamed(
		"relation", "of", "type", "type_label", "actor", "actor_label", "start", "end", "amount", "currency", "sources")}
	t.columns[6].Dates, t.columns[7].Dates, t.columns[8].Numbers = true, true, true
	t.rows = func(yield func([]string) bool) {
		for i := range relations {
			r := &relations[i]
			amount, currency := moneyCells(r.Amount)
			if !yield([]string{
				r.ID, r.Of, r.Type, r.Label, r.Actor, r.ActorLabel, string(r.Start), string(r.End), amount, currency, strings.Join(r.Sources, ";"),
			}) {
				return
			}
		}
	}
	return t
}

func profileSources(p *readmodel.Profile) table {
	t := table{name: "sources", columns: columnsNamed("source", "title", "publisher", "date", "url", "language", "kind")}
	t.columns[3].Dates = true
	t.rows = func(yield func([]string) bool) {
		for _, text := range p.Sources {
			var s directory.Source
			if err := json.Unmarshal(text, &s); err != nil {
				continue // it does not happen: a record was written
			}
			if !yield([]string{s.ID, s.Title, s.Publisher, string(s.Date), s.URL, s.Language, s.Kind}) {
				return
			}
		}
	}
	return t
}
