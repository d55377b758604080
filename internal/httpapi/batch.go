package httpapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/service"
)

// batchBody is the wire form of a batch.
type batchBody struct {
	Items []service.BatchItem `json:"items"`
}

// batchResults is the wire form of its outcome.
type batchResults struct {
	Results []batchResult `json:"results"`
}

// batchResult is the outcome of one item.
type batchResult struct {
	Status  int            `json:"status"`
	Kind    directory.Kind `json:"kind,omitempty"`
	ID      string         `json:"id,omitempty"`
	Version uint64         `json:"version,omitzero"`
	Problem *problem       `json:"problem,omitzero"`
}

// batch writes many records: in one commit, or each in its own.
func (a *API) batch(c *call) error {
	w, body, err := c.writing()
	if err != nil {
		return err
	}
	atomic, err := c.query.truth("atomic", true)
	if err != nil {
		return err
	}
	var given batchBody
	if err := directory.DecodeStrict(body, &given); err != nil {
		return err
	}
	outcomes, err := a.svc.Batch(c.req.Context(), w, given.Items, atomic)
	if err != nil {
		return c.unwrittenBatch(given.Items, err)
	}
	return c.batchAnswer(given.Items, outcomes)
}

// unwrittenBatch passes on the refusal of a whole batch, which names the item that is to blame.
func (c *call) unwrittenBatch(items []service.BatchItem, err error) error {
	err = c.unwritten(err)
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	var n int
	if _, none := fmt.Sscanf(f.Fields[0].Pointer, "/items/%d", &n); none != nil || n >= len(items) {
		return err
	}
	return c.goneItem(items[n], err)
}

// goneItem adds to the refusal of an item on an archived record what the answers for one record say: when, why and by
// whom it was archived.
func (c *call) goneItem(item service.BatchItem, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != fault.CodeGone {
		return err
	}
	c.head = c.api.svc.Head()
	note, ok := errors.AsType[*fault.Error](c.api.archived(c, c.named(item.Kind, item.ID)))
	if !ok || note.Code != fault.CodeGone {
		return err // restored meanwhile
	}
	return withMembers(f, note.Members)
}

// batchAnswer is 200 when every item succeeded, else 207.
func (c *call) batchAnswer(items []service.BatchItem, outcomes []service.ItemResult) error {
	status := http.StatusOK
	results := make([]batchResult, len(outcomes))
	for i := range outcomes {
		o := &outcomes[i]
		c.seq = max(c.seq, o.Seq)
		if o.Problem != nil {
			status = http.StatusMultiStatus
			results[i] = c.refusedItem(items[i], o.Problem)
			continue
		}
		if o.Replayed {
			c.seq = max(c.seq, c.api.svc.Head().Position().Seq)
			c.out.Header()["Dalil-Replayed"] = []string{"true"}
		}
		results[i] = batchResult{Status: o.Status, Kind: o.Ref.Kind, ID: o.Ref.ID, Version: o.Version}
	}
	body, err := json.Marshal(batchResults{results}, json.Deterministic(true))
	if err != nil {
		return err
	}
	return c.write(text(status, tag{}, body))
}

// refusedItem tells why an item was refused, with the id that it was sent with.
func (c *call) refusedItem(item service.BatchItem, err error) batchResult {
	f := asFault(c.goneItem(item, err))
	p := problemOf(f, messageLang(c.lang))
	if p.Status >= http.StatusInternalServerError {
		c.refused = err // for the log
	}
	return batchResult{Status: p.Status, Kind: item.Kind, ID: item.ID, Problem: &p}
}
