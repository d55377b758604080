package httpapi

import (
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// defaultVersions is how many versions a page of a history holds.
const defaultVersions = 20

// version is the wire form of one version of a record.
type version struct {
	Version uint64         `json:"version"`
	Seq     uint64         `json:"seq"`
	At      directory.Time `json:"at"`
	By      string         `json:"by,omitempty"`  // shown to signed-in callers
	Via     string         `json:"via,omitempty"` // likewise
	Op      ledger.Op      `json:"op"`
	Reason  string         `json:"reason,omitempty"`
	Changes jsontext.Value `json:"changes"` // JSON Patch from the version before
}

// versionList is the wire form of a page of a history.
type versionList struct {
	Items []version `json:"items"`
	Next  string    `json:"next_cursor,omitempty"`
	Seq   uint64    `json:"seq"`
}

// listVersions answers what was changed in a record, when, by whom and why, the newest first.
func (a *API) listVersions(c *call) error {
	ref := c.ref()
	list, again := ref.String()+"/history", ""
	if c.query.has(knownAt) {
		again = "&" + knownAt + "=" + strconv.FormatUint(c.position(), 10)
		list += again
	}
	at, err := c.opened(list)
	if err != nil {
		return err
	}
	limit, err := c.query.integer("limit", maxLimit, defaultVersions)
	if err != nil {
		return err
	}
	var before uint64
	if at != nil {
		if before, err = c.goOn(at); err != nil {
			return err
		}
	}
	versions, more, err := a.svc.History(c.req.Context(), c.head, c.caller, ref, service.Span{Before: before, Limit: limit})
	if err != nil {
		return err
	}
	page := versionList{Items: make([]version, len(versions)), Seq: c.position()}
	for i := range versions {
		page.Items[i] = c.version(&versions[i])
	}
	if more {
		last := versions[len(versions)-1].Version
		page.Next, err = c.sealed(&cursor{List: list, Last: strconv.FormatUint(last, 10), Seq: c.position()})
		if err != nil {
			return err
		}
		c.out.Header()["Link"] = []string{
			"<" + c.req.URL.EscapedPath() + "?cursor=" + page.Next + "&limit=" + strconv.Itoa(limit) + again + `>; rel="next"`,
		}
	}
	body, err := json.Marshal(page, json.Deterministic(true))
	if err != nil {
		return err
	}
	var d digester
	d.add(list)
	d.add(string(c.caller.Clearance))
	d.add(strconv.Itoa(limit))
	d.add(strconv.FormatUint(before, 10))
	return c.write(text(http.StatusOK, positionTag(c.position(), d.mark()), body))
}

// goOn takes from a cursor the version before which a history goes on.
func (c *call) goOn(at *cursor) (uint64, error) {
	before, err := strconv.ParseUint(at.Last, 10, 64)
	if err != nil {
		return 0, fault.AtParameter("cursor", fault.CodeBadCursor, nil)
	}
	if _, _, past := c.head.Past(); past {
		return before, nil // of a state that is there
	}
	if err := c.wait(at.Seq); err != nil {
		return 0, err
	}
	return before, c.denied
}

// version tells one version as the caller may see it.
func (c *call) version(v *service.Version) version {
	told := version{
		Version: v.Version, Seq: v.Seq, At: directory.At(v.At), Op: v.Op, Reason: v.Reason, Changes: v.Changes,
	}
	if c.caller.SignedIn() {
		told.By, told.Via = v.Author.ID, v.Author.Via
	}
	return told
}

// getVersion answers a record as it was at a version.
func (a *API) getVersion(c *call) error {
	number, err := strconv.ParseUint(c.gin.Param("version"), 10, 64)
	if err != nil || number == 0 {
		return fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	v, err := a.svc.VersionOf(c.req.Context(), c.head, c.caller, c.ref(), number)
	if err != nil {
		return err
	}
	return c.write(text(http.StatusOK, versionTag(number, "past", c.openMark()), v.JSON))
}
