package ledgertest

import (
	"cmp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
)

// words are what texts are made of: the scripts of the directory, and what encodings trip over.
var words = [...]string{
	"دليل", "الهجرة", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "emploi", "mobilité", "développement", "labour", "mobility", "e\u0301", "\u200f",
	"naïve \"quoted\"", "back\\slash", "line\nbreak", "tab\t", "\u0000", "\u2028", "😀", "<&>", "'", "$where", "a.b", "ﷺ",
}

func (s *Scribe) word() string { return words[s.rng.IntN(len(words))] }

func (s *Scribe) words(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s.word())
	}
	return b.String()
}

// Text returns canonical JSON for a record, of about so many bytes, with the members that its kind has.
func (s *Scribe) Text(ref directory.Ref, size int) []byte {
	members := map[string]any{"id": ref.ID, "status": "published", "visibility": "public"}
	prose := map[string]string{"ar": "دليل", "fr": s.prose(size)}
	switch ref.Kind {
	case directory.Roles:
		members["actor"], members["type"], members["description"] = "r1", "lead", prose
	case directory.Relations:
		members["from"], members["type"], members["to"], members["description"] = "r1", "funds", "r2", prose
	case directory.Sources:
		members["title"], members["date"], members["kind"] = prose, "2022-07", "communique"
	case directory.Functions:
		members["label"], members["notation"], members["order"] = prose, strings.ToUpper(ref.ID), s.rng.IntN(90)
	default:
		members["name"], members["kind"] = prose, "organisation"
	}
	raw, err := json.Marshal(members)
	value := jsontext.Value(raw)
	if err = cmp.Or(err, value.Canonicalize()); err != nil {
		panic(err) // maps of texts and numbers always have a canonical form
	}
	return value
}

// prose returns about so many bytes of words.
func (s *Scribe) prose(size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(s.word())
		b.WriteByte(' ')
	}
	return b.String()
}

func compareRefs(a, b directory.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}
