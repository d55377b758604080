package boltledger

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"

	berrors "go.etcd.io/bbolt/errors"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// damaged says that the file cannot be what we wrote.
func damaged(what string) error {
	return fault.New(fault.Unavailable, fault.CodeStoreDamaged, fault.Args{"what": what})
}

func damagedAt(seq uint64, what string) error {
	return damaged(fmt.Sprintf("commit %d: %s", seq, what))
}

func damagedBy(cause error, what string) error {
	return &fault.Error{Kind: fault.Unavailable, Code: fault.CodeStoreDamaged, Args: fault.Args{"what": what}, Err: cause}
}

// about returns a fault that names the file.
func about(code fault.Code, path string, cause error) error {
	return &fault.Error{Kind: fault.Unavailable, Code: code, Args: fault.Args{"path": path}, Err: cause}
}

// closed says that this process has closed the ledger.
func closed() error { return fault.Wrap(fault.Unavailable, fault.CodeUnavailable, ledger.ErrClosed) }

// opening translates what the system or bbolt says when a file is opened. A file that bbolt cannot read is judged by
// its bytes.
func opening(path string, err error) error {
	switch {
	case fault.Is(err, fault.CodeStoreDamaged):
		return err
	case errors.Is(err, berrors.ErrTimeout):
		return about(fault.CodeStoreLocked, path, err)
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return about(fault.CodeStoreNotAllowed, path, err)
	case errors.Is(err, fs.ErrNotExist):
		return about(fault.CodeStoreNoFolder, path, err)
	case looksLikeOurs(path):
		return damagedBy(err, "its first pages cannot be read")
	default:
		return about(fault.CodeStoreNotOurs, path, err)
	}
}

// guarded runs fn on the mapped file. bbolt trusts the file: where a page is damaged it panics, and where the file was
// cut short under the mapping the processor faults. Either ends here, as a damaged store.
func guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = damagedBy(panicked{p}, "a page cannot be read")
		}
	}()
	return fn()
}

// panicked is the error of a panic in bbolt.
type panicked struct{ value any }

func (p panicked) Error() string { return fmt.Sprint("bbolt: ", p.value) }
