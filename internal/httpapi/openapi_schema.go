package httpapi

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/swaggest/jsonschema-go"

	"dalil/internal/directory"
)

// schemas gathers the shapes of the document. They come from the structs that are the wire, their json and validate
// tags: what the document says is what the server judges by.
type schemas struct {
	reflector jsonschema.Reflector
	all       map[string]schema
	types     map[string]reflect.Type // by the name of their schema
	failed    []error
}

func newSchemas() *schemas {
	return &schemas{all: make(map[string]schema), types: make(map[string]reflect.Type)}
}

// take gathers the schema of a value's type, and those of its parts.
func (s *schemas) take(value any) {
	_, err := s.reflector.Reflect(value,
		jsonschema.RootRef,
		jsonschema.DefinitionsPrefix("#/components/schemas/"),
		jsonschema.CollectDefinitions(s.keep),
		jsonschema.InterceptDefName(s.name),
		jsonschema.InterceptNullability(func(p jsonschema.InterceptNullabilityParams) { p.Schema.RemoveType(jsonschema.Null) }),
		jsonschema.InterceptSchema(fixedTypes),
		jsonschema.InterceptProp(s.judged),
	)
	if err != nil {
		s.failed = append(s.failed, fmt.Errorf("reflecting %T: %w", value, err))
	}
}

// keep takes a part that was found. An object has no members but those that are named.
func (s *schemas) keep(name string, part jsonschema.Schema) {
	plain, err := part.ToSchemaOrBool().ToSimpleMap()
	if err != nil {
		s.failed = append(s.failed, fmt.Errorf("encoding the schema %s: %w", name, err))
		return
	}
	if plain["type"] == "object" && plain["additionalProperties"] == nil {
		plain["additionalProperties"] = false
	}
	s.all[name] = plain
}

// name names a schema after its type: directory.Actor is Actor. A JSON value of any type has no name.
func (s *schemas) name(t reflect.Type, _ string) string {
	if t.Name() == "" || t == reflect.TypeFor[jsontext.Value]() {
		return ""
	}
	name := camel(t.Name())
	s.types[name] = t
	return name
}

// fixedTypes gives the types whose JSON the reflection cannot see.
func fixedTypes(p jsonschema.InterceptSchemaParams) (bool, error) {
	if p.Processed {
		return false, nil
	}
	text := (&jsonschema.Schema{}).WithType(jsonschema.String.Type()).WithMinLength(1).WithMaxLength(longestText)
	if p.Value.Kind() == reflect.Uint64 {
		p.Schema.WithType(jsonschema.Integer.Type()).WithFormat("int64").WithMinimum(0)
		return true, nil
	}
	switch p.Value.Type() {
	case reflect.TypeFor[jsontext.Value]():
		return true, nil
	case reflect.TypeFor[directory.Time]():
		p.Schema.WithType(jsonschema.String.Type()).WithFormat("date-time")
	case reflect.TypeFor[directory.Date]():
		p.Schema.WithType(jsonschema.String.Type()).WithPattern(`^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$`)
	case reflect.TypeFor[directory.Text]():
		p.Schema.WithType(jsonschema.Object.Type()).WithMinProperties(1).WithAdditionalProperties(text.ToSchemaOrBool()).
			WithPropertyNames((&jsonschema.Schema{}).WithPattern(languageForm).ToSchemaOrBool())
	default:
		return false, nil
	}
	return true, nil
}

// longestText is the longest text that any member takes.
const longestText = 20_000

// languageForm is the form of a BCP 47 tag as records have it.
const languageForm = `^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$`

// gather makes every schema that the operations name.
func (s *schemas) gather() error {
	for _, kind := range directory.Kinds() {
		s.take(kind.New())
		s.record(kind)
	}
	for _, value := range wireShapes() {
		s.take(value)
	}
	s.adjust()
	s.explain()
	return errors.Join(s.failed...)
}

// readOnly are the members that Dalil alone sets.
var readOnly = []string{"version", "created", "updated", "attested", "merged_into"}

// record makes the shapes of a kind: its members, and what is required of them in an answer, in a record that is sent
// whole, and in a merge patch, which requires nothing and may have null everywhere.
func (s *schemas) record(kind directory.Kind) {
	name := typeName(kind)
	properties, ok := s.all[name]["properties"].(schema)
	if !ok {
		s.failed = append(s.failed, fmt.Errorf("the schema of %s has no properties", name))
		return
	}
	patch := make(schema)
	for member, shape := range properties {
		if slices.Contains(readOnly, member) {
			properties[member] = with(shape, "readOnly", true)
		}
		patch[member] = s.patched(properties[member])
	}
	members := name + "Members"
	s.all[name+"Input"] = requiring(members, s.all[name]["required"])
	s.all[name+"Patch"] = closed(patch, nil)
	s.all[members] = closed(properties, nil)
	s.all[name] = requiring(members, []string{"id", "version"})
}

// requiring is a schema, with members that must be there.
func requiring(name string, members any) schema {
	return schema{"allOf": []any{ref(name), schema{"type": "object", "required": members}}}
}

// patched is what a merge patch may have for a member: what the member takes, or null; of an object also parts of it.
func (s *schemas) patched(shape any) schema {
	null := schema{"type": "null"}
	plain, _ := shape.(schema)
	switch plain["$ref"] {
	case ref("Text")["$ref"]:
		text := schema{"type": []any{"string", "null"}, "maxLength": longestText}
		s.all["TextPatch"] = schema{"type": "object", "additionalProperties": text}
		return schema{"anyOf": []any{ref("TextPatch"), null}}
	case ref("Money")["$ref"]:
		amount := schema{"type": []any{"number", "null"}, "format": "double"}
		currency := schema{"type": []any{"string", "null"}}
		s.all["MoneyPatch"] = closed(schema{"amount": amount, "currency": currency}, nil)
		return schema{"anyOf": []any{ref("MoneyPatch"), null}}
	default:
		return schema{"anyOf": []any{shape, null}}
	}
}

// closed is an object with no members but these.
func closed(properties schema, required any) schema {
	o := schema{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		o["required"] = required
	}
	return o
}

// with returns a schema with one more keyword.
func with(shape any, keyword string, value any) schema {
	plain, _ := shape.(schema)
	more := schema{keyword: value}
	maps.Copy(more, plain)
	return more
}

// vocabulary makes the schema of the codes of a vocabulary, and returns its name.
func (s *schemas) vocabulary(name string) string {
	component := codesName(name)
	v, ok := directory.VocabularyNamed(name)
	if !ok {
		s.failed = append(s.failed, fmt.Errorf("there is no vocabulary %s", name))
		return component
	}
	codes := schema{"type": "string", "description": v.Title.In("en") + ". Labels: `GET " + basePath + "/vocabularies/" + name + "`."}
	switch {
	case len(v.Terms) < manyTerms:
		codes["enum"] = anys(v.Codes())
	default:
		codes["pattern"], codes["examples"] = `^[A-Z]{2}(-[0-9]{2})?$`, []any{"MA"}
	}
	s.all[component] = codes
	return component
}

// manyTerms is from how many codes on they are not spelled out.
const manyTerms = 40

// codesName names the schema of a vocabulary's codes: role_types is RoleType.
func codesName(vocabulary string) string {
	switch vocabulary {
	case directory.VocabularyInitiativeLinks:
		return "InitiativeLinkType" // InitiativeLink is the whole link
	case directory.VocabularyRACI:
		return "RACI"
	}
	name := camel(vocabulary)
	if stem, ok := strings.CutSuffix(name, "ies"); ok {
		return stem + "y"
	}
	if stem, ok := strings.CutSuffix(name, "uses"); ok {
		return stem + "us"
	}
	return strings.TrimSuffix(name, "s")
}

func anys(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}
