package httpapi

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// createRecord makes a new record.
func (a *API) createRecord(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	out, err := a.svc.Create(c.req.Context(), w, c.route.Kind, body)
	return c.written(w, out, err)
}

// replaceRecord puts a whole record in the place of a live one.
func (a *API) replaceRecord(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	out, err := a.svc.Replace(c.req.Context(), w, c.ref(), body)
	return c.written(w, out, err)
}

// patchRecord applies a JSON Merge Patch.
func (a *API) patchRecord(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	out, err := a.svc.Patch(c.req.Context(), w, c.ref(), body)
	return c.written(w, out, err)
}

// archiveRecord takes a record out of use.
func (a *API) archiveRecord(c *call) error {
	w, _, err := c.writing()
	if err != nil {
		return err
	}
	out, err := a.svc.Archive(c.req.Context(), w, c.ref())
	return c.written(w, out, err)
}

// restoreRecord brings an archived record back.
func (a *API) restoreRecord(c *call) error {
	w, _, err := c.writing()
	if err != nil {
		return err
	}
	out, err := a.svc.Restore(c.req.Context(), w, c.ref())
	return c.written(w, out, err)
}

// writing reads what a write takes: its body, if the address takes one, its parameters and its headers.
func (c *call) writing() (service.Write, []byte, error) {
	var body []byte
	var err error
	if c.route.Body != nil {
		if body, err = c.body(); err != nil {
			return service.Write{}, nil, err
		}
	}
	w := service.Write{Caller: c.caller, Reason: c.query.first("reason")}
	if w.DryRun, err = c.query.truth("dry_run", false); err != nil {
		return w, nil, err
	}
	if w.AllowDuplicate, err = c.query.truth("allow_duplicate", false); err != nil {
		return w, nil, err
	}
	if w.IfMatch, err = c.condition(); err != nil {
		return w, nil, err
	}
	w.Request, err = c.idempotency(body)
	return w, body, err
}

// idempotency reads the Idempotency-Key of a POST; nil without one.
func (c *call) idempotency(body []byte) (*service.Idempotency, error) {
	given := c.req.Header["Idempotency-Key"]
	if len(given) == 0 || c.req.Method != http.MethodPost {
		return nil, nil //nolint:nilnil // most writes have none
	}
	key := strings.TrimSpace(given[0])
	if n := len(key); n >= 2 && key[0] == '"' && key[n-1] == '"' {
		key = key[1 : n-1]
	}
	if len(given) > 1 || !visible(key) {
		return nil, badHeader("Idempotency-Key", "8e03978e-40d5-43dd (1–255 ASCII)")
	}
	return &service.Idempotency{
		Key: key, Method: c.req.Method, Path: c.req.URL.Path, Fingerprint: c.fingerprint(body),
	}, nil
}

// visible tells whether a key is 1 to 255 visible ASCII characters.
func visible(key string) bool {
	if key == "" || len(key) > 255 {
		return false
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return false
		}
	}
	return true
}

// fingerprint is of everything that decides what a write does: its parameters in any order, and its body.
func (c *call) fingerprint(body []byte) ledger.Digest {
	var d digester
	sorted := slices.Clone(c.query)
	slices.SortStableFunc(sorted, func(a, b pair) int { return strings.Compare(a.name, b.name) })
	for _, p := range sorted {
		if p.name != "lang" {
			d.add(p.name)
			d.add(p.value)
		}
	}
	d.add(strings.Join(c.req.Header["If-Match"], ","))
	sum := sha256.New()
	sum.Write(d.texts)
	sum.Write(body)
	return ledger.Digest(sum.Sum(make([]byte, 0, sha256.Size)))
}

// written answers a write of one record.
func (c *call) written(w service.Write, out service.Outcome, err error) error {
	if err != nil {
		return c.unwritten(err)
	}
	c.seq = out.Seq
	if out.Replayed {
		c.seq = max(out.Seq, c.api.svc.Head().Position().Seq) // the caller may have asked for more than the outcome's
		c.out.Header()["Dalil-Replayed"] = []string{"true"}
	}
	if w.DryRun {
		return c.write(text(http.StatusOK, tag{}, out.JSON)) // there is no such version that a tag could name
	}
	if out.Status == http.StatusCreated {
		c.out.Header()["Location"] = []string{recordPath(out.Ref.Kind, out.Ref.ID)}
	}
	return c.write(text(out.Status, tag{version: strconv.FormatUint(out.Version, 10)}, out.JSON))
}

// unwritten passes on a refusal. It may rest on what others wrote meanwhile, so the newest position goes with it.
func (c *call) unwritten(err error) error {
	c.head = c.api.svc.Head()
	if c.route.Kind != "" && fault.Is(err, fault.CodeGone) {
		return c.api.archived(c, c.ref())
	}
	return err
}
