package httpapi

import (
	"reflect"
	"slices"
	"strings"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
	"dalil/internal/service"
)

// These say what is written by hand, byte for byte, elsewhere in this package.
type (
	facetValue struct {
		Value  string `json:"value"`
		Label  string `json:"label"`
		Count  int    `json:"count"`
		Parent string `json:"parent,omitempty"`
	}
	facetRest struct {
		None    *facetValue `json:"none,omitempty"`
		LeftOff int         `json:"left_off,omitempty"`
	}
	health struct {
		Status string `json:"status"`
		Seq    uint64 `json:"seq,omitempty"`
	}
	archivedNote struct {
		At     directory.Time `json:"at"`
		Reason string         `json:"reason,omitempty"`
		By     string         `json:"by,omitempty"`
	}
)

// wireShapes are values of the types that answers and bodies beside the records have.
func wireShapes() []any {
	shapes := []any{
		batchBody{},
		batchResults{},
		problem{},
		service.Named{},
		archivedNote{},
		service.KeySpec{},
		service.Key{},
		newKey{},
		keyList{},
		versionList{},
		vocabularyList{},
		directory.Vocabulary{},
		changeList{},
		service.HookSpec{},
		service.Hook{},
		newWebhook{},
		webhookList{},
		pinged{},
		citationSpec{},
		citation{},
		citationList{},
		citedAnswer{},
		importJob{},
		match{},
		suggestionList{},
		storeStats{},
		facetValue{},
		facetRest{},
		health{},
	}
	for _, d := range analysisDocs() {
		shapes = append(shapes, d.shape)
	}
	return shapes
}

// sentShapes are those of wireShapes that are sent, and not answered: what they require is said in adjust.
var sentShapes = []string{"BatchBody", "BatchItem", "KeySpec", "HookSpec", "CitationSpec"}

// adjust says of the gathered schemas what their Go types cannot.
func (s *schemas) adjust() {
	for name, t := range s.types {
		if s.all[name]["properties"] != nil && answered(t) && !slices.Contains(sentShapes, name) {
			s.all[name]["required"] = anys(alwaysWritten(t))
		}
	}
	s.all["ID"] = schema{"type": "string", "pattern": `^[a-z0-9][a-z0-9._-]{0,79}$`}
	for _, kind := range directory.Kinds() {
		s.all[typeName(kind)+"List"] = listSchema(kind)
		s.found(kind)
	}
	s.adjustProblem()
	s.adjustBatch()
	s.adjustKeys()
	s.adjustChanges()
	s.adjustWebhooks()
	s.adjustCitations()
	s.adjustImports()
	s.adjustAnalyses()
	s.adjustMatrix()
	s.adjustSpans()
	s.adjustSearch()
	s.adjustCompleteness()
	s.set("Health", "status", schema{"type": "string", "enum": []any{"alive", "ready"}})
	s.set("Version", "op", schema{"type": "string", "enum": []any{"put", "archive", "restore", "merge", "erase"}})
	s.set("Version", "changes", schema{"type": "array", "items": ref("PatchOperation")})
	s.all["PatchOperation"] = closed(schema{
		"op":    schema{"type": "string", "enum": []any{"add", "remove", "replace"}},
		"path":  schema{"type": "string"},
		"value": schema{},
	}, []any{"op", "path"})
	s.set("VocabularyEntry", "terms", schema{"type": "integer", "minimum": 1})
}

// answered tells whether a type is of what is answered, and so has every member that may not be left out.
func answered(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[directory.Stamp](), reflect.TypeFor[directory.Attestation](),
		reflect.TypeFor[directory.Term](), reflect.TypeFor[directory.Vocabulary]():
		return true
	default:
		return !strings.HasSuffix(t.PkgPath(), "/directory")
	}
}

// alwaysWritten returns the members that the JSON of a type always has.
func alwaysWritten(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			names = append(names, alwaysWritten(f.Type)...)
		case name != "" && name != "-" && !strings.Contains(options, "omit"):
			names = append(names, name)
		}
	}
	return names
}

// adjustProblem adds the further members that problems have. There may be more of them one day, as RFC 9457 says.
func (s *schemas) adjustProblem() {
	code := ref("ProblemCode")
	if properties, ok := s.all["Problem"]["properties"].(schema); ok {
		delete(properties, "Members") // which stand beside the others in the JSON
	}
	s.all["ProblemCode"] = schema{"type": "string", "enum": codeEnum()}
	s.set("Problem", "code", code)
	s.set("ProblemItem", "code", code)
	s.set("Problem", "status", schema{"type": "integer", "minimum": 300, "maximum": 599})
	s.set("Problem", "type", schema{"type": "string", "format": "uri-reference"})
	s.set("Problem", "instance", schema{"type": "string", "format": "uri-reference"})
	s.set("Problem", "candidates", schema{"type": "array", "items": ref("Named")})
	s.set("Problem", "hidden", schema{"type": "integer", "minimum": 1})
	s.set("Problem", "referrers", schema{"type": "array", "items": ref("Named")})
	s.set("Problem", "count", schema{"type": "integer", "minimum": 1})
	s.set("Problem", "survivor", ref("ID"))
	s.set("Problem", "archived", ref("ArchivedNote"))
	s.all["Problem"]["additionalProperties"] = true
	s.set("Named", "kind", kindSchema())
}

func (s *schemas) adjustBatch() {
	items := schema{"type": "array", "items": ref("BatchItem"), "minItems": 1, "maxItems": service.MaxBatchItems}
	s.set("BatchBody", "items", items)
	s.all["BatchBody"]["required"] = []any{"items"}
	s.all["BatchItem"]["required"] = []any{"op", "kind"}
	s.set("BatchItem", "op", schema{"type": "string", "enum": []any{"create", "put", "replace", "patch", "archive", "restore"}})
	s.set("BatchItem", "kind", kindSchema())
	s.set("BatchItem", "id", ref("ID"))
	s.set("BatchItem", "record", schema{"type": "object"})
	s.set("BatchResult", "status", schema{"type": "integer", "minimum": 200, "maximum": 599})
	s.set("BatchResult", "kind", schema{"type": "string"}) // a refused item is told as it was sent
	s.set("BatchResult", "problem", ref("Problem"))
}

func (s *schemas) adjustKeys() {
	scope := schema{"type": "string", "enum": []any{string(access.Read), string(access.Write), string(access.Admin)}}
	clearance := schema{"type": "string", "enum": []any{string(directory.Partners), string(directory.Ministry)}}
	for _, name := range []string{"KeySpec", "Key", "NewKey"} {
		s.set(name, "scope", scope)
		s.set(name, "clearance", clearance)
	}
	s.set("KeySpec", "name", schema{"type": "string", "minLength": 1, "maxLength": 200, "pattern": lineForm})
	s.all["KeySpec"]["required"] = []any{"name", "scope", "clearance"}
}

// set puts another schema in the place of a member's, or adds a member.
func (s *schemas) set(name, member string, shape schema) {
	if properties, ok := s.all[name]["properties"].(schema); ok {
		properties[member] = shape
	}
}

// listSchema is the answer of a list of a kind, which is written by hand.
func listSchema(kind directory.Kind) schema {
	count := schema{"type": "integer", "minimum": 0}
	facets := schema{
		"type": "object", "propertyNames": schema{"enum": anys(readmodel.FacetNames(kind))},
		"additionalProperties": schema{"type": "array", "items": ref("FacetValue")},
	}
	rest := schema{
		"type": "object", "propertyNames": schema{"enum": anys(readmodel.FacetNames(kind))}, "additionalProperties": ref("FacetRest"),
	}
	members := schema{
		"items": schema{"type": "array", "items": schema{"anyOf": []any{ref(typeName(kind)), ref(typeName(kind) + "Found")}}, "maxItems": maxLimit},
		"total": count, "hidden_by_date": count, "facets": facets, "facets_rest": rest, "next_cursor": schema{"type": "string"},
		"as_of": schema{"type": "string"}, "seq": schema{"type": "integer", "format": "int64", "minimum": 0},
	}
	if readmodel.ListsAskRoles(kind) {
		members[rolesAsOf] = schema{"type": "string"}
	}
	if kind == directory.Actors || kind == directory.Roles {
		members["mapping"] = schema{"type": "array", "items": ref("Mapping"), "minItems": 1}
	}
	return closed(members, []any{"items", "total", "hidden_by_date", "facets", "as_of", "seq"})
}

func kindSchema() schema {
	var names []any
	for _, kind := range directory.Kinds() {
		names = append(names, string(kind))
	}
	return schema{"type": "string", "enum": names}
}

// codeEnum lists every problem code.
func codeEnum() []any {
	var values []any
	for _, code := range fault.Codes() {
		values = append(values, string(code))
	}
	return values
}
