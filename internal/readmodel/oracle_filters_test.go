package readmodel_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// has tells whether a value of a filter fits a record.
func (o *oracle) has(q *readmodel.Query, r directory.Record, name, value string) bool {
	e := r.Head()
	switch name {
	case "status":
		return string(e.Status) == value
	case "visibility":
		return string(e.Visibility) == value
	case "confidence":
		return e.Confidence == value
	case "source":
		return slices.Contains(e.Sources, value)
	case "tag":
		return slices.Contains(e.Tags, value)
	case "updated_since":
		return !e.Updated.At.Before(since(value))
	}
	if instantsOf[name] {
		return inBar(monthOf(e, name), value)
	}
	if datesOf[name] {
		year, ok := o.yearOf(r, name)
		return ok && inBar(fmt.Sprintf("%04d", year), value)
	}
	switch r := r.(type) {
	case *directory.Actor:
		if name == "unsourced_roles" {
			return inInterval(o.unsourced(q, r.ID), value)
		}
		return o.actorHas(r, name, value)
	case *directory.Initiative:
		return o.initiativeHas(q, r, name, value)
	case *directory.Function:
		return o.functionHas(r, name, value)
	case *directory.Role:
		return o.roleHas(r, name, value)
	case *directory.Relation:
		return o.relationHas(r, name, value)
	case *directory.Source:
		return sourceHas(r, name, value)
	}
	panic(name)
}

// lacks tells whether a record has nothing of what a filter looks at.
func (o *oracle) lacks(r directory.Record, name string) bool {
	e := r.Head()
	switch name {
	case "confidence":
		return e.Confidence == ""
	case "source":
		return len(e.Sources) == 0
	case "tag":
		return len(e.Tags) == 0
	case "parent":
		return parentOf(r) == ""
	}
	if datesOf[name] {
		_, ok := o.yearOf(r, name)
		return !ok
	}
	if instantsOf[name] {
		return monthOf(e, name) == ""
	}
	switch r := r.(type) {
	case *directory.Actor:
		return (name == "country" && r.Country == "") || (name == "territory" && len(r.Territories) == 0) ||
			(name == "identifier" && len(r.Identifiers) == 0) || (name == "missing" && len(missing(r)) == 0)
	case *directory.Initiative:
		return (name == "territory" && len(r.Territories) == 0) || (name == "framework" && len(r.Frameworks) == 0)
	case *directory.Function:
		return name == "framework" && len(r.Frameworks) == 0
	case *directory.Role:
		return o.roleLacks(r, name)
	case *directory.Source:
		return (name == "publisher" && r.Publisher == "") || (name == "language" && r.Language == "")
	}
	return false
}

func (o *oracle) actorHas(a *directory.Actor, name, value string) bool {
	switch name {
	case "group":
		return a.Group == value
	case "kind":
		return a.Kind == value
	case "parent":
		return a.Parent == value
	case "under":
		return o.within(directory.Actors, a.ID, value)
	case "country":
		return a.Country == value
	case "territory":
		return anyPlaceIn(a.Territories, value)
	case "state":
		return a.State == value
	case "identifier":
		scheme, value, whole := strings.Cut(value, ":")
		if !whole {
			return slices.ContainsFunc(a.Identifiers, func(i directory.Identifier) bool { return i.Scheme == scheme })
		}
		return slices.ContainsFunc(a.Identifiers, func(i directory.Identifier) bool {
			i.Issuer = ""
			return directory.IdentifierKey(i) == directory.IdentifierKey(directory.Identifier{Scheme: scheme, Value: value})
		})
	case "missing":
		return slices.Contains(missing(a), value)
	case "completeness":
		return inInterval(percent(a), value)
	case "unattested_since":
		return a.Attested == nil || a.Attested.At.Before(since(value))
	}
	panic(name)
}

func (o *oracle) initiativeHas(q *readmodel.Query, i *directory.Initiative, name, value string) bool {
	switch name {
	case "kind":
		return i.Kind == value
	case "parent":
		return i.Parent == value
	case "under":
		return o.within(directory.Initiatives, i.ID, value)
	case "state":
		return initiativeState(i, q) == value
	case "territory":
		return anyPlaceIn(i.Territories, value)
	case "framework":
		return anyCodeIn(i.Frameworks, value)
	}
	panic(name)
}

// initiativeState is the state on the last day asked about, today when that is any.
func initiativeState(i *directory.Initiative, q *readmodel.Query) string {
	on := q.AsOf.Day.Last
	if q.AsOf.Any {
		on = q.Today
	}
	switch {
	case i.State != "":
		return i.State
	case firstDay(i.Start) > on:
		return "planned"
	case lastDay(i.End) < on:
		return "completed"
	default:
		return "active"
	}
}

func (o *oracle) functionHas(f *directory.Function, name, value string) bool {
	switch name {
	case "parent":
		return f.Parent != "" && f.Parent == o.functionID(value)
	case "under":
		return o.within(directory.Functions, f.ID, o.functionID(value))
	case "framework":
		return anyCodeIn(f.Frameworks, value)
	}
	panic(name)
}

func (o *oracle) roleHas(r *directory.Role, name, value string) bool {
	switch name {
	case "actor":
		return r.Actor == value
	case "under":
		return o.within(directory.Actors, r.Actor, value)
	case "group":
		return o.actor(r.Actor).Group == value
	case "country":
		return o.actor(r.Actor).Country == value
	case "type":
		return r.Type == value
	case "raci":
		return letter(r) == value
	case "function":
		return o.within(directory.Functions, r.Function, o.functionID(value))
	case "initiative":
		return o.within(directory.Initiatives, r.Initiative, value)
	case "territory":
		return anyPlaceIn(r.Territories, value)
	case "reach":
		return anyPlaceIn(r.Territories, value) || slices.ContainsFunc(r.Territories, func(t string) bool { return placeIn(value, t) })
	case "counterpart":
		return slices.Contains(r.Counterparts, value)
	case "framework":
		return anyCodeIn(o.roleCodes(r), value)
	}
	panic(name)
}

func (o *oracle) roleLacks(r *directory.Role, name string) bool {
	switch name {
	case "group": // of an actor whose text is gone
		return o.actor(r.Actor).Group == ""
	case "country":
		return o.actor(r.Actor).Country == ""
	case "raci":
		return letter(r) == ""
	case "function":
		return r.Function == ""
	case "initiative":
		return r.Initiative == ""
	case "territory", "reach":
		return len(r.Territories) == 0
	case "counterpart":
		return len(r.Counterparts) == 0
	case "framework":
		return len(o.roleCodes(r)) == 0
	}
	return false
}

// roleCodes are the framework codes of a role's function and of its initiative; a child inherits none.
func (o *oracle) roleCodes(r *directory.Role) []directory.FrameworkCode {
	var codes []directory.FrameworkCode
	if f := o.function(r.Function); f != nil {
		codes = append(codes, f.Frameworks...)
	}
	if i := o.initiative(r.Initiative); i != nil {
		codes = append(codes, i.Frameworks...)
	}
	return codes
}

func (o *oracle) relationHas(r *directory.Relation, name, value string) bool {
	switch name {
	case "from":
		return r.From == value
	case "to":
		return r.To == value
	case "actor":
		return r.From == value || r.To == value
	case "under":
		return o.within(directory.Actors, r.From, value) || o.within(directory.Actors, r.To, value)
	case "type":
		return r.Type == value
	}
	panic(name)
}

func sourceHas(s *directory.Source, name, value string) bool {
	switch name {
	case "kind":
		return s.Kind == value
	case "publisher":
		return s.Publisher == value
	case "language":
		return s.Language == value
	}
	panic(name)
}

// functionID is the id of a function given by id or notation.
func (o *oracle) functionID(name string) string {
	if _, held := o.held[directory.Ref{Kind: directory.Functions, ID: name}]; held {
		return name
	}
	id, _ := o.functionNamed(name)
	return id
}

// letter is the RACI letter of a role, after the table of model.md.
func letter(r *directory.Role) string {
	if r.RACI != "" {
		return r.RACI
	}
	return map[string]string{"lead": "A", "implementer": "R", "consulted": "C", "informed": "I"}[r.Type]
}

// placeIn tells whether a place is another one or a region of it.
func placeIn(place, wide string) bool { return place == wide || strings.HasPrefix(place, wide+"-") }

func anyPlaceIn(places []string, wide string) bool {
	return slices.ContainsFunc(places, func(place string) bool { return placeIn(place, wide) })
}

// anyCodeIn tells whether one of the codes is FRAMEWORK:code or FRAMEWORK:code.x.
func anyCodeIn(codes []directory.FrameworkCode, wide string) bool {
	return slices.ContainsFunc(codes, func(c directory.FrameworkCode) bool {
		code := c.Framework + ":" + c.Code
		return code == wide || strings.HasPrefix(code, wide+".")
	})
}

// since is the first instant of a date, or an instant.
func since(value string) time.Time {
	if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
		return t
	}
	return time.Unix(int64(firstDay(directory.Date(value)))*86400, 0)
}
