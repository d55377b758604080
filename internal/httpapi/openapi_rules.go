package httpapi

import (
	"slices"
	"strconv"
	"strings"

	"github.com/swaggest/jsonschema-go"
)

// judged adds to a member what its validate tag asks for.
func (s *schemas) judged(p jsonschema.InterceptPropParams) error {
	if !p.Processed {
		return nil
	}
	rules, entries, _ := strings.Cut(p.Field.Tag.Get("validate"), ",dive")
	for rule := range strings.SplitSeq(rules, ",") {
		s.apply(rule, p.PropertySchema)
		if rule == "required" && p.ParentSchema != nil && !slices.Contains(p.ParentSchema.Required, p.Name) {
			p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
		}
	}
	if entries == "" {
		return nil
	}
	if part := partOf(p.PropertySchema); part != nil {
		for rule := range strings.SplitSeq(entries, ",") {
			s.apply(rule, part)
		}
	}
	return nil
}

// partOf is what the rules for the entries of a list, or of a text in several languages, are about; nil when there are
// no entries.
func partOf(whole *jsonschema.Schema) *jsonschema.Schema {
	switch {
	case whole.Items != nil && whole.Items.SchemaOrBool != nil:
		return whole.Items.SchemaOrBool.TypeObject
	case whole.Ref != nil && strings.HasSuffix(*whole.Ref, "/Text"):
		entry := &jsonschema.Schema{}
		whole.WithAdditionalProperties(entry.ToSchemaOrBool())
		return whole.AdditionalProperties.TypeObject
	default:
		return nil
	}
}

// The forms of texts, in what ECMA 262, RE2 and others read alike: without control characters, of which a prose may have
// line feeds and tabs.
const (
	lineForm  = `^[^\x00-\x1f\x7f-\x9f]*$`
	proseForm = `^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$`
)

// apply says one rule of a validate tag in JSON Schema.
func (s *schemas) apply(rule string, to *jsonschema.Schema) {
	name, value, _ := strings.Cut(rule, "=")
	number, err := strconv.ParseInt(value, 10, 64)
	if err == nil {
		applyNumber(name, number, to)
		return
	}
	switch name {
	case "id":
		*to = reference("ID")
	case "term":
		*to = reference(s.vocabulary(value))
	case "notation":
		to.WithPattern(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)
	case "lang":
		to.WithPattern(languageForm).WithMaxLength(35)
	case "tag":
		to.WithMinLength(1).WithMaxLength(50)
	case "phone":
		to.WithPattern(`^\+?[0-9][0-9 ().-]{1,38}[0-9]$`)
	case "oneof":
		to.WithEnum(anys(strings.Fields(value))...)
	case "unique":
		to.WithUniqueItems(true)
	case "weburl":
		to.WithFormat("iri").WithPattern(`^https?://`).WithMaxLength(2000)
	case "mail":
		to.WithFormat("email").WithMaxLength(254)
	case "currency":
		to.WithPattern(`^[A-Z]{3}$`)
	}
}

// applyNumber says a rule that has a number.
func applyNumber(name string, number int64, to *jsonschema.Schema) {
	list := to.HasType(jsonschema.Array)
	switch {
	case name == "line":
		to.WithPattern(lineForm).WithMinLength(1).WithMaxLength(number)
	case name == "prose":
		to.WithPattern(proseForm).WithMinLength(1).WithMaxLength(number)
	case name == "max" && list:
		to.WithMaxItems(number)
	case name == "max":
		to.WithMaximum(float64(number))
	case name == "min" && !list && to.Ref == nil: // a text says itself that it is not empty
		to.WithMinimum(float64(number))
	}
}

// reference is a schema that points to a component.
func reference(name string) jsonschema.Schema {
	path := "#/components/schemas/" + name
	return jsonschema.Schema{Ref: &path}
}
