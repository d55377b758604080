package directory

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"

	"dalil/internal/fault"
)

// Normalize fills in what a record leaves to the defaults: published, public, and an actor that is active. It changes
// nothing else, and a second call changes nothing.
func Normalize(r Record) {
	e := r.Head()
	e.Status = cmp.Or(e.Status, Published)
	e.Visibility = cmp.Or(e.Visibility, Public)
	if a, ok := r.(*Actor); ok {
		a.State = cmp.Or(a.State, "active")
	}
}

// Validate judges what one record can keep or break by itself. It returns nil, or a fault of kind Invalid that names
// every faulty place by its JSON Pointer.
func Validate(r Record) error {
	fields := shapeFaults(r)
	fields = append(fields, ruleFaults(r)...)
	return fault.OfFields(fault.Invalid, fault.CodeInvalid, fields)
}

// shapeFaults judges the validate tags.
func shapeFaults(r Record) []fault.Field {
	err := shapes().Struct(r)
	list, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return nil
	}
	fields := make([]fault.Field, 0, len(list))
	for _, fe := range list {
		fields = append(fields, fieldOf(fe))
	}
	return fields
}

// shapes is the one validator: JSON names, and the tags of tags.go.
var shapes = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	for tag, judge := range tags() {
		if err := v.RegisterValidation(tag, judge); err != nil {
			panic(err) // a tag of this package that cannot be registered is a defect seen by every test
		}
	}
	return v
})

// fieldOf says a validator's complaint as a place and a code of the catalogue.
func fieldOf(fe validator.FieldError) fault.Field {
	f := fault.Field{Pointer: pointerOf(fe.Namespace())}
	switch fe.Tag() {
	case "required", "required_if":
		f.Code = fault.CodeRequired
	case "id":
		f.Code = fault.CodeBadID
		if reserved(fe.Value()) {
			f.Code = fault.CodeReservedID
		}
	case "term":
		f.Code, f.Args = fault.CodeUnknownCode, fault.Args{"value": shown(fe.Value()), "vocabulary": fe.Param()}
	case "oneof":
		expected := strings.ReplaceAll(fe.Param(), " ", ", ")
		f.Code, f.Args = fault.CodeUnknownValue, fault.Args{"value": shown(fe.Value()), "expected": expected}
	case "min", "max":
		f.Code, f.Args = bounds(fe)
	case "line", "prose":
		f.Code, f.Args = textFault(fe)
	case "lang":
		f.Code, f.Args = fault.CodeBadLanguage, fault.Args{"value": shown(fe.Value())}
	case "currency":
		f.Code, f.Args = fault.CodeBadCurrency, fault.Args{"value": shown(fe.Value())}
	default:
		f.Code = codeOfTag[fe.Tag()]
	}
	return f
}

// codeOfTag holds the tags whose complaint needs no arguments.
var codeOfTag = map[string]fault.Code{
	"unique":      fault.CodeRepeated,
	"tag":         fault.CodeBadTag,
	"date":        fault.CodeBadDate,
	"weburl":      fault.CodeBadURL,
	"mail":        fault.CodeBadEmail,
	"phone":       fault.CodeBadPhone,
	"notation":    fault.CodeBadID,
	"hexadecimal": fault.CodeInvalid,
	"len":         fault.CodeInvalid,
}

// bounds says a min or max: of a number, or of the entries of a list.
func bounds(fe validator.FieldError) (fault.Code, fault.Args) {
	switch fe.Kind() {
	case reflect.Slice, reflect.Map:
		if fe.Tag() == "min" {
			return fault.CodeTooFew, fault.Args{"min": fe.Param()}
		}
		return fault.CodeTooMany, fault.Args{"max": fe.Param()}
	default:
		low, high := numberBounds(fe.Namespace())
		return fault.CodeOutOfRange, fault.Args{"min": low, "max": high}
	}
}

// numberBounds returns the bounds of the few numbers that records have, by the name of the member.
func numberBounds(namespace string) (low, high string) {
	switch namespace[strings.LastIndexByte(namespace, '.')+1:] {
	case "lat":
		return "-90", "90"
	case "lon":
		return "-180", "180"
	case "order":
		return "0", "1000000"
	default:
		return "0", "1000000000000000"
	}
}

// pointerOf turns a validator's namespace (Actor.Envelope.sources[1], Actor.name[fr]) into a JSON Pointer.
func pointerOf(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	path = strings.TrimPrefix(path, "Envelope.")
	var b strings.Builder
	for part := range strings.SplitSeq(path, ".") {
		name, keys, _ := strings.Cut(part, "[")
		b.WriteString("/" + escapePointer(name))
		for key := range strings.SplitSeq(strings.TrimSuffix(keys, "]"), "][") {
			if keys != "" {
				b.WriteString("/" + escapePointer(key))
			}
		}
	}
	return b.String()
}

func escapePointer(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

// shown cuts a value for a message.
func shown(value any) string {
	s := strings.ToValidUTF8(reflect.ValueOf(value).String(), "�")
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// sortedFields orders faults by place, so that an answer does not depend on the order of a map.
func sortedFields(fields []fault.Field) []fault.Field {
	slices.SortStableFunc(fields, func(a, b fault.Field) int { return strings.Compare(a.Pointer, b.Pointer) })
	return fields
}
