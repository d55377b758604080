package httpapi

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
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
		return c.unwritten(err)
	}
	return c.batchAnswer(given.Items, outcomes)
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
	f := asFault(err)
	p := problemOf(f, messageLang(c.lang))
	if p.Status >= http.StatusInternalServerError {
		c.refused = err // for the log
	}
	return batchResult{Status: p.Status, Kind: item.Kind, ID: item.ID, Problem: &p}
}
