package mongoledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// The server's error codes that mean something to us.
const (
	codeUnauthorized           = 13
	codeNamespaceExists        = 48
	codeInvalidNamespace       = 73
	codeCommandNotFound        = 59
	codeCommandNotSupported    = 115
	codeDocumentInvalid        = 121
	codeNotImplemented         = 238
	codeObjectTooLarge         = 10334
	codeDuplicateKey           = 11000
	codeOutOfDiskSpace         = 14031
	codeUnknownStage           = 40324
	codeChangeStreamNeedsOplog = 40573
)

var (
	// errClosed is the cause of whatever Close ends.
	errClosed = fault.Wrap(fault.Unavailable, fault.CodeUnavailable, ledger.ErrClosed)
	// errTaken says that a position holds a commit already: ours or another's.
	errTaken = errors.New("the position is taken")
)

// failed tells what an error of an operation means to our caller: the end of its context, or a store that is away.
func (l *Ledger) failed(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", doing, context.Cause(ctx))
	}
	if errors.Is(err, mongo.ErrClientDisconnected) {
		return errClosed
	}
	code := fault.CodeUnavailable
	if _, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		code = fault.CodeStoreUnreachable
	}
	return fault.Wrap(fault.Unavailable, code, fmt.Errorf("%s: %w", doing, err))
}

// judge tells what the answer to an ordered insert of commits says: how many of them are durable for certain, and
// nil, errTaken, a fault when the next one surely was not written, or ErrUnclear. Only what is known to come after a
// write that did not happen may be a fault; whatever is new to us is unclear.
func judge(sent int, err error) (int, error) {
	if err == nil {
		return sent, nil
	}
	if bulk, ok := errors.AsType[mongo.BulkWriteException](err); ok {
		if bulk.WriteConcernError != nil || len(bulk.WriteErrors) == 0 {
			return 0, unclear(err)
		}
		first := bulk.WriteErrors[0]
		if first.Code == codeDuplicateKey {
			return first.Index, errTaken
		}
		if refusal := refused(first.Code, err); refusal != nil {
			return first.Index, refusal
		}
		return 0, unclear(err) // such as NotWritablePrimary: what was written before may be rolled back
	}
	if command, ok := errors.AsType[mongo.CommandError](err); ok {
		if refusal := refused(int(command.Code), err); refusal != nil {
			return 0, refusal
		}
		return 0, unclear(err)
	}
	if errors.Is(err, mongo.ErrClientDisconnected) {
		return 0, errClosed // nothing was sent
	}
	if _, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		return 0, fault.Wrap(fault.Unavailable, fault.CodeStoreUnreachable, err) // nothing was sent either
	}
	return 0, unclear(err)
}

// refused returns the fault of a refusal that surely wrote nothing; nil for any other code.
func refused(code int, err error) error {
	switch code {
	case codeOutOfDiskSpace:
		return fault.Wrap(fault.Unavailable, fault.CodeStoreFull, err)
	case codeUnauthorized, codeInvalidNamespace, codeDocumentInvalid, codeObjectTooLarge:
		return fmt.Errorf("the server refused a commit: %w", err)
	default:
		return nil
	}
}

func unclear(err error) error { return fmt.Errorf("%w: %w", ledger.ErrUnclear, err) }

// hasCode tells whether the server answered with one of the codes.
func hasCode(err error, codes ...int) bool {
	answer, ok := errors.AsType[mongo.ServerError](err)
	if !ok {
		return false
	}
	return slices.ContainsFunc(codes, answer.HasErrorCode)
}

// replaced is the fault of a store that no longer holds what this node has seen in it.
func replaced(what string) error {
	return fault.Wrap(fault.Unavailable, fault.CodeStoreReplaced, errors.New(what))
}

// damaged is the fault of a store that holds what Dalil never writes.
func damaged(what string, err error) error {
	return &fault.Error{Kind: fault.Unavailable, Code: fault.CodeStoreDamaged, Args: fault.Args{"what": what}, Err: err}
}
