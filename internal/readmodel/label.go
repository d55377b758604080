package readmodel

import "dalil/internal/directory"

// Label is what a record is called in a language; its id when it has no name, "" when there is no such record. It is
// for records that an answer names: whoever asks may see those.
func (s *Snapshot) Label(kind directory.Kind, id, lang string) string {
	entry, ok := s.Find(directory.Ref{Kind: kind, ID: id})
	if !ok {
		return ""
	}
	if label := labelOf(entry.Record(), lang); label != "" {
		return label
	}
	return id
}
