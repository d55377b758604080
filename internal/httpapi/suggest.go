package httpapi

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// The bounds of suggestions.
const (
	defaultSuggestions = 10
	maxSuggestions     = 50
)

// match is the wire form of why a record was found.
type match struct {
	Field string  `json:"field"`
	Lang  string  `json:"lang"`
	Value string  `json:"value"`
	How   string  `json:"how"`
	Score float64 `json:"score"`
}

// suggestion is the wire form of a record that may be meant.
type suggestion struct {
	Kind  directory.Kind `json:"kind"`
	ID    string         `json:"id"`
	Label string         `json:"label"`
	Match match          `json:"match"`
}

// suggestionList is the wire form of suggestions.
type suggestionList struct {
	Items        []suggestion `json:"items"`
	AsOf         string       `json:"as_of"`
	HiddenByDate int          `json:"hidden_by_date"`
	Seq          uint64       `json:"seq"`
}

// suggestRoute is the address of suggestions.
func (a *API) suggestRoute() Route {
	return read(basePath+"/suggest", "suggest", a.suggest, Param{Name: "q"}, Param{Name: "kind", Many: true}, Param{Name: "limit"}).dated().recalls()
}

// suggest answers what somebody who is typing may mean, of what holds today unless another day is asked for.
func (a *API) suggest(c *call) error {
	q := c.query.first("q")
	if q == "" {
		return fault.AtParameter("q", fault.CodeRequired, nil)
	}
	kinds, err := c.suggestKinds()
	if err != nil {
		return err
	}
	limit, err := c.query.integer("limit", maxSuggestions, defaultSuggestions)
	if err != nil {
		return err
	}
	day, err := c.query.moment("as_of", c.today(), on(c.today().Date()))
	if err != nil {
		return err
	}
	found, hidden, err := c.head.Suggest(&readmodel.SuggestQuery{
		Q: q, Kinds: kinds, Clearance: c.caller.Clearance, Lang: c.lang, Limit: limit, AsOf: day.AsOf,
	})
	if err != nil {
		return err
	}
	c.out.Header()["Content-Language"] = []string{c.lang}
	var d digester
	for _, text := range []string{q, string(c.caller.Clearance), c.lang, strconv.Itoa(limit), day.said, strconv.FormatBool(day.Strict)} {
		d.add(text)
	}
	for _, kind := range kinds {
		d.add(string(kind))
	}
	list := suggestionList{AsOf: day.said, HiddenByDate: hidden, Seq: c.position()}
	say := func(to []byte, _ int) []byte { return list.append(to, found) }
	return c.write(&answer{status: http.StatusOK, tag: positionTag(c.position(), d.mark()), parts: 1, part: say})
}

// append writes an answer with what was found as its items. It is by hand what the encoder would do.
func (l *suggestionList) append(to []byte, found []readmodel.Suggestion) []byte {
	to = append(to, `{"items":[`...)
	for i := range found {
		f := &found[i]
		to = readmodel.AppendQuoted(append(append(to, separator(i, "")...), `{"kind":`...), string(f.Ref.Kind))
		to = readmodel.AppendQuoted(append(to, `,"id":`...), f.Ref.ID)
		to = readmodel.AppendQuoted(append(to, `,"label":`...), f.Label)
		to = append(appendMatch(append(to, `,"match":`...), &f.Match), '}')
	}
	to = append(append(to, `],"as_of":"`...), l.AsOf...)
	to = strconv.AppendInt(append(to, `","hidden_by_date":`...), int64(l.HiddenByDate), 10)
	to = strconv.AppendUint(append(to, `,"seq":`...), l.Seq, 10)
	return append(to, '}')
}

// suggestKinds are the kinds asked for, each once and in one order; all that there are when none is.
func (c *call) suggestKinds() ([]directory.Kind, error) {
	all := readmodel.SuggestKinds()
	if !c.query.has("kind") {
		return all, nil
	}
	wanted := c.query.all("kind")
	for _, name := range wanted {
		if !slices.Contains(all, directory.Kind(name)) {
			return nil, unknownValue("kind", name, kindNames(all))
		}
	}
	return slices.DeleteFunc(all, func(k directory.Kind) bool { return !slices.Contains(wanted, string(k)) }), nil
}

func kindNames(kinds []directory.Kind) []string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return names
}

// appendMatch writes why a record was found.
func appendMatch(b []byte, m *readmodel.Match) []byte {
	b = append(b, `{"field":`...)
	b = readmodel.AppendQuoted(b, m.Field)
	b = append(b, `,"lang":`...)
	b = readmodel.AppendQuoted(b, m.Lang)
	b = append(b, `,"value":`...)
	b = readmodel.AppendQuoted(b, m.Value)
	b = append(b, `,"how":"`...)
	b = append(b, m.How...)
	b = append(b, `","score":`...)
	b = strconv.AppendFloat(b, m.Score, 'f', -1, 64)
	return append(b, '}')
}

// searchWords say what is found.
const searchWords = "case and accents do not matter, nor do the forms of Arabic letters and the article; one letter may be wrong in words of 4 to 7, " +
	"two in longer ones, none in numbers; another spelling of a transcribed word will do (Rabat, Ribat, الرباط); the last word may be a beginning. Every word must be found; " +
	"only when no record has all of them do those count that have at least half of what the query says. There are no wildcards or operators."

// suggestWords says what the operation is.
var suggestWords = operationWords{
	"search", "Suggest what may be meant", "For somebody who is typing: actors, initiatives and functions that hold on `as_of` and whose names and texts hold what was typed, the likeliest first: " +
		searchWords + " `hidden_by_date` counts those of the first `limit` whatever the dates that do not hold then.",
}

// suggestParameter describes the parameters of suggestions.
func suggestParameter(name string) (component string, p specParameter) {
	switch name {
	case "q":
		return "SuggestQ", specParameter{
			Description: "What was typed.", Required: true,
			Schema: schema{"type": "string", "minLength": 1, "maxLength": maxValueRunes}, Example: "oit",
		}
	case "as_of":
		return "SuggestAsOf", specParameter{
			Description: "A date from " + firstYear + " to " + lastYear + ", `today`, or `any`: only records that held then.",
			Schema:      schema{"type": "string", "pattern": datePattern, "default": "today"}, Example: "2022-07",
		}
	case "kind":
		return "SuggestKind", specParameter{
			Description: "Only records of these kinds.", Schema: schema{"type": "string", "enum": anys(kindNames(readmodel.SuggestKinds()))},
		}
	default:
		return "SuggestLimit", specParameter{
			Description: "How many at most.",
			Schema:      schema{"type": "integer", "minimum": 1, "maximum": maxSuggestions, "default": defaultSuggestions},
		}
	}
}

// found makes the shape of a record of a kind with why it was found.
func (s *schemas) found(kind directory.Kind) {
	name := typeName(kind)
	members, ok := s.all[name+"Members"]["properties"].(schema)
	if !ok {
		return
	}
	properties := with(members, "match", ref("Match"))
	s.all[name+"Found"] = closed(properties, []any{"id", "version", "match"})
}

func (s *schemas) adjustSearch() {
	s.set("Match", "how", schema{"type": "string", "enum": anys(strings.Fields("exact prefix words translit fuzzy"))})
	s.set("Match", "score", schema{"type": "number", "format": "double", "minimum": 0, "maximum": 1})
	s.set("Suggestion", "kind", schema{"type": "string", "enum": anys(kindNames(readmodel.SuggestKinds()))})
	s.set("Suggestion", "id", ref("ID"))
}

func exampleSuggestions() suggestionList {
	return suggestionList{
		Items: []suggestion{{directory.Actors, "ilo", "Organisation internationale du Travail", match{"acronym", "fr", "OIT", "exact", 1}}},
		AsOf:  "2026-11-24", Seq: 512,
	}
}
