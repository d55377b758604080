package interchange

import (
	"fmt"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// rorActor says an organisation of the registry as an actor. What the domain refuses is still in it.
func rorActor(b *rorBody) *directory.Actor {
	a := &directory.Actor{Kind: directory.ActorOrganisation, State: rorState(b.Status)}
	a.ID = rorID(b.ID)
	if b.Established != nil {
		a.Founded = directory.Date(fmt.Sprintf("%04d", *b.Established))
	}
	for _, t := range b.Types {
		a.Tags = append(a.Tags, strings.ToLower(t))
	}
	addPlaces(a, b.Locations)
	a.Group = rorGroup(b.Types, a.Country)
	addNames(a, b.Names)
	addIdentifiers(a, b)
	for _, l := range b.Links {
		if l.Type == "website" {
			a.Website = l.Value
			break
		}
	}
	directory.Normalize(a)
	return a
}

// rorState says the registry's status as a state. Inactive organisations have ended, most of them in another one;
// withdrawn ones never were, or stood there twice.
func rorState(status string) string {
	if status == "active" {
		return directory.ActorActive
	}
	return directory.ActorDissolved
}

// rorGroup says the registry's types as a group: what comes first below decides. Its governments are ours in Morocco
// alone, where they are a constituent; elsewhere they are foreign ones. Hospitals, companies and funders are neither
// recruiters nor employers' bodies: they are other actors, told apart by their tags.
func rorGroup(types []string, country string) string {
	government := directory.GroupForeignGovernment
	if country == "MA" {
		government = directory.GroupGovernment
	}
	for _, rule := range []struct{ kind, group string }{
		{"government", government},
		{"education", directory.GroupAcademia},
		{"facility", directory.GroupAcademia},
		{"archive", directory.GroupAcademia},
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
func addNames(a *directory.Actor, names []rorName) {
	a.Name, a.Acronym = directory.Text{}, directory.Text{}
	shown := func(n rorName) bool { return slices.Contains(n.Types, "ror_display") }
	for _, first := range []bool{true, false} {
		for _, n := range names {
			if shown(n) == first {
				addName(a, n)
			}
		}
	}
	if len(a.Acronym) == 0 {
		a.Acronym = nil
	}
}

func addName(a *directory.Actor, n rorName) {
	lang := n.Lang
	if lang == "" || !directory.ValidLanguage(lang) {
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
		return
	}
	a.OtherNames = append(a.OtherNames, directory.OtherName{Value: n.Value, Lang: lang, Type: kind})
}

// addPlaces takes the cities; the country is the first one's. Only Morocco's subdivisions are codes of ours.
func addPlaces(a *directory.Actor, locations []rorLocation) {
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

// addIdentifiers takes the registry's own identifier, those of the schemes that the directory knows, and the others
// under the name of their issuer.
func addIdentifiers(a *directory.Actor, b *rorBody) {
	a.Identifiers = []directory.Identifier{{Scheme: directory.SchemeROR, Value: rorCode(b.ID), Preferred: true}}
	seen := make(map[string]bool)
	schemes, _ := directory.VocabularyNamed(directory.VocabularyIdentifierSchemes)
	for _, external := range b.ExternalIDs {
		scheme, issuer := external.Type, ""
		if !schemes.Has(scheme) || scheme == directory.SchemeOther {
			scheme, issuer = directory.SchemeOther, external.Type
		}
		for _, value := range external.All {
			id := directory.Identifier{Scheme: scheme, Value: value, Issuer: issuer, Preferred: value == external.Preferred}
			if key := directory.IdentifierKey(id); !seen[key] {
				seen[key] = true
				a.Identifiers = append(a.Identifiers, id)
			}
		}
	}
}

// rorID turns the registry's address of an organisation into the id of its actor.
func rorID(address string) string { return "ror-" + strings.ToLower(rorCode(address)) }

// rorCode is the last part of the registry's address of an organisation: nine characters.
func rorCode(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
