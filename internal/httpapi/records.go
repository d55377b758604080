package httpapi

import (
	"net/http"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// recordPath is the address of a record.
func recordPath(kind directory.Kind, id string) string {
	return basePath + "/" + string(kind) + "/" + id
}

// getRecord answers one record, whatever its dates unless as_of asks for a day.
func (a *API) getRecord(c *call) error {
	ref := c.ref()
	entry, ok := c.head.Lookup(ref, c.caller.Clearance)
	switch {
	case !ok:
		return fault.New(fault.NotFound, fault.CodeNotFound, nil)
	case entry.MergedInto() != "":
		return mergedInto(entry.MergedInto())
	case entry.Archived():
		return a.archived(c, ref)
	}
	if err := c.holding(entry); err != nil {
		return err
	}
	fields, err := c.fields()
	if err != nil {
		return err
	}
	if err := c.stillAt(entry.Version()); err != nil {
		return err
	}
	if slices.Contains(fields, completenessMember) {
		return c.writeCompleted(entry, fields)
	}
	body := projected(entry.JSONFor(c.caller.Clearance), fields)
	return c.write(text(http.StatusOK, versionTag(entry.Version(), c.openMark(), fieldsMark(fields)), body))
}

// holding refuses a record that does not hold on the day that is asked for.
func (c *call) holding(entry *readmodel.Entry) error {
	asked, err := c.query.moment("as_of", c.today(), always())
	if err == nil && !c.head.Holds(entry, asked.AsOf) {
		return fault.New(fault.NotFound, fault.CodeNotOnThatDay, fault.Args{"as_of": asked.said})
	}
	return err
}

// openMark tells in an entity tag that an answer leaves out who wrote, as it does for anonymous callers.
func (c *call) openMark() string {
	if c.caller.SignedIn() {
		return ""
	}
	return "open"
}

// mergedInto sends a reader on to the surviving record.
func mergedInto(survivor string) error {
	return &fault.Error{
		Kind: fault.Moved, Code: fault.CodeMerged, Args: fault.Args{"survivor": survivor},
		Members: map[string]any{"survivor": survivor},
	}
}

// stillAt judges an If-Match of a reader.
func (c *call) stillAt(version uint64) error {
	match, err := c.condition()
	if err != nil || !match.Given || match.Any {
		return err
	}
	if slices.Contains(match.Versions, version) {
		return nil
	}
	return fault.New(fault.Stale, fault.CodeStale, fault.Args{"version": version})
}

// archived says when and why a record was archived, and by whom to callers who are somebody; nothing of it when the
// version that says so is hidden from the caller.
func (a *API) archived(c *call, ref directory.Ref) error {
	last, err := a.svc.Departure(c.req.Context(), c.head, c.caller, ref)
	if err != nil {
		return err
	}
	if last.Op != ledger.Archive {
		return fault.New(fault.Gone, fault.CodeGone, nil)
	}
	note := map[string]any{"at": directory.At(last.At).String()}
	if last.Reason != "" {
		note["reason"] = last.Reason
	}
	if c.caller.SignedIn() {
		note["by"] = last.Author.ID
	}
	return withMembers(fault.New(fault.Gone, fault.CodeGone, nil), map[string]any{"archived": note})
}
