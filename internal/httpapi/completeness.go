package httpapi

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// completenessMember is what an answer about actors tells beside the members of their records, when fields asks for it.
// It is computed for each answer: a record does not hold it.
const completenessMember = "completeness"

// completed returns the JSON of the completeness of an actor.
type completed func(id string) []byte

// completed tells completeness with the roles that hold at a date.
func (c *call) completed(asOf readmodel.AsOf) completed {
	return func(id string) []byte {
		text, err := json.Marshal(c.head.CompletenessOf(id, c.caller.Clearance, asOf), json.Deterministic(true))
		if err != nil {
			return []byte("null") // it does not happen: it holds numbers, words and a time
		}
		return text
	}
}

// with returns the JSON of an actor with its completeness at its place among the members: in alphabetical order.
func (of completed) with(e *readmodel.Entry, record []byte, fields []string) []byte {
	at, _ := slices.BinarySearch(fields, completenessMember)
	before, after := projected(record, fields[:at]), projected(record, fields[at+1:]) // the id is always after
	out := before[:len(before)-1]
	if len(out) > 1 {
		out = append(out, ',')
	}
	out = append(out, `"`+completenessMember+`":`...)
	out = append(out, of(e.Ref().ID)...)
	out = append(out, ',')
	return append(out, after[1:]...)
}

// projected returns an item of a list of which only some members are wanted.
func (l *listing) projected(e *readmodel.Entry) []byte {
	record := e.JSONFor(l.query.Clearance)
	if l.complete != nil {
		return l.complete.with(e, record, l.fields)
	}
	return projected(record, l.fields)
}

// writeCompleted answers an actor with its completeness. Other records and the date count for it: so does its tag.
func (c *call) writeCompleted(e *readmodel.Entry, fields []string) error {
	held, err := c.query.moment("as_of", c.today(), on(c.today().Date()))
	if err != nil {
		return err
	}
	_, altered, _ := c.head.Past()
	var d digester
	d.add(strconv.FormatUint(c.position(), 10))
	d.add(strconv.FormatUint(altered, 10))
	d.add(string(c.caller.Clearance))
	d.add(held.said)
	d.add(strconv.FormatBool(held.Strict))
	body := c.completed(held.AsOf).with(e, e.JSONFor(c.caller.Clearance), fields)
	return c.write(text(http.StatusOK, versionTag(e.Version(), c.openMark(), fieldsMark(fields), "c-"+d.mark()), body))
}

// adjustCompleteness says of the schemas of actors that an answer may tell it.
func (s *schemas) adjustCompleteness() {
	count := schema{"type": "integer", "minimum": 0}
	fields := ref(s.vocabulary(directory.VocabularyCountedFields))
	percent := schema{"type": "integer", "minimum": 0, "maximum": 100}
	s.set("Completeness", "percent", percent)
	s.set("Completeness", "missing", schema{"type": "array", "items": fields})
	s.set("Completeness", "roles", count)
	s.set("Completeness", "unsourced_roles", count)
	members, ok := s.all["ActorMembers"]["properties"].(schema)
	if !ok {
		return
	}
	s.all["Actor"] = closed(with(members, completenessMember, ref("Completeness")), []any{"id", "version"})
	s.all["ActorFound"] = closed(with(with(members, completenessMember, ref("Completeness")), "match", ref("Match")), []any{"id", "version", "match"})
	s.adjustQuality(count, percent, fields)
}
