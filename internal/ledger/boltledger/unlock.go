//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package boltledger

import (
	"os"
	"syscall"
)

// unlock gives up bbolt's lock on a file. A file that is closed already has none.
func unlock(file *os.File) {
	if raw, err := file.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.Flock(int(fd), syscall.LOCK_UN) })
	}
}
