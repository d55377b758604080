package directory_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"dalil/internal/directory"
)

// scatter sets values at random to what is hard to write.
type scatter struct {
	*rand.Rand
	beyond bool // also to what a plan leaves to the library
}

// record returns a record of a kind, its members set or not.
func (s scatter) record(kind directory.Kind) directory.Record {
	r := kind.New()
	s.set(reflect.ValueOf(r).Elem())
	return r
}

// set sets a value and all below it.
func (s scatter) set(v reflect.Value) {
	switch at := v.Addr().Interface().(type) {
	case *directory.Time:
		*at = directory.At(time.Unix(s.Int64N(4e11)-1e11, s.Int64N(1e9))) // of the years -1200 to 11500
		return
	case *directory.Text:
		*at = s.text()
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(pick(s, texts, nil))
	case reflect.Bool:
		v.SetBool(s.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(pick(s, []int64{0, 7, -12, 1 << 53, -1 << 53}, []int64{1<<53 + 1, -1<<53 - 1, math.MaxInt64, math.MinInt64, s.Int64()}))
	case reflect.Uint64:
		v.SetUint(pick(s, []uint64{0, 1, 999_999_999_999_999, 1 << 53}, []uint64{1<<53 + 1, math.MaxUint64, s.Uint64()}))
	case reflect.Float64:
		v.SetFloat(pick(s, s.floats(), floats))
	case reflect.Pointer:
		if s.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			s.set(v.Elem())
		}
	case reflect.Slice:
		if n := s.IntN(5) - 1; n >= 0 { // nil one time in five, and empty as often
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		for i := range v.Len() {
			s.set(v.Index(i))
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if s.IntN(3) > 0 {
				s.set(field)
			}
		}
	default:
		panic("a record has a " + v.Type().String() + ", which this test has to learn")
	}
}

func (s scatter) text() directory.Text {
	n := s.IntN(8) - 1
	if n < 0 {
		return nil
	}
	text := make(directory.Text)
	for range n {
		text[pick(s, tags, names)] = pick(s, texts, nil)
	}
	return text
}

// floats are numbers of no pattern, and some at the borders of those that JSON writes without an exponent.
func (s scatter) floats() []float64 {
	return []float64{
		0, math.Copysign(0, -1), 1, -6.83, 34.020882, 0.1, 1e-6, 1e15, 1 << 53, 1<<53 + 2, 1e20, math.Nextafter(1e21, 0),
		1e15 * s.Float64(), -s.Float64() - 1e-6, math.Float64frombits(0x3f00_0000_0000_0000 + s.Uint64N(1<<58)),
	}
}

// pick returns one of some values, or one of those beyond.
func pick[T any](s scatter, from, beyond []T) T {
	if s.beyond {
		from = append(slices.Clone(from), beyond...)
	}
	return from[s.IntN(len(from))]
}

// floats are numbers that JSON writes with an exponent.
var floats = []float64{math.Nextafter(1e-6, 0), -1e-7, 1e21, -1e21, math.MaxFloat64, math.SmallestNonzeroFloat64}

// tags are languages, and names of ASCII that no language has.
var tags = []string{"fr", "en", "ar", "zgh", "und", "fr-MA", "", "a\"b", "a\\", "a\tb", "A", "\x7f", "z\x00"}

// names stand in another order in UTF-16, which counts, than in UTF-8.
var names = []string{"é", "\uff5a", "\U0001f600", "\ue000"}

// texts have every character that JSON treats in a way of its own.
var texts = []string{
	"", "a", "abcdefg", "abcdefgh", "a plain line, longer than eight bytes", "Siège & <b>", "منظمة العمل الدولية", "ⵜⴰⵎⴰⵣⵉⵖⵜ",
	`"`, `\`, "1234567\"", "12345678\\", "\x00", "\x1f", "12345678\x1f9", "line\nline\r\ttab", "\b\f", "\x7f", "/", "\u2028\u2029",
	"\ufffd", "\ufeff", "\U0001f600 \U0010ffff", "\ud7ff\ue000",
}

// broken are texts that are not UTF-8.
var broken = []string{"\xff", "plain and long enough, then \xc3", "\xed\xa0\x80", "\xc0\x80", "\xf4\x90\x80\x80", "\"\xff"}
