package wireproxy

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/wiremessage"
)

// Command is a request as a [Rule] sees it.
type Command struct {
	// Name is the command's name, such as "insert".
	Name string
	// Collection is the collection that it is about, empty when it is about none.
	Collection string
	// Body is the command without what lies beside it.
	Body bson.Raw
	// Documents are what a write command writes: the documents of an insert, the updates of an update, the deletes of
	// a delete, wherever in the message they were.
	Documents []bson.Raw

	id int32
}

// payload names the field of a write command that holds its documents.
func payload(name string) string {
	switch name {
	case "insert":
		return "documents"
	case "update":
		return "updates"
	case "delete":
		return "deletes"
	default:
		return ""
	}
}

// readCommand returns the command of a request that waits for an answer; ok is false for every other message.
func readCommand(m message) (c *Command, ok bool) {
	if m.moreToCome() {
		return nil, false
	}
	body, beside, ok := m.sections()
	if !ok {
		return nil, false
	}
	first, err := body.IndexErr(0)
	if err != nil {
		return nil, false
	}
	_, id, _, _, _, _ := wiremessage.ReadHeader(m)
	c = &Command{Name: first.Key(), Body: body, id: id}
	c.Collection, ok = first.Value().StringValueOK()
	if !ok { // getMore holds its cursor's id there
		c.Collection, _ = body.Lookup("collection").StringValueOK()
	}
	field := payload(c.Name)
	if field == "" {
		return c, true
	}
	c.Documents = beside[field]
	if inside, ok := body.Lookup(field).ArrayOK(); ok {
		values, err := inside.Values()
		if err != nil {
			return nil, false
		}
		for _, v := range values {
			if d, ok := v.DocumentOK(); ok {
				c.Documents = append(c.Documents, d)
			}
		}
	}
	return c, true
}

// isHello reports whether the command is a driver's question what the server is.
func (c *Command) isHello() bool { return strings.EqualFold(c.Name, "ismaster") || c.Name == "hello" }

// first returns the same write with its first k documents only.
func (c *Command) first(k int) (message, error) {
	var fields, kept bson.D
	if err := bson.Unmarshal(c.Body, &fields); err != nil {
		return nil, fmt.Errorf("reading a request: %w", err)
	}
	for _, field := range fields {
		if field.Key != payload(c.Name) {
			kept = append(kept, field)
		}
	}
	body, err := bson.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("writing a request: %w", err)
	}
	return newMessage(c.id, 0, body, payload(c.Name), c.Documents[:min(k, len(c.Documents))]), nil
}

// reply makes the answer to the command.
func (c *Command) reply(fields bson.D) (message, error) {
	body, err := bson.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("writing an answer: %w", err)
	}
	return newMessage(wiremessage.NextRequestID(), c.id, body, "", nil), nil
}

// retryable are the labels that a server puts on an error of the kind that a repetition may mend: it does so for a
// write that carries a transaction number, and the driver repeats only what is so labelled.
func (c *Command) retryable() bson.D {
	if _, err := c.Body.LookupErr("txnNumber"); err != nil {
		return nil
	}
	return bson.D{{Key: "errorLabels", Value: bson.A{"RetryableWriteError"}}}
}
