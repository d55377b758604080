package readmodel_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/readmodel"
)

func TestATextIsQuotedAsTheEncoderDoes(t *testing.T) {
	t.Parallel()
	var ascii strings.Builder
	for c := range byte(0x80) {
		ascii.WriteByte(c)
	}
	for _, text := range []string{
		"", "plain", "« Été »", "منظمة العمل الدولية", "\u2028\u2029", "é\"", "a\\b", "\x7f", "tab\there", "é\x00",
		"cut \xc3", "\xff", "lone \xed\xa0\x80", ascii.String(), "🎓",
	} {
		want, _ := jsontext.AppendQuote([]byte("["), text)
		if got := readmodel.AppendQuoted([]byte("["), text); string(got) != string(want) {
			t.Errorf("%q is quoted as %s, want %s", text, got, want)
		}
	}
}
