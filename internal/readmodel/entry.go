package readmodel

import (
	"bytes"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Entry is a record as held. It never changes.
type Entry struct {
	Record directory.Record // never nil; of an erased record only id, version and status are left
	JSON   []byte           // canonical JSON; nil once erased
	Seq    uint64           // position of the commit that wrote this version

	ref     directory.Ref
	version uint64
	op      ledger.Op
	private []span // where JSON says who wrote, in order
	absent  bool   // in an earlier state: there was no such record yet
	unknown bool   // in a Rebuild: it was erased since, and nobody knows any more who could see it
}

// span is a part of a text.
type span struct{ from, to uint32 }

// newEntry decodes what a ledger holds of a record, unless the record is at hand.
func newEntry(r ledger.Record, decoded directory.Record) (*Entry, error) {
	e := &Entry{Record: decoded, JSON: r.JSON, Seq: r.Seq, ref: r.Ref, version: r.Version, op: r.Op}
	if r.JSON == nil {
		return e.erased(), nil
	}
	if decoded == nil {
		record, err := directory.Decode(r.Ref.Kind, r.JSON)
		if err != nil {
			return nil, err //nolint:wrapcheck // the caller says which record
		}
		e.Record = record
	}
	e.private = privateSpans(e.JSON, e.Record.Head())
	return e, nil
}

// erased returns the entry without its text.
func (e *Entry) erased() *Entry {
	blank := &Entry{Record: e.ref.Kind.New(), Seq: e.Seq, ref: e.ref, version: e.version, op: ledger.Erase}
	head := blank.Record.Head()
	head.ID, head.Version, head.Status = e.ref.ID, e.version, directory.Archived
	return blank
}

// Ref names the record.
func (e *Entry) Ref() directory.Ref { return e.ref }

// Version is the number of the version held.
func (e *Entry) Version() uint64 { return e.version }

// Archived tells whether the record is out of use: archived, merged or erased.
func (e *Entry) Archived() bool {
	switch e.op {
	case ledger.Archive, ledger.Merge, ledger.Erase:
		return true
	default:
		return e.Record.Head().Status == directory.Archived
	}
}

// Erased tells whether the text is gone.
func (e *Entry) Erased() bool { return e.JSON == nil }

// MergedInto is the id of the record that survived a merge; "" when the record was not merged.
func (e *Entry) MergedInto() string { return e.Record.Head().MergedInto }

// level is the visibility that the record asks for by itself.
func (e *Entry) level() uint8 {
	switch {
	case e.unknown:
		return 0 // so that whoever may hold a copy is told when it goes
	case e.Erased():
		return levels - 1
	}
	return uint8(e.Record.Head().Seen().Level()) //nolint:gosec // 0 to 2
}

// JSONFor returns the JSON as a caller may see it: the public is not told who wrote.
func (e *Entry) JSONFor(clearance directory.Visibility) []byte {
	if len(e.private) == 0 || clearance.Level() > 0 {
		return e.JSON
	}
	return e.AppendJSON(make([]byte, 0, len(e.JSON)), clearance)
}

// AppendJSON appends the JSON as a caller may see it.
func (e *Entry) AppendJSON(to []byte, clearance directory.Visibility) []byte {
	if clearance.Level() > 0 {
		return append(to, e.JSON...)
	}
	at := uint32(0)
	for _, s := range e.private {
		to = append(to, e.JSON[at:s.from]...)
		at = s.to
	}
	return append(to, e.JSON[at:]...)
}

// privateSpans finds the member by of attested, created and updated, in the order of canonical JSON.
// A member of these names that holds an object occurs nowhere else in a record.
func privateSpans(text []byte, head *directory.Envelope) []span {
	var found []span
	if head.Attested != nil && head.Attested.By != "" {
		found = appendSpan(found, text, `"attested":{`)
	}
	if head.Created != nil && head.Created.By != "" {
		found = appendSpan(found, text, `"created":{`)
	}
	if head.Updated != nil && head.Updated.By != "" {
		found = appendSpan(found, text, `"updated":{`)
	}
	return found
}

// appendSpan appends the place of by, with one of the commas around it, in the object that a member opens.
func appendSpan(found []span, text []byte, member string) []span {
	start := memberAt(text, member)
	if start < 0 {
		return found
	}
	by := bytes.Index(text[start:], []byte(`,"by":"`)) // at comes before it
	if by < 0 {
		return found
	}
	from := start + by
	to := from + len(`,"by":"`)
	for ; to < len(text) && text[to] != '"'; to++ {
		if text[to] == '\\' {
			to++
		}
	}
	return append(found, span{uint32(from), uint32(to + 1)}) //nolint:gosec // a record is at most 256 kB
}

// memberAt returns where a member of the record itself begins. Inside a string the first quote would follow a
// backslash; as a member it follows a brace or a comma.
func memberAt(text []byte, member string) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(member))
		if i < 0 {
			return -1
		}
		at += i
		if at > 0 && (text[at-1] == ',' || text[at-1] == '{') {
			return at
		}
		at++
	}
}
