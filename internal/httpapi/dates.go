package httpapi

import (
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// rolesAsOf is the parameter, and the member of an answer, that says of which day the roles are that a list is filtered or
// counted through.
const rolesAsOf = "roles_as_of"

// The years that dates are asked about. A date outside of them is a slip of the hand.
const (
	firstYear = "1800"
	lastYear  = "2200"
)

// anyDay is how it is said that dates do not matter.
const anyDay = "any"

// moment is a date that is asked about, as the read model takes it and as an answer says it.
type moment struct {
	readmodel.AsOf

	said string
}

// always is whatever the dates.
func always() moment { return moment{readmodel.AsOf{Any: true}, anyDay} }

// on is the moment of a date.
func on(date directory.Date) moment { return moment{readmodel.On(date), string(date)} }

// moment reads as_of or roles_as_of, and dates with it.
func (p params) moment(name string, today directory.Day, otherwise moment) (m moment, err error) {
	if dates := p.first("dates"); dates != "" && dates != "strict" {
		return m, unknownValue("dates", dates, []string{"strict"})
	}
	switch asked := p.first(name); asked {
	case "":
		m = otherwise
	case anyDay:
		m = always()
	default:
		date, err := p.date(name, today)
		if err != nil {
			return m, err
		}
		m = on(date)
	}
	m.Strict = p.has("dates")
	return m, nil
}

// date reads a date, or today.
func (p params) date(name string, today directory.Day) (directory.Date, error) {
	date := directory.Date(p.first(name))
	switch {
	case date == "today":
		return today.Date(), nil
	case !date.Valid():
		return "", fault.AtParameter(name, fault.CodeBadDate, nil)
	case date[:4] < firstYear || date[:4] > lastYear:
		return "", fault.AtParameter(name, fault.CodeDateOutOfRange, fault.Args{"first": firstYear, "last": lastYear})
	default:
		return date, nil
	}
}
