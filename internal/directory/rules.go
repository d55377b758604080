package directory

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"dalil/internal/fault"
)

// ruleFaults judges what the tags cannot say: rules between members of one record.
func ruleFaults(r Record) []fault.Field {
	var fields []fault.Field
	if r.Head().Status == Archived {
		fields = append(fields, fault.Field{Pointer: "/status", Code: fault.CodeNotArchivedByPut})
	}
	switch r := r.(type) {
	case *Actor:
		fields = append(fields, actorFaults(r)...)
	case *Initiative:
		fields = append(fields, initiativeFaults(r)...)
	case *Function:
		fields = append(fields, ownParent(r.ID, r.Parent)...)
		fields = append(fields, frameworkFaults(r.Frameworks)...)
	case *Role:
		fields = append(fields, ordered("/end", r.Start, r.End)...)
		if r.Function == "" && r.Initiative == "" {
			fields = append(fields, fault.Field{Pointer: "/function", Code: fault.CodeRoleNeedsTarget})
		}
	case *Relation:
		fields = append(fields, ordered("/end", r.Start, r.End)...)
		if r.From == r.To && r.From != "" {
			fields = append(fields, fault.Field{Pointer: "/to", Code: fault.CodeSameEnds})
		}
	}
	return sortedFields(fields)
}

func actorFaults(a *Actor) []fault.Field {
	fields := ownParent(a.ID, a.Parent)
	if a.Kind == "unit" && a.Parent == "" {
		fields = append(fields, fault.Field{Pointer: "/parent", Code: fault.CodeUnitNeedsParent})
	}
	fields = append(fields, ordered("/dissolved", a.Founded, a.Dissolved)...)
	for i, n := range a.OtherNames {
		fields = append(fields, ordered("/other_names/"+strconv.Itoa(i)+"/end", n.Start, n.End)...)
	}
	seen := make(map[string]bool)
	for i, id := range a.Identifiers {
		at := "/identifiers/" + strconv.Itoa(i)
		if pattern, ok := identifierPatterns[id.Scheme]; ok && !pattern.MatchString(id.Value) {
			fields = append(fields, fault.Field{
				Pointer: at + "/value", Code: fault.CodeBadIdentifier, Args: fault.Args{"scheme": id.Scheme},
			})
		}
		if key := IdentifierKey(id); seen[key] {
			fields = append(fields, fault.Field{Pointer: at, Code: fault.CodeRepeated})
		} else {
			seen[key] = true
		}
	}
	return fields
}

func initiativeFaults(i *Initiative) []fault.Field {
	fields := ownParent(i.ID, i.Parent)
	fields = append(fields, ordered("/end", i.Start, i.End)...)
	fields = append(fields, frameworkFaults(i.Frameworks)...)
	seen := make(map[InitiativeLink]bool)
	for n, link := range i.Links {
		at := "/links/" + strconv.Itoa(n)
		if link.Initiative == i.ID && i.ID != "" {
			fields = append(fields, fault.Field{Pointer: at + "/initiative", Code: fault.CodeSameEnds})
		}
		if seen[link] {
			fields = append(fields, fault.Field{Pointer: at, Code: fault.CodeRepeated})
		}
		seen[link] = true
	}
	return fields
}

// ordered refuses an end whose last day lies before the first day of the start.
func ordered(pointer string, start, end Date) []fault.Field {
	if start.Valid() && end.Valid() && PeriodOf(start, end).Empty() {
		return []fault.Field{{Pointer: pointer, Code: fault.CodeEndBeforeStart}}
	}
	return nil
}

func ownParent(id, parent string) []fault.Field {
	if id != "" && id == parent {
		return []fault.Field{{Pointer: "/parent", Code: fault.CodeOwnParent}}
	}
	return nil
}

func frameworkFaults(codes []FrameworkCode) []fault.Field {
	var fields []fault.Field
	for i, c := range codes {
		if _, ok := FrameworkTerm(c.Framework, c.Code); !ok && knownTerm("frameworks", c.Framework) {
			fields = append(fields, fault.Field{
				Pointer: "/frameworks/" + strconv.Itoa(i) + "/code", Code: fault.CodeUnknownCode,
				Args: fault.Args{"value": shown(c.Code), "vocabulary": c.Framework},
			})
		}
	}
	return fields
}

// identifierPatterns holds the forms of the schemes whose form is fixed by their publishers.
var identifierPatterns = map[string]*regexp.Regexp{
	"ror":      regexp.MustCompile(`^0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}$`),
	"wikidata": regexp.MustCompile(`^Q[1-9][0-9]{0,11}$`),
	"lei":      regexp.MustCompile(`^[A-Z0-9]{18}[0-9]{2}$`),
	"isni":     regexp.MustCompile(`^[0-9]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{3}[0-9X]$`),
	"grid":     regexp.MustCompile(`^grid\.[0-9]{1,8}\.[0-9a-f]{1,2}$`),
	"ma-ice":   regexp.MustCompile(`^[0-9]{15}$`),
}

// IdentifierKey returns what makes an identifier unique: scheme, issuer and value, without spaces and case.
func IdentifierKey(id Identifier) string {
	fold := func(s string) string {
		if strings.ContainsFunc(s, unicode.IsSpace) {
			s = strings.Join(strings.Fields(s), "")
		}
		return strings.ToLower(s)
	}
	return id.Scheme + "\x00" + fold(id.Issuer) + "\x00" + fold(id.Value)
}
