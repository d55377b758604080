package boltledger

import (
	"log/slog"
	"syscall"

	"go.etcd.io/bbolt"
)

// letGo ends the mapping of the pages that were read into this process, so that a walk over the whole file does not stay
// with it as memory. They remain in the system's cache, which is not the process's, and come back when they are read.
func (l *Ledger) letGo() {
	_ = l.view(func(tx *bbolt.Tx) error { // while the file cannot be mapped anew
		size := uintptr(tx.Size()) //nolint:gosec // never negative
		_, _, failed := syscall.Syscall(syscall.SYS_MADVISE, tx.DB().Info().Data, size, syscall.MADV_DONTNEED)
		if failed != 0 {
			l.log.Debug("the pages of the file stay mapped", slog.Any("error", failed))
		}
		return nil
	})
}
