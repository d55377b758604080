package httpapi

import (
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// pathParameters describes what stands in the address itself.
func pathParameters(r Route) []any {
	var list []any
	for part := range strings.SplitSeq(r.Path, "/") {
		name, ok := strings.CutPrefix(part, ":")
		if !ok {
			if name, ok = strings.CutPrefix(part, "*"); !ok {
				continue
			}
		}
		schema := node{"type": "string"}
		example := map[string]any{"id": exampleID(r.Kind), "name": "role_types", "code": "stale", "any": "index.html"}[name]
		switch name {
		case "version":
			schema, example = node{"type": "integer", "minimum": 1}, 1
		case "id":
			schema["maxLength"] = 80
		}
		list = append(list, node{
			"name": name, "in": "path", "required": true, "schema": schema, "example": example,
			"description": pathWords[name],
		})
	}
	return list
}

var pathWords = map[string]string{
	"id":      "The record's id; of a function its notation, too, in any case.",
	"version": "A version number, from 1.",
	"name":    "The vocabulary's name.",
	"code":    "A problem code.",
	"any":     "A file of the documentation page.",
}

// parameters describes the query and the headers that an address reads.
func parameters(r Route) []any {
	list := []any{}
	for _, p := range r.Query {
		list = append(list, queryParameter(r, p))
	}
	if !r.free {
		list = append(list, node{
			"name": "Dalil-Min-Seq", "in": "header", "schema": node{"type": "integer", "minimum": 0},
			"description": "Answer from a state at or after this position; waits up to 2 s.",
		})
	}
	if r.Condition {
		list = append(list, conditions(r)...)
	}
	if r.Idempotent {
		list = append(list, node{
			"name": "Idempotency-Key", "in": "header", "schema": node{"type": "string", "minLength": 1, "maxLength": 255},
			"description": "Kept for 24 hours: a retry answers the first outcome and writes nothing.",
		})
	}
	return list
}

// conditions describes If-Match, required where a write would otherwise overwrite what its caller has not seen, and
// If-None-Match.
func conditions(r Route) []any {
	if r.Scope == "" {
		return []any{node{
			"name": "If-None-Match", "in": "header", "schema": node{"type": "string"},
			"description": "The ETag of a copy at hand; 304 when it still holds.",
		}, node{
			"name": "If-Match", "in": "header", "schema": node{"type": "string"}, "description": "412 when the record has moved on.",
		}}
	}
	return []any{node{
		"name": "If-Match", "in": "header", "schema": node{"type": "string"}, "example": "*",
		"description": "The ETag of the version that was changed, or *; 428 without where it is needed, 412 when stale.",
	}}
}

func queryParameter(r Route, p Param) node {
	schema, words := parameterSchema(r, p.Name)
	param := node{"name": p.Name, "in": "query", "schema": schema, "description": words}
	if p.Many {
		param["schema"] = node{"type": "array", "items": schema, "maxItems": maxValues}
		param["style"], param["explode"] = "form", true
	}
	return param
}

// parameterSchema is the shape and the meaning of a query parameter.
func parameterSchema(r Route, name string) (node, string) {
	text := node{"type": "string"}
	truth := node{"type": "boolean", "default": false}
	switch name {
	case "lang":
		return node{"type": "string", "enum": []any{"fr", "ar", "en", "zgh"}}, "Language of labels and messages; else Accept-Language, else fr."
	case "reason":
		return node{"type": "string", "maxLength": ledger.MaxReasonRunes}, "Why; kept with the commit."
	case "dry_run":
		return truth, "Run every check, write nothing, answer 200 with what would be."
	case "allow_duplicate":
		return truth, "Create even what is close to something that is there."
	case "atomic":
		return node{"type": "boolean", "default": true}, "All items in one commit or none; false: each by itself."
	case "limit":
		return node{"type": "integer", "minimum": 1, "maximum": maxLimit}, "How many items a page holds."
	case "cursor":
		return text, "next_cursor of the page before."
	case "as_of":
		return node{"type": "string", "example": "today"}, "A date (2022, 2022-07, 2022-07-20), today, or any: only what held then."
	case "dates":
		return node{"type": "string", "enum": []any{"strict"}}, "Leave out what has no known start."
	case "fields":
		return text, "Only these members (id and version always), parted by commas."
	case "sort":
		return node{"type": "string", "enum": signed(readmodel.SortNames(r.Kind))}, "Order; - for descending. The id is always the last key."
	case "facets":
		return node{"type": "string", "enum": anys(readmodel.FacetNames(r.Kind))}, "Count the values of these among the records that match."
	default:
		return text, filterWords(name)
	}
}

// signed returns each name, and each with a minus before it.
func signed(names []string) []any {
	values := make([]any, 0, 2*len(names))
	for _, name := range names {
		values = append(values, name, "-"+name)
	}
	return values
}

// filterWords says how a filter is used, and which codes it takes.
func filterWords(name string) string {
	words := "Filter: values of one parameter are alternatives, !value excludes, none asks for absence."
	if strings.HasSuffix(name, "_since") {
		return "Filter: a date or an RFC 3339 time."
	}
	for vocabulary, filter := range map[string]string{
		"groups": "group", "role_types": "type", "countries": "country", "territories": "territory", "raci": "raci",
	} {
		if filter == name {
			words += " Codes: " + basePath + "/vocabularies/" + vocabulary + "."
		}
	}
	return words
}

// codeEnum lists every problem code.
func codeEnum() []any {
	codes := fault.Codes()
	values := make([]any, len(codes))
	for i, code := range codes {
		values[i] = string(code)
	}
	return values
}

// exampleID is a record of the sample, or the id of another thing with a page of its own.
func exampleID(kind directory.Kind) string {
	switch kind {
	case directory.Actors:
		return "miepeec"
	case directory.Initiatives:
		return "snmpi"
	case directory.Functions:
		return "pol-str"
	case directory.Sources:
		return "snmpi-communique"
	case directory.Roles:
		return "example-role"
	case directory.Relations:
		return "example-relation"
	default:
		return "bootstrap"
	}
}
