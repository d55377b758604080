package service

import (
	"fmt"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// Stats is what a store holds, at one position.
type Stats struct {
	Ledger  ledger.ID16
	Commits uint64 // the position
	First   time.Time
	Last    time.Time
	Bytes   int64                             // of its file; 0 where it has none
	Records map[directory.Kind]map[string]int // by status; what is out of use as archived, merged or erased
}

// Stats tells what the store holds, to an administrator who may see everything.
func (s *Service) Stats(c access.Caller, head *readmodel.Snapshot) (*Stats, error) {
	if err := MayBackUp(c); err != nil {
		return nil, err
	}
	first := s.origin.Load()
	if first == nil {
		return nil, fault.New(fault.Unavailable, fault.CodeNotReady, nil)
	}
	stats := &Stats{Ledger: first.id, First: first.at, Last: head.At(), Commits: head.Position().Seq, Records: make(map[directory.Kind]map[string]int)}
	if file, ok := s.ledger.(ledger.Sized); ok {
		var err error
		if stats.Bytes, err = file.Bytes(); err != nil {
			return nil, fmt.Errorf("looking at the store: %w", err)
		}
	}
	for _, kind := range directory.Kinds() {
		counts := make(map[string]int)
		for entry := range head.Entries(kind) {
			counts[statusOf(entry)]++
		}
		stats.Records[kind] = counts
	}
	return stats, nil
}

// statusOf says what state a record is in: its own status, unless it is out of use.
func statusOf(entry *readmodel.Entry) string {
	switch {
	case entry.Erased():
		return "erased"
	case entry.MergedInto() != "":
		return "merged"
	case entry.Archived():
		return string(directory.Archived)
	default:
		return string(entry.Record().Head().Status)
	}
}
