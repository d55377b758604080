//go:build unix

package bench

import (
	"syscall"
	"time"
)

// CPU is the processor time that this process has used. On a machine that does other things as well it tells more than
// the clock.
func CPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
