package readmodel_test

import (
	"slices"
	"strings"

	"dalil/internal/directory"
)

// The short lists that random records and random queries take their values from.
var (
	someDates       = []directory.Date{"", "", "", "1975", "2019", "2020-06", "2021-03-15", "2022", "2022-07", "2022-07-20", "2023-12-31", "2025"}
	somePlaces      = []string{"MA", "MA-05", "MA-09", "FR", "ES", "SN"}
	someCountries   = []string{"", "MA", "FR", "ES"}
	someGroups      = []string{"government", "employers", "workers", "international", "other", "academia"}
	someTypes       = []string{"lead", "implementer", "funder", "consulted", "informed", "beneficiary"}
	someTags        = []string{"migration", "travail", "هجرة", "social dialogue"}
	someFrameworks  = []string{"GCM:5", "GCM:16", "SDG:8", "SDG:8.8", "SDG:8.5", "SDG:10", "SDG:10.7", "ILO-MFLM:1"}
	someStates      = []string{"active", "active", "active", "dormant", "dissolved", "proposed"}
	someVisible     = []directory.Visibility{"", "public", "partners", "partners", "ministry"}
	someStatuses    = []directory.Status{"", "published", "draft"}
	someConfidences = []string{"", "", "high", "medium", "low"}
	somePublishers  = []string{"", "MIEPEEC", "OIT", "Le Matin"}
	someLanguages   = []string{"", "fr", "ar", "en"}
	someRelations   = []string{"part_of", "funds", "cooperates_with", "successor_of"}
	someIdentifiers = []directory.Identifier{
		{Scheme: "wikidata", Value: "Q42"},
		{Scheme: "wikidata", Value: "Q7"},
		{Scheme: "iati", Value: "XM-DAC 41"},
		{Scheme: "other", Value: "12", Issuer: "Registre A"},
		{Scheme: "other", Value: "12", Issuer: "Registre B"},
	}
	someNames = []string{
		"SNMPI – Agence nationale", "Stratégie de l’emploi (SNMPI)", "Participation à la SNMPI",
		"Agence nationale de promotion de l'emploi", "Agence nationale de promotion de l’Emploi et des compétences",
		"Promotion de l'emploi, agence nationale de", "Agence nationale de promotion de l'emplois", "Agence", "Agense",
		"Ministère du Travail", "Ministere du travail", "Ministère du Traval", "وزارة التشغيل", "وزاره التّشغيل", "OIT", "OIM",
		"Fonds de solidarité", "Fond de solidarite", "École supérieure", "Ecole Superieure", "Zone", "École", "À part",
		// at the bounds: 7 and 8 letters with one difference, 15 and 16 letters with two
		"Conseil", "Conseils", "Conseill", "Syndicat de métier", "Syndica des metier", "Syndicat de mètre", "Syndicut de metru",
	}
)

// record returns a random valid record under an id; what it names may not be there.
func (d *draft) record(ref directory.Ref) directory.Record {
	r := ref.Kind.New()
	switch r := r.(type) {
	case *directory.Actor:
		d.actor(r)
	case *directory.Initiative:
		d.initiative(r)
	case *directory.Function:
		r.Notation = pick(d.rand, []string{strings.ToUpper(ref.ID), "Pol." + ref.ID, "POL-" + idNumber(d.rand.IntN(7))})
		r.Parent, r.Label, r.Frameworks = d.maybe(ref.Kind, 2), d.text(), d.frameworks()
		if d.rand.IntN(2) == 0 {
			order := d.rand.IntN(3)
			r.Order = &order
		}
	case *directory.Role:
		d.role(r)
	case *directory.Relation:
		r.From, r.To, r.Type = d.some(directory.Actors), d.some(directory.Actors), pick(d.rand, someRelations)
		r.Start, r.End = d.period()
	case *directory.Source:
		r.Title, r.Publisher, r.Language = pick(d.rand, someNames), pick(d.rand, somePublishers), pick(d.rand, someLanguages)
		r.Kind, r.Date = pick(d.rand, []string{"law", "report", "web_page"}), pick(d.rand, someDates)
	case *directory.APIKey:
		r.Name, r.Scope, r.Clearance = "key", "read", "partners"
		r.Hash = strings.Repeat(pick(d.rand, []string{"ab", "cd", "ef", "01"}), 31) + strings.Repeat("0"+ref.ID[1:], 1)
	}
	d.envelope(r.Head(), ref)
	if d.rand.IntN(4) == 0 {
		d.prose(r)
	}
	return r
}

// prose gives a record a text about it.
func (d *draft) prose(r directory.Record) {
	text := directory.Text{"fr": "Prose de " + pick(d.rand, someNames) + " et " + pick(d.rand, someNames)}
	switch r := r.(type) {
	case *directory.Actor:
		r.Summary, r.Mandate = text, d.text()
	case *directory.Initiative:
		r.Summary = text
	case *directory.Function:
		r.Definition = text
	case *directory.Role:
		r.Description = text
	case *directory.Relation:
		r.Description = text
	case *directory.Source:
		r.Note = text["fr"]
	}
}

func (d *draft) envelope(e *directory.Envelope, ref directory.Ref) {
	e.ID = ref.ID
	if ref.Kind == directory.APIKeys {
		e.Visibility = directory.Ministry
		return
	}
	if d.rand.IntN(6) == 0 {
		e.Visibility, e.Status = pick(d.rand, someVisible), pick(d.rand, someStatuses)
	}
	e.Confidence = pick(d.rand, someConfidences)
	if d.rand.IntN(3) == 0 {
		e.Sources = d.several(directory.Sources)
	}
	if d.rand.IntN(3) == 0 {
		e.Tags = d.subset(someTags)
	}
}

func (d *draft) actor(a *directory.Actor) {
	a.Kind = pick(d.rand, []string{"organisation", "unit", "network", "committee"})
	a.Group, a.State, a.Country = pick(d.rand, someGroups), pick(d.rand, someStates), pick(d.rand, someCountries)
	a.Parent, a.Name = d.maybe(directory.Actors, 2), d.text()
	if d.rand.IntN(3) == 0 {
		a.Acronym = directory.Text{pick(d.rand, []string{"fr", "en", "ar"}): pick(d.rand, []string{"OIT", "ILO", "OIM", "م.ع.د"})}
	}
	if d.rand.IntN(3) == 0 {
		kind := pick(d.rand, []string{"former", "alias", "acronym"})
		a.OtherNames = []directory.OtherName{{Value: pick(d.rand, someNames), Lang: "fr", Type: kind}}
	}
	if d.rand.IntN(2) == 0 {
		a.Territories = d.subset(somePlaces)
	}
	if d.rand.IntN(3) == 0 {
		a.Identifiers = []directory.Identifier{pick(d.rand, someIdentifiers)}
	}
	a.Founded, a.Dissolved = d.period()
	if d.rand.IntN(3) == 0 {
		a.Website, a.Email = "https://example.org", pick(d.rand, []string{"", "contact@example.org"})
	}
}

func (d *draft) initiative(i *directory.Initiative) {
	i.Kind = pick(d.rand, []string{"strategy", "programme", "project", "event"})
	i.State = pick(d.rand, []string{"", "", "planned", "active", "completed"})
	i.Parent, i.Name, i.Frameworks = d.maybe(directory.Initiatives, 2), d.text(), d.frameworks()
	if d.rand.IntN(3) == 0 { // links may run in circles
		for _, id := range d.several(directory.Initiatives) {
			i.Links = append(i.Links, directory.InitiativeLink{Type: pick(d.rand, []string{"within", "aligned_with"}), Initiative: id})
		}
	}
	if d.rand.IntN(2) == 0 {
		i.Territories = d.subset(somePlaces)
	}
	i.Start, i.End = d.period()
}

func (d *draft) role(r *directory.Role) {
	defer func() { r.Start, r.End = d.period() }()
	twin, ok := d.records[directory.Ref{Kind: directory.Roles, ID: idNumber(d.rand.IntN(9))}].(*directory.Role)
	if ok && d.rand.IntN(4) == 0 { // says the same as another
		r.Actor, r.Type, r.Function, r.Initiative = twin.Actor, twin.Type, twin.Function, twin.Initiative
		r.Territories = slices.Clone(twin.Territories)
		slices.Reverse(r.Territories)
		return
	}
	r.Actor, r.Type = d.some(directory.Actors), pick(d.rand, someTypes)
	r.Function, r.Initiative = d.maybe(directory.Functions, 2), d.maybe(directory.Initiatives, 2)
	if d.rand.IntN(3) > 0 {
		r.Territories = d.subset(somePlaces)
	}
	if d.rand.IntN(3) == 0 {
		r.Counterparts = d.subset([]string{"FR", "ES", "SN"})
	}
	if d.rand.IntN(3) == 0 {
		r.Amount = &directory.Money{Amount: pick(d.rand, []float64{0, 0.25, 1000, 2500.5}), Currency: pick(d.rand, []string{"EUR", "MAD"})}
	}
	if d.rand.IntN(4) == 0 {
		r.RACI = pick(d.rand, []string{"A", "R", "C", "I"})
	}
}

// period is a start and an end, either of which may be missing; the end is not before the start.
func (d *draft) period() (start, end directory.Date) {
	for {
		start, end = pick(d.rand, someDates), pick(d.rand, someDates)
		if !dated(start, end).Empty() {
			return start, end
		}
	}
}

// text is a name in one or several languages.
func (d *draft) text() directory.Text {
	t := directory.Text{}
	for range 1 + d.rand.IntN(3) {
		t[pick(d.rand, []string{"fr", "en", "ar", "zgh", "de", "und"})] = pick(d.rand, someNames)
	}
	return t
}

func (d *draft) frameworks() []directory.FrameworkCode {
	var codes []directory.FrameworkCode
	for _, code := range d.subset(someFrameworks) {
		framework, code, _ := strings.Cut(code, ":")
		codes = append(codes, directory.FrameworkCode{Framework: framework, Code: code})
	}
	return codes
}

// subset is a few of the values, in any order; often none.
func (d *draft) subset(values []string) []string {
	values = slices.Clone(values)
	d.rand.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
	return slices.Clip(values[:d.rand.IntN(3)])
}

// some is the id of a live record, so that most references hold.
func (d *draft) some(kind directory.Kind) string {
	var ids []string
	for _, ref := range d.refs() {
		if ref.Kind == kind && d.live(ref) {
			ids = append(ids, ref.ID)
		}
	}
	if len(ids) == 0 {
		return idNumber(0)
	}
	return pick(d.rand, ids)
}

// maybe is some id once in n times, else "".
func (d *draft) maybe(kind directory.Kind, n int) string {
	if d.rand.IntN(n) > 0 {
		return ""
	}
	return d.some(kind)
}

func (d *draft) several(kind directory.Kind) []string {
	ids := []string{d.some(kind), d.some(kind)}
	slices.Sort(ids)
	return slices.Compact(ids)
}
