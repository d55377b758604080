package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// Route is one row of the table of routes: an address, and everything that it takes. The router and the OpenAPI
// document are both made from it.
type Route struct {
	Method  string // a GET answers HEAD, too
	Path    string // as the router writes it: /api/v1/actors/:id
	ID      string // of the operation, in the OpenAPI document
	Kind    directory.Kind
	Scope   access.Scope // what the caller must have; "" is open to anybody
	Query   []Param
	Body    *Body    // nil: a body is refused
	Answers []string // media types of which Accept must allow one, the usual one first; none is not judged

	Condition  bool // reads If-Match
	Idempotent bool // reads Idempotency-Key

	citable bool     // POST /citations may freeze what it answers
	tabular bool     // its answer is a table
	free    bool     // of keys and rates
	quiet   bool     // asked by machines every few seconds: told of in the log when it fails
	members []string // of the records, for fields
	absence []string // filters that it refuses because it judges absence
	handle  handler
}

// read is an address that answers JSON to a GET.
func read(path, id string, h handler, query ...Param) Route {
	return Route{Method: http.MethodGet, Path: path, ID: id, Query: withLang(query), Answers: []string{mediaJSON}, handle: h}
}

// page is an address that answers people or machines with something else than JSON.
func page(path, id string, h handler) Route {
	return Route{Method: http.MethodGet, Path: path, ID: id, Query: withLang(nil), handle: h}
}

// write is an address that changes something.
func write(method, path, id string, h handler, query ...Param) Route {
	query = append([]Param{{Name: "reason", Long: true}, {Name: "dry_run"}}, query...)
	return Route{
		Method: method, Path: path, ID: id, Scope: access.Write, Query: withLang(query), Answers: []string{mediaJSON},
		Idempotent: method == http.MethodPost, handle: h,
	}
}

// withLang adds the parameter that every address takes.
func withLang(query []Param) []Param { return append(slices.Clip(query), Param{Name: "lang"}) }

// of says which records an address is about.
func (r Route) of(kind directory.Kind) Route {
	r.Kind, r.members = kind, membersOf(kind)
	if kind == directory.Actors {
		r.members = append(r.members, completenessMember)
		slices.Sort(r.members)
	}
	return r
}

// takes gives an address a body.
func (r Route) takes(limit int64, media ...string) Route {
	r.Body = &Body{Media: media, Limit: limit}
	return r
}

// dated lets an address answer of what holds on a day only.
func (r Route) dated() Route {
	r.Query = append(slices.Clip(r.Query), Param{Name: "as_of"}, Param{Name: "dates"})
	return r
}

// recalls lets an address answer as the directory was known before, and its answers be cited. Its handler answers from
// call.head and call.today, and nothing else.
func (r Route) recalls() Route {
	r.Query, r.citable = append(slices.Clip(r.Query), Param{Name: knownAt}), true
	return r
}

// recallsTwo lets an address that recalls compare two states: it takes known_at twice, and call.head is then the second.
func (r Route) recallsTwo() Route {
	r.Query = slices.Clone(r.Query)
	for i := range r.Query {
		r.Query[i].Many = r.Query[i].Many || r.Query[i].Name == knownAt
	}
	return r
}

// uncited takes what is too big out of what may be cited.
func (r Route) uncited() Route {
	r.citable = false
	return r
}

// files gives a list of records its file formats beside JSON.
func (r Route) files() Route {
	r.Query = append(slices.Clip(r.Query), Param{Name: "format"})
	for _, f := range fileFormats {
		r.Answers = append(slices.Clip(r.Answers), f.media)
	}
	return r
}

// analyses makes an address one of those that tell who does what: it takes the filters of roles, but some, and what else
// all of them take, and answers tables as files beside JSON.
func (r Route) analyses(but ...string) Route {
	r.Query = slices.Clip(r.Query)
	for _, name := range append([]string{"as_of", "dates", "units", "format"}, readmodel.FilterNames(directory.Roles)...) {
		if !slices.Contains(but, name) {
			r.Query = append(r.Query, Param{Name: name, Many: isFilter(name) && !strings.HasSuffix(name, "_since")})
		}
	}
	r.Answers = append(slices.Clip(r.Answers), mediaCSV, mediaXLSX)
	r.tabular = true
	return r.recalls()
}

// isFilter tells whether a parameter of an analysis is a filter of roles.
func isFilter(name string) bool { return slices.Contains(readmodel.FilterNames(directory.Roles), name) }

// streams lets an address answer server-sent events beside JSON.
func (r Route) streams() Route {
	r.Answers = append(slices.Clip(r.Answers), mediaEvents)
	return r
}

// changesParams are the parameters of the changes.
func changesParams() []Param {
	return []Param{{Name: "after"}, {Name: "cursor", Long: true}, {Name: "limit"}}
}

// conditional makes an address read If-Match.
func (r Route) conditional() Route {
	r.Condition = true
	return r
}

// administers asks the caller for the scope of an administrator.
func (r Route) administers() Route {
	r.Scope = access.Admin
	return r
}

// unrepeated makes an address that is asked by POST read no Idempotency-Key: asked again, it does it again.
func (r Route) unrepeated() Route {
	r.Idempotent = false
	return r
}

// probe is an address that machines ask every few seconds, without a key.
func (r Route) probe() Route {
	r.free, r.quiet = true, true
	return r
}

// listParams are the parameters of a list of a kind.
func listParams(kind directory.Kind) []Param {
	params := []Param{
		{Name: "q"},
		{Name: "sort", Many: true},
		{Name: "as_of"},
		{Name: "dates"},
		{Name: "facets", Many: true},
		{Name: facetLimit},
		{Name: "fields", Many: true},
		{Name: "limit"},
		{Name: "cursor", Long: true},
	}
	if readmodel.ListsAskRoles(kind) {
		params = append(params, Param{Name: rolesAsOf})
	}
	for _, name := range readmodel.FilterNames(kind) {
		params = append(params, Param{Name: name, Many: !strings.HasSuffix(name, "_since")})
	}
	return params
}

// operation names what is done to records of a kind: listActors, getActor.
func operation(verb string, kind directory.Kind, many bool) string {
	noun := strings.ToUpper(string(kind[:1])) + string(kind[1:])
	if !many {
		noun = strings.TrimSuffix(noun, "s")
	}
	return verb + noun
}
