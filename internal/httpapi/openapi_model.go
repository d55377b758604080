package httpapi

import "github.com/go-json-experiment/json/jsontext"

// schema is a JSON Schema (2020-12), as OpenAPI 3.1 uses it.
type schema = map[string]any

// The parts of an OpenAPI 3.1 document that this API needs, their members in the order in which they are written. What
// an operation takes and answers is always a reference: the document says each thing once.
type (
	specDocument struct {
		OpenAPI    string               `json:"openapi"`
		Info       specInfo             `json:"info"`
		Servers    []specServer         `json:"servers"`
		Tags       []specTag            `json:"tags"`
		Paths      map[string]*specPath `json:"paths"`
		Components specComponents       `json:"components"`
	}
	specInfo struct {
		Title       string      `json:"title"`
		Version     string      `json:"version"`
		Summary     string      `json:"summary"`
		Description string      `json:"description"`
		License     specLicense `json:"license"`
	}
	specLicense struct {
		Name       string `json:"name"`
		Identifier string `json:"identifier"`
	}
	specServer struct {
		URL         string `json:"url"`
		Description string `json:"description"`
	}
	specTag struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
	specPath struct {
		Parameters []specRef                 `json:"parameters,omitempty"`
		Methods    map[string]*specOperation `json:",embed"`
	}
	specOperation struct {
		Tags        []string              `json:"tags"`
		Summary     string                `json:"summary"`
		Description string                `json:"description"`
		ID          string                `json:"operationId"`
		Security    []map[string][]string `json:"security"`
		Parameters  []specRef             `json:"parameters,omitempty"`
		RequestBody *specBody             `json:"requestBody,omitempty"`
		Responses   map[string]specRef    `json:"responses"`
	}
	specParameter struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Required    bool   `json:"required,omitzero"`
		Description string `json:"description"`
		Style       string `json:"style,omitempty"`
		Explode     bool   `json:"explode,omitzero"`
		Schema      schema `json:"schema"`
		Example     any    `json:"example,omitempty"`
	}
	specBody struct {
		Description string               `json:"description,omitempty"`
		Required    bool                 `json:"required"`
		Content     map[string]specMedia `json:"content"`
	}
	specMedia struct {
		Schema   schema             `json:"schema"`
		Examples map[string]specRef `json:"examples,omitempty"`
	}
	specExample struct {
		Summary string         `json:"summary"`
		Value   jsontext.Value `json:"value"`
	}
	specResponse struct {
		Description string               `json:"description"`
		Headers     map[string]specRef   `json:"headers"`
		Content     map[string]specMedia `json:"content,omitempty"`
	}
	specHeader struct {
		Description string `json:"description"`
		Required    bool   `json:"required,omitzero"`
		Schema      schema `json:"schema"`
		Example     any    `json:"example,omitempty"`
	}
	specComponents struct {
		Schemas         map[string]schema        `json:"schemas"`
		Parameters      map[string]specParameter `json:"parameters"`
		Headers         map[string]specHeader    `json:"headers"`
		Responses       map[string]specResponse  `json:"responses"`
		Examples        map[string]specExample   `json:"examples"`
		SecuritySchemes map[string]specSecurity  `json:"securitySchemes"`
	}
	specSecurity struct {
		Type        string `json:"type"`
		Scheme      string `json:"scheme"`
		Description string `json:"description"`
	}
	specRef struct {
		Ref string `json:"$ref"`
	}
)

// refTo points to a component.
func refTo(section, name string) specRef { return specRef{"#/components/" + section + "/" + name} }

// ref points to a schema, from within one.
func ref(name string) schema { return schema{"$ref": "#/components/schemas/" + name} }
