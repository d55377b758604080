package httpapi

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"

	"dalil/internal/access"
)

// Document returns the OpenAPI 3.1 document of this API, as JSON and as YAML. It is made from the table of routes and
// from the structs that are the wire; the same code gives the same bytes.
func Document() (asJSON, asYAML []byte, err error) {
	doc, err := compose()
	if err != nil {
		return nil, nil, fmt.Errorf("composing the document: %w", err)
	}
	asJSON, err = json.Marshal(doc, json.Deterministic(true), jsontext.WithIndent(" "))
	if err != nil {
		return nil, nil, fmt.Errorf("encoding the document: %w", err)
	}
	asYAML, err = yaml.JSONToYAML(asJSON)
	if err != nil {
		return nil, nil, fmt.Errorf("turning the document into YAML: %w", err)
	}
	return append(asJSON, '\n'), asYAML, nil
}

// composer gathers the document: the operations, and what they point to.
type composer struct {
	paths      map[string]*specPath
	parameters map[string]specParameter
	responses  map[string]specResponse
	failed     []error
}

// compose makes the document.
func compose() (*specDocument, error) {
	shapes := newSchemas()
	if err := shapes.gather(); err != nil {
		return nil, err
	}
	c := &composer{paths: make(map[string]*specPath), parameters: make(map[string]specParameter), responses: problemResponses()}
	for _, r := range documented() {
		c.add(r)
	}
	if len(c.failed) > 0 {
		return nil, c.failed[0]
	}
	headers := make(map[string]specHeader)
	for _, h := range answerHeaders {
		headers[h.component] = h.spec()
	}
	return &specDocument{
		OpenAPI: "3.1.0",
		Info:    describe(),
		Servers: []specServer{{"/", "This server."}},
		Tags:    tags(),
		Paths:   c.paths,
		Components: specComponents{
			Schemas: shapes.all, Parameters: c.parameters, Headers: headers, Responses: c.responses, Examples: examples(),
			SecuritySchemes: map[string]specSecurity{"apiKey": {"http", "bearer", keyWords()}},
		},
	}, nil
}

func keyWords() string {
	return fmt.Sprintf("An API key. Its scope, `%s`, `%s` or `%s`, says what it may do, each including the ones before it; its clearance says what it may see.",
		access.Read, access.Write, access.Admin)
}

// documented are the routes that the document describes: the router's table as it is with every page mounted.
func documented() []Route {
	a := &API{home: http.NotFoundHandler(), metrics: NewMetrics()}
	return a.routes()
}

// add describes a route, and its HEAD where it has one.
func (c *composer) add(r Route) {
	path := documentPath(r.Path)
	item, ok := c.paths[path]
	if !ok {
		item = &specPath{Methods: make(map[string]*specOperation)}
		item.Parameters = append(c.references(pathParameters(r)), c.references(sharedParameters())...)
		c.paths[path] = item
	}
	op := c.operation(r)
	item.Methods[strings.ToLower(r.Method)] = op
	if r.Method == http.MethodGet {
		head := *op
		head.ID = "head" + strings.ToUpper(op.ID[:1]) + op.ID[1:]
		head.Summary += " (headers only)"
		head.Description = "What GET answers, without the body."
		item.Methods["head"] = &head
	}
}

// documentPath writes a router's path as the document does: /actors/:id is /actors/{id}.
func documentPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name := strings.TrimLeft(part, ":*"); name != part {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// operation describes what a method of an address takes and answers.
func (c *composer) operation(r Route) *specOperation {
	w := wordsOf(r)
	op := &specOperation{
		Tags: []string{w.tag}, Summary: w.summary, Description: w.description, ID: r.ID,
		Security: security(r), Responses: make(map[string]specRef),
	}
	for _, p := range r.Query {
		if p.Name != "lang" { // shared by all
			component, param := parameterOf(r, p)
			op.Parameters = append(op.Parameters, c.parameter(component, param))
		}
	}
	op.Parameters = append(op.Parameters, c.references(headerParameters(r))...)
	if r.Body != nil {
		op.RequestBody = requestBody(r)
	}
	addRefusals(r, op.Responses)
	for _, s := range successesOf(r) {
		op.Responses[statusText(s.status)] = refTo("responses", s.component)
		keep(c, c.responses, s.component, s.specResponse)
	}
	return op
}

// references keeps parameters and points to them.
func (c *composer) references(names []string, params []specParameter) []specRef {
	var refs []specRef
	for i, name := range names {
		refs = append(refs, c.parameter(name, params[i]))
	}
	return refs
}

func (c *composer) parameter(component string, p specParameter) specRef {
	keep(c, c.parameters, component, p)
	return refTo("parameters", component)
}

// keep takes a component in. That two have one name is a defect.
func keep[T any](c *composer, all map[string]T, name string, one T) {
	if held, ok := all[name]; ok && !bytes.Equal(encoded(held), encoded(one)) {
		c.failed = append(c.failed, fmt.Errorf("two components are called %s", name))
	}
	all[name] = one
}

// security says which key an address needs: none, one if you like, or one with a scope.
func security(r Route) []map[string][]string {
	switch {
	case r.free:
		return []map[string][]string{{}}
	case r.Scope == "":
		return []map[string][]string{{}, {"apiKey": {}}}
	default:
		return []map[string][]string{{"apiKey": {string(r.Scope)}}}
	}
}

// requestBody describes what an address takes.
func requestBody(r Route) *specBody {
	body, content := &specBody{Required: true, Content: make(map[string]specMedia)}, bodyOf(r)
	for _, name := range r.Body.Media {
		body.Content[name] = content
	}
	return body
}

// bodyOf is the shape of a body, with an example.
func bodyOf(r Route) specMedia {
	switch {
	case r.ID == "startImport":
		return importForm()
	case r.ID == "batch":
		return media("BatchBody", "BatchBody")
	case r.ID == "createKey":
		return media("KeySpec", "KeySpec")
	case r.ID == "createCitation":
		return media("CitationSpec", "CitationSpec")
	case r.ID == "createWebhook":
		return media("HookSpec", "HookSpec")
	case r.Method == http.MethodPatch:
		return media(typeName(r.Kind)+"Patch", "Patch")
	case r.Method == http.MethodPut:
		return media(typeName(r.Kind)+"Input", typeName(r.Kind)+"Replacement")
	default:
		return media(typeName(r.Kind)+"Input", typeName(r.Kind)+"Input")
	}
}
