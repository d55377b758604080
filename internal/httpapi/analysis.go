package httpapi

import (
	"strconv"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// analysis is what a request under "Who does what" asks, as far as all of them ask the same.
type analysis struct {
	readmodel.Analysis

	asOf    string // as the answer says it
	undated bool   // the address takes no as_of
	chosen  params // what the answer depends on, in one fixed order
	further string // what else it depends on; told nowhere
}

// analysisRoutes are the addresses that tell who does what.
func (a *API) analysisRoutes() []Route {
	return []Route{
		read(basePath+"/matrix", "getMatrix", a.matrix, Param{Name: "rows"}, Param{Name: "cols"}, Param{Name: "measure"}).analyses(),
		read(basePath+"/actors/:id/profile", "getActorProfile", a.profile).of(directory.Actors).analyses(),
		read(basePath+"/timeline", "getTimeline", a.timeline).analyses("units"),
		read(basePath+"/compare", "compareDates", a.compare, Param{Name: "from"}, Param{Name: "to"}).analyses("units", "as_of").recallsTwo(),
	}
}

// analysis reads the filters of roles, the date and how units count: as themselves, unless the request says otherwise.
// Other parameters are for the handler to read.
func (c *call) analysis() (*analysis, error) { return c.analysisWith("separate", false) }

// analysisWith is analysis with another word for units that count as themselves; rolled says whether they count as what
// they are part of when the request does not say.
func (c *call) analysisWith(separate string, rolled bool) (*analysis, error) {
	q := &analysis{chosen: c.query.choice()}
	q.Clearance, q.Lang, q.Today = c.caller.Clearance, c.lang, c.today()
	m, err := c.query.moment("as_of", q.Today, on(q.Today.Date()))
	if err != nil {
		return nil, err
	}
	q.AsOf, q.asOf = m.AsOf, m.said
	if q.Rolled, err = c.query.units(rolled, separate); err != nil {
		return nil, err
	}
	for _, name := range readmodel.FilterNames(directory.Roles) {
		if values := c.query.all(name); len(values) > 0 {
			f, err := filterOf(name, values)
			if err != nil {
				return nil, err
			}
			q.Filters = append(q.Filters, f)
		}
	}
	return q, nil
}

// units reads how units count; separate is the word for counting them by themselves.
func (p params) units(rolled bool, separate string) (bool, error) {
	switch asked := p.first("units"); asked {
	case "":
		return rolled, nil
	case "rolled":
		return true, nil
	case separate:
		return false, nil
	default:
		return false, unknownValue("units", asked, []string{"rolled", separate})
	}
}

// answerJSON is the whole JSON of an answer: seq and as_of before the members of what was found, which is a struct.
func (c *call) answerJSON(q *analysis, found any) ([]byte, error) {
	members, err := json.Marshal(found, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	text := c.beginJSON(q, make([]byte, 0, len(members)+64))
	return append(append(text, ','), members[1:]...), nil
}

// beginJSON appends the beginning of an answer.
func (c *call) beginJSON(q *analysis, to []byte) []byte {
	to = append(to, `{"seq":`...)
	to = strconv.AppendUint(to, c.position(), 10)
	to = append(to, `,"as_of":"`...)
	return append(append(to, q.asOf...), '"')
}

// depends notes a further parameter that the answer depends on, whether it was said or not.
func (q *analysis) depends(name string, value int) {
	q.chosen = append(q.chosen, pair{name, strconv.Itoa(value)})
}

// tag covers everything that an answer depends on beside the position.
func (q *analysis) tag(c *call) tag {
	var d digester
	d.add(c.req.URL.Path)
	d.add(string(q.Clearance))
	d.add(q.Lang)
	d.add(strconv.Itoa(int(q.Today)))
	for _, text := range q.chosen.flat() {
		d.add(text)
	}
	d.add(q.further)
	return positionTag(c.position(), d.mark())
}
