package service

import (
	"maps"
	"sync"
	"time"

	"dalil/internal/directory"
)

// uses remembers, to the hour, when each key was last used. It is no part of the ledger: who asks is not what the
// directory records.
type uses struct {
	mu    sync.Mutex
	hours map[string]time.Time
	fresh map[string]time.Time // not yet handed to the store
}

func newUses(known map[string]time.Time) *uses {
	u := &uses{hours: make(map[string]time.Time), fresh: make(map[string]time.Time)}
	maps.Copy(u.hours, known)
	return u
}

// note keeps the hour of a use.
func (u *uses) note(id string, now time.Time) {
	hour := now.UTC().Truncate(time.Hour)
	u.mu.Lock()
	defer u.mu.Unlock()
	if hour.After(u.hours[id]) {
		u.hours[id] = hour
		u.fresh[id] = hour
	}
}

// last returns the hour of the last use; nil when there was none.
func (u *uses) last(id string) *directory.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	hour, ok := u.hours[id]
	if !ok {
		return nil
	}
	at := directory.At(hour)
	return &at
}

// take returns the uses that the store does not have yet, and counts them as handed over.
func (u *uses) take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	fresh := u.fresh
	u.fresh = make(map[string]time.Time)
	return fresh
}
