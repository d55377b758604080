package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/service"
)

const citationsPath = basePath + "/citations"

// citationSpec is what is to be cited.
type citationSpec struct {
	Path      string               `json:"path"`
	Clearance directory.Visibility `json:"clearance,omitempty"` // the caller's own without
	Title     string               `json:"title,omitempty"`
}

// citation is the wire form of a citation.
type citation struct {
	ID        string               `json:"id"`
	Path      string               `json:"path"`
	KnownAt   uint64               `json:"known_at"`
	At        directory.Time       `json:"at"`
	AsOf      string               `json:"as_of,omitempty"`
	Day       directory.Date       `json:"day"`
	Lang      string               `json:"lang"`
	Clearance directory.Visibility `json:"clearance"`
	Checksum  string               `json:"checksum"`
	Title     string               `json:"title,omitempty"`
	Created   *directory.Stamp     `json:"created,omitempty"`
	Link      string               `json:"link"`
	Answer    string               `json:"answer"`
}

// Why an answer does not verify.
const (
	whyWithheld = "withheld" // what it asks for is hidden or erased
	whyAltered  = "altered"  // the answer is another one: something of it was hidden or erased since
)

// citedAnswer is the answer of a citation, asked again.
type citedAnswer struct {
	Citation citation       `json:"citation"`
	Verified bool           `json:"verified"`
	Why      string         `json:"why,omitempty"`
	Checksum string         `json:"checksum,omitempty"` // of the answer as it is told here
	Seq      uint64         `json:"seq"`
	Answer   jsontext.Value `json:"answer"`
}

// citationRoutes are the addresses of the citations.
func (a *API) citationRoutes() []Route {
	one := citationsPath + "/:id"
	return []Route{
		a.citationListRoute(),
		write(http.MethodPost, citationsPath, "createCitation", a.createCitation).takes(maxBodyBytes, mediaJSON),
		read(one, "getCitation", a.getCitation),
		read(one+"/answer", "getCitedAnswer", a.getCitedAnswer),
	}
}

// createCitation freezes a question.
func (a *API) createCitation(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	var spec citationSpec
	if err := directory.DecodeStrict(body, &spec); err != nil {
		return err
	}
	made, err := a.svc.Cited(w)
	replayed := made != nil
	if err == nil && !replayed {
		made, replayed, err = c.cite(w, &spec)
	}
	if err != nil {
		return err
	}
	if replayed {
		c.out.Header()["Dalil-Replayed"] = []string{"true"}
	}
	c.head = a.svc.Head()
	told, err := c.citation(made)
	if err != nil {
		return err
	}
	if w.DryRun {
		return c.private(http.StatusOK, told)
	}
	c.out.Header()["Location"] = []string{told.Link}
	return c.private(http.StatusCreated, told)
}

// cite asks a question and keeps it; replayed says that another request with the same key was faster.
func (c *call) cite(w service.Write, spec *citationSpec) (made *directory.Citation, replayed bool, err error) {
	frozen, err := c.freeze(spec)
	if err != nil {
		return nil, false, err
	}
	made, replayed, err = c.api.svc.Cite(c.req.Context(), w, frozen)
	if err != nil {
		return nil, false, c.unwritten(err)
	}
	return made, replayed, nil
}

// freeze asks a question and says all that its answer depends on.
func (c *call) freeze(spec *citationSpec) (service.Frozen, error) {
	f := service.Frozen{Title: spec.Title, Clearance: spec.Clearance, Day: c.api.svc.Today()}
	switch f.Clearance {
	case "":
		f.Clearance = c.caller.Clearance
	case directory.Public, directory.Partners, directory.Ministry:
	default:
		return f, fault.AtPointer("/clearance", fault.CodeUnknownValue, fault.Args{"value": string(f.Clearance), "expected": "public, partners, ministry"})
	}
	if f.Clearance.Level() > c.caller.Clearance.Level() {
		return f, fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
	if len(spec.Path) > maxCitedPath {
		return f, fault.AtPointer("/path", fault.CodeTooLong, fault.Args{"max": maxCitedPath})
	}
	q, err := c.api.questionOf(spec.Path)
	if err != nil {
		return f, err
	}
	if err := q.query.check(q.route); err != nil { // before what follows takes a name twice for one
		return f, aboutPath(err)
	}
	if err := c.settle(q, &f); err != nil {
		return f, aboutPath(err)
	}
	answer, err := c.ask(q, f.Clearance, f.Day)
	if err != nil {
		return f, aboutPath(err)
	}
	said := saidDays(answer)
	f.AsOf = said.AsOf
	if taken := said.taken(q); len(taken) > 0 {
		q.query = append(q.query, taken...)
		if answer, err = c.ask(q, f.Clearance, f.Day); err != nil {
			return f, aboutPath(err)
		}
	}
	f.Path, f.Checksum = q.address(), checksum(answer)
	return f, nil
}

// settle writes position, day and language into a question, whatever they were taken from.
func (c *call) settle(q *question, f *service.Frozen) error {
	f.KnownAt = c.head.Position().Seq
	var states params
	for _, asked := range q.query.all(knownAt) {
		seq, err := c.positionOf(asked)
		if err != nil {
			return err
		}
		f.KnownAt = seq
		states = append(states, pair{knownAt, strconv.FormatUint(seq, 10)})
	}
	if states == nil {
		states = params{{knownAt, strconv.FormatUint(f.KnownAt, 10)}}
	}
	f.Lang = q.query.first("lang")
	if f.Lang == "" {
		f.Lang = c.lang
	}
	q.query = q.without(knownAt, "lang")
	for i := range q.query {
		if p := &q.query[i]; p.value == "today" && slices.Contains(dayParams, p.name) {
			p.value = string(f.Day.Date())
		}
	}
	q.query = append(append(q.query, states...), pair{"lang", f.Lang})
	return nil
}

// dayParams are the parameters that name a day, or today.
var dayParams = []string{"as_of", rolesAsOf, "from", "to"}

// answeredDays are the dates that an answer says it is about.
type answeredDays struct {
	AsOf      string `json:"as_of"`
	RolesAsOf string `json:"roles_as_of"`
}

func saidDays(answer []byte) (said answeredDays) {
	if json.Unmarshal(answer, &said) != nil {
		return answeredDays{} // what has these names is something else
	}
	return said
}

// taken are the days that an answer took for itself, as parameters that ask for them.
func (said answeredDays) taken(q *question) (days params) {
	switch {
	case q.query.has("as_of"): // the roles are of that day, too
		return nil
	case said.AsOf != "" && said.AsOf != anyDay:
		days = append(days, pair{"as_of", said.AsOf})
	}
	if said.RolesAsOf != "" && !q.query.has(rolesAsOf) {
		days = append(days, pair{rolesAsOf, said.RolesAsOf})
	}
	return days
}

func checksum(answer []byte) string {
	sum := sha256.Sum256(answer)
	return hex.EncodeToString(sum[:])
}

// keptCitation is the citation that the address names. To who may see less than it was made of there is none: its path may
// say what is hidden from them, in an id, a tag or the words that are looked for.
func (c *call) keptCitation() (*directory.Citation, error) {
	kept, err := service.CitationAt(c.head, c.gin.Param("id"))
	if err == nil && c.caller.Clearance.Level() < kept.Clearance.Level() {
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	return kept, err
}

// getCitation tells a citation.
func (a *API) getCitation(c *call) error {
	kept, err := c.keptCitation()
	if err != nil {
		return err
	}
	told, err := c.citation(kept)
	if err != nil {
		return err
	}
	return c.computed(told)
}

// getCitedAnswer asks the question of a citation again, and says whether the answer is the one that was cited.
func (a *API) getCitedAnswer(c *call) error {
	kept, err := c.keptCitation()
	if err != nil {
		return err
	}
	answer, refused, err := c.askAgain(kept)
	if err != nil {
		return err
	}
	told := citedAnswer{Seq: c.position(), Answer: jsontext.Value("null")}
	if told.Citation, err = c.citation(kept); err != nil {
		return err
	}
	if !refused {
		told.Answer, told.Checksum = answer, checksum(answer)
	}
	told.Verified = told.Checksum == kept.Checksum
	switch {
	case told.Verified:
	case refused:
		told.Why = whyWithheld
	default:
		told.Why = whyAltered
	}
	return c.computed(told)
}

// askAgain asks the question of a citation at the clearance that it was made with. refused says that it cannot be asked any
// more: what it names is hidden or erased.
func (c *call) askAgain(kept *directory.Citation) (answer []byte, refused bool, err error) {
	q, err := c.api.questionOf(kept.Path)
	if err != nil {
		return nil, true, nil //nolint:nilerr // it was asked of a program that answered more
	}
	first, _ := kept.Day.Span()
	answer, err = c.ask(q, kept.Clearance, first)
	switch fault.KindOf(err) {
	case fault.Malformed, fault.NotFound, fault.Gone, fault.Moved, fault.Invalid:
		return nil, true, nil
	default:
		return answer, false, err
	}
}

// citation tells a citation as the caller may see it.
func (c *call) citation(kept *directory.Citation) (citation, error) {
	told := citation{
		ID: kept.ID, Path: kept.Path, KnownAt: uint64(kept.KnownAt), AsOf: kept.AsOf, Day: kept.Day, Lang: kept.Lang, //nolint:gosec // at least 1
		Clearance: kept.Clearance, Checksum: kept.Checksum, Title: kept.Title, Created: kept.Created,
		Link: citationsPath + "/" + kept.ID, Answer: citationsPath + "/" + kept.ID + "/answer",
	}
	if told.Created != nil && !c.caller.SignedIn() {
		open := *told.Created
		open.By = ""
		told.Created = &open
	}
	at, err := c.api.svc.TimeOf(c.req.Context(), told.KnownAt)
	told.At = directory.At(at)
	return told, err
}

// computed writes an answer whose tag is made from all of it.
func (c *call) computed(value any) error {
	body, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return err
	}
	var d digester
	d.add(string(body))
	return c.write(text(http.StatusOK, tag{version: "c-" + d.mark()}, body))
}
