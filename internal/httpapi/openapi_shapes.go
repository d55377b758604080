package httpapi

import (
	"dalil/internal/directory"
	"dalil/internal/service"
)

// facetValueShape, statusShape and archivedShape say what is written by hand, byte for byte, elsewhere in this package.
type (
	facetValue struct {
		Value string `json:"value" validate:"required"`
		Label string `json:"label" validate:"required"`
		Count int    `json:"count" validate:"required"`
	}
	health struct {
		Status string `json:"status" validate:"required"`
		Seq    uint64 `json:"seq,omitempty"`
	}
)

// wireShapes are values of the types that answers and bodies beside the records have.
func wireShapes() []any {
	return []any{
		batchBody{}, batchResults{}, problem{}, service.KeySpec{}, service.Key{}, newKey{}, keyList{}, versionList{},
		vocabularyList{}, directory.Vocabulary{}, facetValue{}, health{},
	}
}

// listSchema is the answer of a list of a kind.
func listSchema(name string) node {
	count := node{"type": "integer", "minimum": 0}
	facets := node{"type": "array", "items": ref("FacetValue")}
	return node{
		"type": "object", "additionalProperties": false,
		"required": []any{"items", "total", "hidden_by_date", "facets", "as_of", "seq"},
		"properties": node{
			"items":          node{"type": "array", "items": ref(name)},
			"total":          node{"type": "integer", "minimum": 0, "description": "How many records match, exactly."},
			"hidden_by_date": node{"type": "integer", "minimum": 0, "description": "How many more there would be with as_of=any."},
			"facets":         node{"type": "object", "additionalProperties": facets, "description": "Each counted without its own filter."},
			"next_cursor":    node{"type": "string", "description": "Absent on the last page."},
			"as_of":          node{"type": "string", "description": "any, or the date that the answer is about."},
			"seq":            count,
		},
	}
}

// adjust says of the gathered schemas what their Go types cannot.
func (s *schemas) adjust() {
	s.all["Problem"]["additionalProperties"] = true // candidates, referrers, survivor and the like
	s.all["Problem"]["required"] = []any{"type", "title", "status", "detail", "code"}
	s.all["ProblemItem"]["required"] = []any{"code", "detail"}
	s.all["BatchBody"]["required"] = []any{"items"}
	s.all["BatchBody"]["properties"].(node)["items"].(node)["minItems"] = 1                     //nolint:errcheck,forcetypeassert // made above
	s.all["BatchBody"]["properties"].(node)["items"].(node)["maxItems"] = service.MaxBatchItems //nolint:errcheck,forcetypeassert // made above
	s.all["BatchItem"]["required"] = []any{"op", "kind"}
	s.set("BatchItem", "op", node{"type": "string", "enum": []any{"create", "put", "replace", "patch", "archive", "restore"}})
	s.set("BatchItem", "kind", kindSchema())
	s.set("BatchItem", "record", node{"type": "object", "description": "The record, or for patch the JSON Merge Patch."})
	s.set("BatchResult", "kind", node{"type": "string"})
	s.set("Version", "changes", node{
		"type": "array", "items": ref("PatchOperation"), "description": "JSON Patch (RFC 6902) from the version before.",
	})
	s.set("KeySpec", "scope", node{"type": "string", "enum": []any{"read", "write", "admin"}})
	s.set("KeySpec", "clearance", node{"type": "string", "enum": []any{"partners", "ministry"}})
	s.set("KeySpec", "name", node{"type": "string", "minLength": 1, "maxLength": 200})
	s.all["KeySpec"]["required"] = []any{"name", "scope", "clearance"}
	s.all["PatchOperation"] = node{
		"type": "object", "required": []any{"op", "path"}, "additionalProperties": false,
		"properties": node{
			"op":    node{"type": "string", "enum": []any{"add", "remove", "replace", "move", "copy", "test"}},
			"path":  node{"type": "string"},
			"from":  node{"type": "string"},
			"value": node{},
		},
	}
	s.all["ProblemCode"] = node{"type": "string", "enum": codeEnum(), "description": "What each means: GET " + problemPath + "/{code}."}
	s.set("Problem", "code", ref("ProblemCode"))
	s.set("ProblemItem", "code", ref("ProblemCode"))
}

// set puts another schema in the place of a member's.
func (s *schemas) set(name, member string, schema node) {
	if properties, ok := s.all[name]["properties"].(node); ok {
		properties[member] = schema
	}
}

func kindSchema() node {
	var names []any
	for _, kind := range directory.Kinds() {
		names = append(names, string(kind))
	}
	return node{"type": "string", "enum": names}
}
