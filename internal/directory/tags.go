package directory

import (
	"net/mail"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"dalil/internal/fault"
)

var (
	idPattern       = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}$`)
	notationPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`)
	tagPattern      = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}][\p{Ll}\p{Lo}\p{M}\p{N} _-]{0,49}$`)
	phonePattern    = regexp.MustCompile(`^\+?[0-9][0-9 ().\-]{1,38}[0-9]$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)
)

// ValidID tells whether a text may be the id of a record.
func ValidID(id string) bool { return idPattern.MatchString(id) && !reserved(id) }

// reserved tells whether a value is one of the words that filters use.
func reserved(value any) bool { return value == "none" || value == "any" }

// tags returns the judges of the validate tags that are our own.
func tags() map[string]validator.Func {
	return map[string]validator.Func{
		"id":       func(fl validator.FieldLevel) bool { return ValidID(fl.Field().String()) },
		"notation": func(fl validator.FieldLevel) bool { return notationPattern.MatchString(fl.Field().String()) },
		"tag":      func(fl validator.FieldLevel) bool { return tagPattern.MatchString(fl.Field().String()) },
		"phone":    func(fl validator.FieldLevel) bool { return phonePattern.MatchString(fl.Field().String()) },
		"date":     func(fl validator.FieldLevel) bool { return Date(fl.Field().String()).Valid() },
		"lang":     func(fl validator.FieldLevel) bool { return ValidLanguage(fl.Field().String()) },
		"weburl":   func(fl validator.FieldLevel) bool { return validURL(fl.Field().String()) },
		"mail":     func(fl validator.FieldLevel) bool { return validMail(fl.Field().String()) },
		"currency": func(fl validator.FieldLevel) bool { return validCurrency(fl.Field().String()) },
		"term":     func(fl validator.FieldLevel) bool { return knownTerm(fl.Param(), fl.Field().String()) },
		"line":     func(fl validator.FieldLevel) bool { return textCode(fl.Field(), "line", fl.Param()) == "" },
		"prose":    func(fl validator.FieldLevel) bool { return textCode(fl.Field(), "prose", fl.Param()) == "" },
	}
}

// ValidLanguage tells whether a text is a BCP 47 language tag, or und.
func ValidLanguage(tag string) bool {
	if len(tag) > 35 || !languagePattern.MatchString(tag) {
		return false
	}
	_, err := language.Parse(tag)
	return err == nil
}

func validURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 2000 && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

func validMail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && len(s) <= 254 && a.Address == s && a.Name == ""
}

func validCurrency(s string) bool {
	_, err := currency.ParseISO(s)
	return err == nil && strings.ToUpper(s) == s
}

func knownTerm(vocabulary, code string) bool {
	v, ok := VocabularyNamed(vocabulary)
	return ok && v.Has(code)
}

// textCode says what is wrong with a text; "" when nothing is. A line has no line break, a prose may.
func textCode(field reflect.Value, tag, param string) fault.Code {
	s := field.String()
	limit, err := strconv.Atoi(param)
	switch {
	case err != nil || utf8.RuneCountInString(s) > limit:
		return fault.CodeTooLong
	case strings.TrimSpace(s) == "":
		return fault.CodeEmptyText
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return barred(r, tag == "prose") }):
		return fault.CodeBadCharacter
	default:
		return ""
	}
}

// barred tells whether a character has no place in a text: control characters, but tab and line feed in prose.
func barred(r rune, prose bool) bool {
	if prose && (r == '\n' || r == '\t') {
		return false
	}
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
}

// textFault says the code of a line or prose, and its limit.
func textFault(fe validator.FieldError) (fault.Code, fault.Args) {
	code := textCode(reflect.ValueOf(fe.Value()), fe.Tag(), fe.Param())
	if code == fault.CodeTooLong {
		return code, fault.Args{"max": fe.Param()}
	}
	return code, nil
}
