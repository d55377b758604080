package bench

import (
	"fmt"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// actorOf says an organisation as an actor. What the domain refuses is still in it.
func actorOf(o *organisation) *directory.Actor {
	a := &directory.Actor{Kind: directory.ActorOrganisation, State: stateOf(o.Status)}
	a.ID = recordID(o.ID)
	for _, r := range o.Relationships {
		if r.Type == "parent" {
			a.Parent = recordID(r.ID)
			break
		}
	}
	if o.Established != nil {
		a.Founded = directory.Date(fmt.Sprintf("%04d", *o.Established))
	}
	for _, t := range o.Types {
		a.Tags = append(a.Tags, strings.ToLower(t))
	}
	addLocations(a, o.Locations)
	a.Group = groupOf(o.Types, a.Country)
	addNames(a, o.Names)
	addIdentifiers(a, o)
	for _, l := range o.Links {
		if l.Type == "website" {
			a.Website = l.Value
			break
		}
	}
	directory.Normalize(a)
	return a
}

// stateOf says the registry's status as a state. Withdrawn organisations stay, so that the number is the file's.
func stateOf(status string) string {
	if status == "active" {
		return directory.ActorActive
	}
	return directory.ActorDissolved
}

// groupOf says the registry's types as a group: what comes first below decides.
func groupOf(types []string, country string) string {
	government := directory.GroupForeignGovernment
	if country == "MA" {
		government = directory.GroupGovernment
	}
	for _, rule := range []struct{ kind, group string }{
		{"government", government},
		{"education", directory.GroupAcademia},
		{"facility", directory.GroupAcademia},
		{"nonprofit", directory.GroupCivilSociety},
	} {
		if slices.Contains(types, rule.kind) {
			return rule.group
		}
	}
	return directory.GroupOther
}

// addNames takes the first label of a language as its name and the first acronym as its acronym; the rest are other
// names. The name that the registry shows comes before the other labels.
func addNames(a *directory.Actor, names []name) {
	a.Name, a.Acronym = directory.Text{}, directory.Text{}
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(x, y name) int {
		return rank(slices.Contains(x.Types, "ror_display")) - rank(slices.Contains(y.Types, "ror_display"))
	})
	for _, n := range names {
		lang := n.Lang
		if !directory.ValidLanguage(lang) {
			lang = "und"
		}
		var texts directory.Text // nil for an alias
		kind := directory.NameAlias
		switch {
		case slices.Contains(n.Types, "ror_display"), slices.Contains(n.Types, "label"):
			texts = a.Name
		case slices.Contains(n.Types, "acronym"):
			texts, kind = a.Acronym, directory.NameAcronym
		}
		if texts != nil && texts[lang] == "" {
			texts[lang] = n.Value
		} else {
			a.OtherNames = append(a.OtherNames, directory.OtherName{Value: n.Value, Lang: lang, Type: kind})
		}
	}
	if len(a.Acronym) == 0 {
		a.Acronym = nil
	}
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// addLocations takes the cities; the country is the first one's. Only Morocco's subdivisions are codes of ours.
func addLocations(a *directory.Actor, locations []location) {
	for _, l := range locations {
		d := l.Details
		if a.Country == "" && directory.IsCountry(d.Country) {
			a.Country = d.Country
		}
		place := directory.Location{City: d.Name, Lat: d.Lat, Lon: d.Lng}
		for _, territory := range []string{d.Country + "-" + d.Subdivision, d.Country} {
			if directory.IsTerritory(territory) {
				place.Territory = territory
				break
			}
		}
		a.Locations = append(a.Locations, place)
		if place.Territory != "" && !slices.Contains(a.Territories, place.Territory) {
			a.Territories = append(a.Territories, place.Territory)
		}
	}
}

// addIdentifiers takes the registry's own identifier and those of the schemes that the directory knows.
func addIdentifiers(a *directory.Actor, o *organisation) {
	a.Identifiers = []directory.Identifier{{Scheme: directory.SchemeROR, Value: code(o.ID), Preferred: true}}
	schemes, _ := directory.VocabularyNamed(directory.VocabularyIdentifierSchemes)
	for _, external := range o.ExternalIDs {
		scheme, issuer := external.Type, ""
		if !schemes.Has(scheme) {
			scheme, issuer = directory.SchemeOther, external.Type
		}
		for _, value := range external.All {
			i := directory.Identifier{Scheme: scheme, Value: value, Issuer: issuer, Preferred: value == external.Preferred}
			if !slices.ContainsFunc(a.Identifiers, func(j directory.Identifier) bool {
				return directory.IdentifierKey(i) == directory.IdentifierKey(j)
			}) {
				a.Identifiers = append(a.Identifiers, i)
			}
		}
	}
}
