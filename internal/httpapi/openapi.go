package httpapi

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"

	"dalil/internal/access"
	"dalil/internal/directory"
)

// node is an object of the document.
type node = map[string]any

// Document returns the OpenAPI 3.1 document of this API, as JSON and as YAML. It is made from the table of routes and
// from the structs that are the wire; the same code gives the same bytes.
func Document() (asJSON, asYAML []byte, err error) {
	s := newSchemas()
	if err := s.gather(); err != nil {
		return nil, nil, err
	}
	doc := node{
		"openapi":    "3.1.0",
		"info":       info(),
		"servers":    []any{node{"url": "/"}},
		"tags":       tagList(),
		"paths":      paths(s),
		"components": components(s),
	}
	asJSON, err = json.Marshal(doc, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the document: %w", err)
	}
	asYAML, err = yaml.JSONToYAML(asJSON)
	if err != nil {
		return nil, nil, fmt.Errorf("turning the document into YAML: %w", err)
	}
	return append(asJSON, '\n'), asYAML, nil
}

func info() node {
	return node{
		"title":   "Dalil",
		"version": "1",
		"summary": "Who does what in labour-migration governance, where, since when, and on what evidence.",
		"description": "Public records are open to read; everything else needs `Authorization: Bearer <API key>`.\n\n" +
			"Every answer carries `Dalil-Seq`, the ledger position it is true at; send it back as `Dalil-Min-Seq` to read " +
			"your own writes on any node. Errors are problem documents (RFC 9457) with a stable `code`.",
		"license": node{"name": "Apache-2.0", "identifier": "Apache-2.0"},
	}
}

// documented are the routes that the document describes: the router's table as it is with every page mounted.
func documented() []Route {
	a := &API{home: http.NotFoundHandler(), metrics: NewMetrics()}
	return a.routes()
}

// paths describes every route, and its HEAD where it has one.
func paths(s *schemas) node {
	all := node{}
	for _, r := range documented() {
		path := documentPath(r.Path)
		item, ok := all[path].(node)
		if !ok {
			item = node{}
			all[path] = item
			if ps := pathParameters(r); len(ps) > 0 {
				item["parameters"] = ps
			}
		}
		item[strings.ToLower(r.Method)] = s.operation(r, false)
		if r.Method == http.MethodGet {
			item["head"] = s.operation(r, true)
		}
	}
	return all
}

// documentPath writes a router's path as the document does: /actors/:id is /actors/{id}.
func documentPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, ":") || strings.HasPrefix(part, "*") {
			parts[i] = "{" + part[1:] + "}"
		}
	}
	return strings.Join(parts, "/")
}

// operation describes one method of an address.
func (s *schemas) operation(r Route, head bool) node {
	w := wordsOf(r)
	id, summary := r.ID, w.summary
	if head {
		id, summary = "head"+strings.ToUpper(id[:1])+id[1:], summary+" (headers only)"
	}
	op := node{
		"operationId": id,
		"summary":     summary,
		"tags":        []any{w.tag},
		"parameters":  parameters(r),
		"responses":   s.responses(r, head),
		"security":    security(r),
	}
	if w.description != "" {
		op["description"] = w.description
	}
	if r.Body != nil {
		op["requestBody"] = s.requestBody(r)
	}
	return op
}

// security says which key an address needs: none, one if you like, or one with a scope.
func security(r Route) []any {
	switch {
	case r.free:
		return []any{node{}}
	case r.Scope == "":
		return []any{node{}, node{"apiKey": []any{}}}
	default:
		return []any{node{"apiKey": []any{string(r.Scope)}}}
	}
}

// requestBody describes what an address takes.
func (s *schemas) requestBody(r Route) node {
	content := node{}
	for _, media := range r.Body.Media {
		content[media] = s.bodyOf(r)
	}
	return node{"required": true, "content": content}
}

// bodyOf is the shape of a body, with an example.
func (s *schemas) bodyOf(r Route) node {
	switch {
	case r.ID == "batch":
		return node{"schema": ref("BatchBody"), "example": exampleBatch()}
	case r.ID == "createKey":
		return node{"schema": ref("KeySpec"), "example": node{"name": "registry sync", "scope": "read", "clearance": "partners"}}
	case r.Method == http.MethodPatch:
		return node{"schema": ref(typeName(r.Kind) + "Patch"), "example": node{"tags": []any{"to-check"}}}
	default:
		return node{"schema": ref(typeName(r.Kind) + "Input"), "example": exampleInput(r.Kind)}
	}
}

// components are the parts that the operations point to.
func components(s *schemas) node {
	schemas := node{}
	for name, schema := range s.all {
		schemas[name] = schema
	}
	return node{
		"schemas":   schemas,
		"responses": problemResponses(),
		"headers":   headerComponents(),
		"securitySchemes": node{"apiKey": node{
			"type": "http", "scheme": "bearer",
			"description": "An API key, with the scope " + string(access.Read) + ", " + string(access.Write) + " or " + string(access.Admin) + ".",
		}},
	}
}

// gather makes every schema that the operations name.
func (s *schemas) gather() error {
	for _, kind := range directory.Kinds() {
		if err := s.record(kind); err != nil {
			return err
		}
		s.all[typeName(kind)+"List"] = listSchema(typeName(kind))
	}
	for _, value := range wireShapes() {
		if _, err := s.of(value); err != nil {
			return err
		}
	}
	s.adjust()
	return nil
}
