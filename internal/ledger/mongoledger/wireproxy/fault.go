package wireproxy

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Fault is what befalls a request. An error from it ends the connection.
type Fault func(*exchange) error

var errCut = errors.New("cut on purpose")

// Hold keeps the request back until [Injection.Release], and then delivers it, even when the client has given up or
// gone: the write that comes after everybody has stopped waiting for it.
func Hold() Fault {
	return func(x *exchange) error {
		select {
		case <-x.released:
		case <-x.closed:
			return errCut
		}
		reply, err := x.forward(x.request)
		if err != nil {
			return err
		}
		return x.answer(reply)
	}
}

// DropReply lets the server do what it is asked and keeps its answer: the client waits in vain.
func DropReply() Fault {
	return func(x *exchange) error {
		_, err := x.forward(x.request)
		return err
	}
}

// CutReply lets the server do what it is asked and breaks the connection off in the middle of its answer.
func CutReply() Fault {
	return func(x *exchange) error {
		reply, err := x.forward(x.request)
		if err != nil {
			return err
		}
		return errors.Join(x.answer(reply[:len(reply)/2]), errCut)
	}
}

// CutRequest breaks the connection off before the server has seen the request.
func CutRequest() Fault {
	return func(*exchange) error { return errCut }
}

// WriteConcernTimeout lets the server write and reports that a majority did not confirm it in time.
func WriteConcernTimeout() Fault {
	return writeConcernError(func(*Command) bson.D { return nil }, bson.D{
		{Key: "code", Value: int32(64)},
		{Key: "codeName", Value: "WriteConcernTimeout"},
		{Key: "errmsg", Value: "waiting for replication timed out"},
		{Key: "errInfo", Value: bson.D{{Key: "wtimeout", Value: true}}},
	})
}

// SteppedDown lets the server write and reports that it ceased to be primary while it waited for a majority.
func SteppedDown() Fault {
	return writeConcernError((*Command).retryable, bson.D{
		{Key: "code", Value: int32(189)},
		{Key: "codeName", Value: "PrimarySteppedDown"},
		{Key: "errmsg", Value: "Primary stepped down while waiting for replication"},
	})
}

func writeConcernError(labels func(*Command) bson.D, problem bson.D) Fault {
	return func(x *exchange) error {
		reply, err := x.forward(x.request)
		if err != nil {
			return err
		}
		body, _, ok := reply.sections()
		if !ok {
			return errors.New("the server's answer is no OP_MSG")
		}
		var fields bson.D
		if err := bson.Unmarshal(body, &fields); err != nil {
			return err
		}
		fields = append(fields, bson.E{Key: "writeConcernError", Value: problem})
		return x.answerWith(append(fields, labels(x.command)...))
	}
}

// NotWritablePrimaryAfter lets the first k documents of a write through and then answers as a server that has lost an
// election in the middle of it.
func NotWritablePrimaryAfter(k int) Fault {
	return func(x *exchange) error {
		if k > 0 {
			part, err := x.command.first(k)
			if err != nil {
				return err
			}
			if _, err := x.forward(part); err != nil {
				return err
			}
		}
		return x.answerWith(append(bson.D{
			{Key: "ok", Value: 0.0},
			{Key: "errmsg", Value: "not primary"},
			{Key: "code", Value: int32(10107)},
			{Key: "codeName", Value: "NotWritablePrimary"},
		}, x.command.retryable()...))
	}
}

// DuplicateKey answers an insert, which the server never sees, with a duplicate key at its first document. Together
// with [EmptyCursor] it is the moment in which another node's document exists, and no majority has it yet.
func DuplicateKey() Fault {
	return func(x *exchange) error {
		if len(x.command.Documents) == 0 {
			return errors.New("a duplicate key needs a document")
		}
		return x.answerWith(bson.D{
			{Key: "n", Value: int32(0)},
			{Key: "writeErrors", Value: bson.A{bson.D{
				{Key: "index", Value: int32(0)},
				{Key: "code", Value: int32(11000)},
				{Key: "errmsg", Value: "E11000 duplicate key error collection: " + x.command.Collection + " index: _id_"},
				{Key: "keyPattern", Value: bson.D{{Key: "_id", Value: int32(1)}}},
				{Key: "keyValue", Value: bson.D{{Key: "_id", Value: x.command.Documents[0].Lookup("_id")}}},
			}}},
			{Key: "ok", Value: 1.0},
		})
	}
}

// EmptyCursor answers a find or an aggregate, which the server never sees, with nothing found.
func EmptyCursor() Fault {
	return func(x *exchange) error {
		database, _ := x.command.Body.Lookup("$db").StringValueOK()
		return x.answerWith(bson.D{
			{Key: "cursor", Value: bson.D{
				{Key: "firstBatch", Value: bson.A{}},
				{Key: "id", Value: int64(0)},
				{Key: "ns", Value: database + "." + x.command.Collection},
			}},
			{Key: "ok", Value: 1.0},
		})
	}
}
