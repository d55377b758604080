// Package api has one duty: to carry the OpenAPI document. The two files are made from the code by go generate, and a
// test sees that they are what the code makes.
package api

import _ "embed" // for the two files

//go:generate go run dalil/internal/httpapi/openapigen

// JSON is the document as JSON.
//
//go:embed openapi.json
var JSON []byte

// YAML is the document as YAML.
//
//go:embed openapi.yaml
var YAML []byte
