package interchange

import (
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// frameworks is the column of a list of FRAMEWORK:code.
func frameworks[R directory.Record](at func(R) *[]directory.FrameworkCode) column {
	show := func(to []byte, codes []directory.FrameworkCode) []byte {
		for i, c := range codes {
			to = append(separated(to, i), c.String()...)
		}
		return to
	}
	return member("frameworks", at, show, func(cell string) ([]directory.FrameworkCode, fault.Code, fault.Args) {
		var codes []directory.FrameworkCode
		for _, entry := range entries(cell) {
			framework, code, _ := strings.Cut(entry, ":")
			codes = append(codes, directory.FrameworkCode{Framework: strings.TrimSpace(framework), Code: strings.TrimSpace(code)})
		}
		return codes, "", nil
	}).shaped(shapeList)
}

// links is the column of the links of an initiative, written type:initiative.
func links() column {
	show := func(to []byte, links []directory.InitiativeLink) []byte {
		for i, l := range links {
			to = append(append(append(separated(to, i), l.Type...), ':'), l.Initiative...)
		}
		return to
	}
	at := func(i *directory.Initiative) *[]directory.InitiativeLink { return &i.Links }
	return member("links", at, show, func(cell string) ([]directory.InitiativeLink, fault.Code, fault.Args) {
		var links []directory.InitiativeLink
		for _, entry := range entries(cell) {
			kind, id, cut := strings.Cut(entry, ":")
			if !cut {
				return nil, fault.CodeUnknownLinkType, nil
			}
			code, wrong, args := readTerm(directory.VocabularyInitiativeLinks, strings.TrimSpace(kind))
			if wrong != "" {
				return nil, wrong, args
			}
			links = append(links, directory.InitiativeLink{Type: code, Initiative: strings.ToLower(strings.TrimSpace(id))})
		}
		return links, "", nil
	}).shaped(shapeList)
}

// objects is the column of a list of objects, in JSON as the API has them.
func objects[R directory.Record, T any](name string, at func(R) *[]T) column {
	return member(name, at, appendJSON[T], readObjects[T]).shaped(shapeJSON)
}

// appendJSON appends a list of objects; nothing for none.
func appendJSON[T any](to []byte, list []T) []byte {
	if len(list) == 0 {
		return to
	}
	shown, err := directory.AppendCanonical(to, &list)
	if err != nil {
		return to // only a text that is not UTF-8 does this, and no record has one
	}
	return shown
}

func readObjects[T any](cell string) ([]T, fault.Code, fault.Args) {
	var list []T
	if err := directory.DecodeSparse([]byte(cell), &list); err != nil {
		return nil, fault.CodeBadObjects, fault.Args{"what": fault.Message("en", fault.CodeOf(err), nil)}
	}
	return list, "", nil
}

// locations is the column of all the places of an actor. It is left empty where the city says it all.
func locations() column {
	c := objects("locations", func(a *directory.Actor) *[]directory.Location { return &a.Locations })
	show := c.show
	c.show = func(to []byte, r directory.Record) []byte {
		a, ok := r.(*directory.Actor)
		if ok && len(a.Locations) == 1 && a.Locations[0] == (directory.Location{City: a.Locations[0].City}) && a.Locations[0].City != "" {
			return to
		}
		return show(to, r)
	}
	return c
}

// city is the column of the city of an actor's first place.
func city() column {
	return column{
		name: "city", pointer: "/locations/0/city", part: "locations",
		show: func(to []byte, r directory.Record) []byte {
			if a, ok := r.(*directory.Actor); ok && len(a.Locations) > 0 {
				return append(to, a.Locations[0].City...)
			}
			return to
		},
		set: func(r directory.Record, cell string) (fault.Code, fault.Args) {
			if a, ok := r.(*directory.Actor); ok {
				if len(a.Locations) == 0 {
					a.Locations = make([]directory.Location, 1)
				}
				a.Locations[0].City = cell
			}
			return "", nil
		},
		clear: func(r directory.Record) {
			a, ok := r.(*directory.Actor)
			if !ok || len(a.Locations) == 0 {
				return
			}
			if a.Locations[0].City = ""; a.Locations[0] == (directory.Location{}) {
				a.Locations = a.Locations[1:]
			}
			if len(a.Locations) == 0 {
				a.Locations = nil
			}
		},
	}
}
