package readmodel

import (
	"iter"

	"dalil/internal/directory"
)

// Entries yields every record held of a kind, archived ones included, in the order of their ids.
func (s *state) Entries(kind directory.Kind) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		k, ok := indexOf(kind)
		if !ok {
			return
		}
		t := s.tables[k]
		t.ids.Scan(func(_ string, ord uint32) bool {
			entry := t.entries.at(ord)
			return entry == nil || entry.past == notYet || yield(entry)
		})
	}
}
