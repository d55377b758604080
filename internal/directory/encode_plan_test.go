package directory_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
)

// Types that no record has today, each with something that a plan does not know or must not get wrong.
type (
	shouted string
	counted int

	pair struct {
		Z string `json:"z"`
		A string `json:"a"`
	}
	holdsItself struct {
		Name string         `json:"name"`
		Kids []*holdsItself `json:"kids,omitempty"`
	}
)

func (s shouted) MarshalText() ([]byte, error) { return []byte(s + "!"), nil }

func (c *counted) MarshalJSON() ([]byte, error) {
	return []byte(` {"b":1.50,"a":` + string(rune('0'+*c)) + `} `), nil
}

func TestAPlanWritesWhateverTypeAsTheLibraryDoes(t *testing.T) {
	t.Parallel()
	number, word, none := 7, "w", ""
	elsewhere := time.FixedZone("", 3600)
	for name, pointer := range map[string]any{
		"members in order, those of the envelope between": &struct {
			W string `json:"w"`
			directory.Envelope
			IDs string `json:"ids"`
			I_  string `json:"i_"`
			I1  string `json:"i1"`
			I   string `json:"i"`
		}{W: "w", Envelope: directory.Envelope{ID: "x", Version: 1, Tags: []string{"t"}}},
		"a member that hides one of the envelope": &struct {
			ID int `json:"id"`
			directory.Envelope
		}{1, directory.Envelope{ID: "x", Version: 2}},
		"an envelope by another name": &struct {
			directory.Envelope `json:"e"`
			Own                string `json:"own"`
		}{directory.Envelope{ID: "x"}, "y"},
		"a pointer to an envelope": &struct{ *directory.Envelope }{&directory.Envelope{ID: "x"}},
		"another struct within": &struct {
			pair
			B string `json:"b"`
		}{pair{"z", "a"}, "b"},
		"two that write themselves within": &struct {
			directory.Time
			time.Month
			*counted `json:"c"`
		}{},
		"no tag": &struct{ Upper, Lower string }{"u", "l"},
		"left out by its tag": &struct {
			A string `json:"-"`
			B string `json:"b"`
			c string
		}{"a", "b", "c"},
		"a name in quotes": &struct {
			A string `json:"'a,b',omitempty"`
		}{"a"},
		"a name out of the ordinary": &struct {
			A string `json:"é"`
			B string `json:"\U0001f600"`
			C string `json:"\uff5a"`
		}{"a", "b", "c"},
		"a number as a text": &struct {
			A int `json:"a,string"`
		}{7},
		"a list within the object": &struct {
			A    string                    `json:"a"`
			More map[string]jsontext.Value `json:",embed"`
		}{"a", map[string]jsontext.Value{"0": jsontext.Value(`{"b":1,"a":2}`)}},
		"what is empty": &struct {
			A *string           `json:"a,omitempty"`
			B *pair             `json:"b,omitempty"`
			C []string          `json:"c,omitempty"`
			D map[string]int    `json:"d,omitempty"`
			E *struct{}         `json:"e,omitempty"`
			F struct{}          `json:"f,omitempty"` //nolint:modernize // in this library it has
			G any               `json:"g,omitempty"`
			H shouted           `json:"h,omitempty"`
			I int               `json:"i,omitempty"`
			J bool              `json:"j,omitempty"`
			K directory.Text    `json:"k,omitempty"`
			L *directory.Text   `json:"l,omitempty"`
			M **string          `json:"m,omitempty"`
			N [0]int            `json:"n,omitempty"`
			O []*string         `json:"o,omitempty"`
			P float64           `json:"p,omitempty"`
			Q map[string]string `json:"q,omitempty"`
		}{A: &none, B: &pair{}, C: []string{}, E: &struct{}{}, L: &directory.Text{}, M: new(&none), O: []*string{nil}},
		"what is zero": &struct {
			A string         `json:"a,omitzero"`
			B *string        `json:"b,omitzero"`
			C int            `json:"c,omitzero"`
			D []string       `json:"d,omitzero"`
			E directory.Text `json:"e,omitzero"`
			F pair           `json:"f,omitzero"`
			G float64        `json:"g,omitzero"`
			H bool           `json:"h,omitzero"`
			I string         `json:"i"`
		}{B: &none, D: []string{}, E: directory.Text{}},
		"two rules": &struct {
			A string  `json:"a,omitzero,omitempty"`
			B *string `json:"b,omitzero,omitempty"`
		}{B: &none},
		"what says itself whether it is zero": &struct {
			A time.Time      `json:"a,omitzero"`
			B directory.Time `json:"b"`
		}{time.Time{}.In(elsewhere), directory.Time{}},
		"what says so, and nothing else": &struct {
			A directory.Time `json:"a,omitzero"`
		}{directory.Time{Time: time.Time{}.In(elsewhere)}},
		"what writes itself": &struct {
			A shouted           `json:"a"`
			B counted           `json:"b"`
			C *counted          `json:"c"`
			D []counted         `json:"d"`
			E map[shouted]int   `json:"e"`
			F time.Time         `json:"f"`
			G jsontext.Value    `json:"g"`
			H *directory.Time   `json:"h"`
			I []directory.Time  `json:"i"`
			J directory.Kind    `json:"j"`
			K []directory.Text  `json:"k"`
			L *directory.Record `json:"l"`
		}{A: `a"`, B: 2, D: []counted{3}, E: map[shouted]int{"e": 1}, G: jsontext.Value(`{"b":1e2,"a":-0}`), K: []directory.Text{nil}},
		"whatever": &struct {
			A any               `json:"a"`
			B map[string]any    `json:"b"`
			C []any             `json:"c"`
			D map[int]string    `json:"d"`
			E map[string]string `json:"e"`
		}{
			map[string]any{"b": 1.5, "a": []any{nil, "x"}},
			map[string]any{"\uff5a": 1e21, "\U0001f600": math.Copysign(0, -1)},
			[]any{1e-7, word},
			map[int]string{10: "", 9: ""},
			map[string]string{"b": "\n", "a": "<"},
		},
		"lists": &struct {
			A []byte    `json:"a"`
			B [3]byte   `json:"b"`
			C [2]string `json:"c"`
			D [][]int   `json:"d"`
			E []*int    `json:"e"`
			F []float32 `json:"f"`
			G []int8    `json:"g"`
			H []uint16  `json:"h"`
		}{[]byte{1, 2}, [3]byte{1}, [2]string{"a"}, [][]int{nil, {1}}, []*int{nil, &number}, []float32{0.1, 1e21}, []int8{-1}, []uint16{65535}},
		"what holds itself":       &holdsItself{"a", []*holdsItself{{Name: "b", Kids: []*holdsItself{{Name: "c"}}}, nil}},
		"no members":              &struct{}{},
		"a text":                  &word,
		"a list of texts":         &[]string{"a", "\"", ""},
		"a pointer to no pointer": new((**int)(nil)),
	} {
		want, err := directory.EncodeByLibrary(pointer)
		if err != nil {
			if _, ok := directory.EncodeByPlan(pointer); ok {
				t.Errorf("%s is written, which the library refuses: %v", name, err)
			}
			continue
		}
		if got, ok := directory.EncodeByPlan(pointer); !ok || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%s, want\n%s", name, ok, got, want)
		}
	}
}
