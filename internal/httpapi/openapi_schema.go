package httpapi

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/swaggest/jsonschema-go"

	"dalil/internal/directory"
)

// schemas gathers the components of the document. The shapes come from the structs that are the wire, their json and
// validate tags: what the document says is what the server judges by.
type schemas struct {
	reflector jsonschema.Reflector
	all       map[string]map[string]any
}

func newSchemas() *schemas { return &schemas{all: make(map[string]map[string]any)} }

// of returns the schema of a value's type: a reference, its parts being gathered.
func (s *schemas) of(value any) (map[string]any, error) {
	schema, err := s.reflector.Reflect(value,
		jsonschema.RootRef,
		jsonschema.DefinitionsPrefix("#/components/schemas/"),
		jsonschema.CollectDefinitions(func(name string, part jsonschema.Schema) { s.keep(name, part) }),
		jsonschema.InterceptDefName(defName),
		jsonschema.InterceptNullability(func(p jsonschema.InterceptNullabilityParams) { p.Schema.RemoveType(jsonschema.Null) }),
		jsonschema.InterceptSchema(fixedTypes),
		jsonschema.InterceptProp(judged),
	)
	if err != nil {
		return nil, fmt.Errorf("reflecting %T: %w", value, err)
	}
	plain, err := plainSchema(schema)
	return plain, err
}

func (s *schemas) keep(name string, part jsonschema.Schema) {
	if plain, err := plainSchema(part); err == nil {
		if plain["type"] == "object" && plain["additionalProperties"] == nil {
			plain["additionalProperties"] = false
		}
		s.all[name] = plain
	}
}

// plainSchema turns a schema into the map that the document holds.
func plainSchema(schema jsonschema.Schema) (map[string]any, error) {
	plain, err := schema.ToSchemaOrBool().ToSimpleMap()
	if err != nil {
		return nil, fmt.Errorf("encoding a schema: %w", err)
	}
	return plain, nil
}

// defName names a component after its type: directory.Actor is Actor.
func defName(t reflect.Type, _ string) string {
	name := t.Name()
	if name == "" {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// fixedTypes gives the types whose JSON the reflection cannot see.
func fixedTypes(p jsonschema.InterceptSchemaParams) (bool, error) {
	if p.Processed {
		return false, nil
	}
	switch p.Value.Type() {
	case reflect.TypeFor[directory.Time]():
		p.Schema.WithType(jsonschema.String.Type()).WithFormat("date-time")
		return true, nil
	case reflect.TypeFor[directory.Date]():
		p.Schema.WithType(jsonschema.String.Type()).WithPattern(`^\d{4}(-\d{2}(-\d{2})?)?$`).
			WithDescription("A date with reduced precision (ISO 8601): 2022, 2022-07 or 2022-07-20.")
		return true, nil
	case reflect.TypeFor[directory.Text]():
		p.Schema.WithType(jsonschema.Object.Type()).WithMinProperties(1).
			WithAdditionalProperties((&jsonschema.Schema{}).WithType(jsonschema.String.Type()).ToSchemaOrBool()).
			WithDescription("A text in several languages, keyed by BCP 47 tag; und when the language is not known.")
		return true, nil
	}
	return false, nil
}

// judged adds to a property what its validate tag asks for.
func judged(p jsonschema.InterceptPropParams) error {
	if !p.Processed {
		return nil
	}
	tag := p.Field.Tag.Get("validate")
	rules, entries, _ := strings.Cut(tag, ",dive")
	if p.PropertySchema.Ref != nil {
		rules = strings.ReplaceAll(rules, "min=1", "") // a text says itself that it is not empty
	}
	for rule := range strings.SplitSeq(rules, ",") {
		apply(rule, p.PropertySchema)
		if rule == "required" && p.ParentSchema != nil && !slices.Contains(p.ParentSchema.Required, p.Name) {
			p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
		}
	}
	if items := p.PropertySchema.Items; items != nil && items.SchemaOrBool != nil && items.SchemaOrBool.TypeObject != nil {
		for rule := range strings.SplitSeq(strings.TrimPrefix(entries, ","), ",") {
			apply(rule, items.SchemaOrBool.TypeObject)
		}
	}
	return nil
}

// apply says one rule of a validate tag in JSON Schema.
func apply(rule string, schema *jsonschema.Schema) {
	name, value, _ := strings.Cut(rule, "=")
	number, err := strconv.ParseInt(value, 10, 64)
	list := schema.HasType(jsonschema.Array)
	switch {
	case name == "id":
		schema.WithPattern(`^[a-z0-9][a-z0-9._-]{0,79}$`)
	case name == "notation":
		schema.WithPattern(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)
	case name == "term":
		terms(value, schema)
	case name == "oneof":
		schema.WithEnum(anys(strings.Fields(value))...)
	case name == "unique":
		schema.WithUniqueItems(true)
	case name == "weburl":
		schema.WithFormat("uri").WithMaxLength(2000)
	case name == "mail":
		schema.WithFormat("email").WithMaxLength(254)
	case name == "currency":
		schema.WithPattern(`^[A-Z]{3}$`)
	case err == nil && (name == "line" || name == "prose"):
		schema.WithMinLength(1).WithMaxLength(number)
	case err == nil && name == "max" && list:
		schema.WithMaxItems(number)
	case err == nil && name == "max":
		schema.WithMaximum(float64(number))
	case err == nil && name == "min" && !list:
		schema.WithMinimum(float64(number))
	}
}

// manyTerms is from how many codes on a vocabulary is named instead of spelled out.
const manyTerms = 40

// terms lists the codes of a vocabulary, or says which it is.
func terms(name string, schema *jsonschema.Schema) {
	v, ok := directory.VocabularyNamed(name)
	if !ok {
		return
	}
	if len(v.Terms) >= manyTerms {
		schema.WithDescription("A code of the vocabulary " + name + ": GET " + basePath + "/vocabularies/" + name + ".")
		return
	}
	schema.WithEnum(anys(v.Codes())...)
}

func anys(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}

// readOnly are the members that Dalil alone sets.
var readOnly = []string{"version", "created", "updated", "attested", "merged_into"}

// record adds the three shapes of a kind: as answered, as sent whole, and as a merge patch.
func (s *schemas) record(kind directory.Kind) error {
	if _, err := s.of(kind.New()); err != nil {
		return err
	}
	name := typeName(kind)
	whole := s.all[name]
	properties, ok := whole["properties"].(map[string]any)
	if !ok {
		return fmt.Errorf("the schema of %s has no properties", name)
	}
	input, answer, patch := make(map[string]any), make(map[string]any), make(map[string]any)
	for member, schema := range properties {
		input[member], answer[member] = schema, schema
		if slices.Contains(readOnly, member) {
			input[member] = map[string]any{"allOf": []any{schema}, "readOnly": true}
		}
		patch[member] = map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
	}
	s.all[name+"Input"] = object(input, whole["required"])
	s.all[name+"Patch"] = object(patch, nil)
	s.all[name] = object(answer, []string{"id", "version"})
	return nil
}

func object(properties map[string]any, required any) map[string]any {
	o := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		o["required"] = required
	}
	return o
}

// typeName is the name of a kind's record: actors → Actor.
func typeName(kind directory.Kind) string {
	return strings.TrimSuffix(strings.ToUpper(string(kind[:1]))+string(kind[1:]), "s")
}

// ref points to a component.
func ref(name string) map[string]any { return map[string]any{"$ref": "#/components/schemas/" + name} }
