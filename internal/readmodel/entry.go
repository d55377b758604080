package readmodel

import (
	"fmt"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// Entry is a record as held. It never changes. A directory has some hundred thousand of them, most of them roles, so
// there is nothing in it that its text tells as well, unless it is asked for again and again.
type Entry struct {
	Seq uint64 // position of the commit that wrote this version

	text    string // canonical JSON; "" once erased
	id      string
	record  directory.Record // nil of a text of a kind that is decoded when it is asked for
	private [3]uint32        // where text says who wrote, in order; 0 is nowhere
	version uint32
	table   kindIndex
	op      deed
	own     uint8 // the level that it asks for by itself
	out     bool  // of use: archived, merged or erased
	merged  bool
	past    pastForm
	// languages is the number of the languages of its texts; see textLanguages.
	languages uint16
}

// pastForm tells what an earlier state holds in the place of a record.
type pastForm uint8

const (
	itself pastForm = iota
	notYet          // there was no such record
	lost            // in a Rebuild: it was erased since, and nobody knows any more who could see it
)

// entryOf returns what a ledger holds of a record, not decoded yet.
func entryOf(k kindIndex, r ledger.Record) *Entry {
	e := &Entry{Seq: r.Seq, text: string(r.JSON), id: r.Ref.ID, version: uint32(r.Version), table: k, op: deedOf(r.Op)} //nolint:gosec // no record has so many
	if e.text == "" {
		return e.erased()
	}
	return e
}

// newEntry decodes what a ledger holds of a record, unless the record is at hand, and returns the record, too.
func newEntry(k kindIndex, r ledger.Record, decoded directory.Record) (*Entry, directory.Record, error) {
	e := entryOf(k, r)
	if e.Erased() {
		return e, e.record, nil
	}
	if decoded == nil {
		var err error
		if decoded, err = e.decode(); err != nil {
			return nil, nil, err
		}
	}
	e.learn(decoded)
	return e, decoded, nil
}

// decode reads the text. An error names the record.
func (e *Entry) decode() (directory.Record, error) {
	record, err := directory.DecodeCanonical(e.table.kind(), e.text)
	if err != nil {
		return nil, fmt.Errorf("reading %s version %d: %w", e.Ref(), e.version, err)
	}
	return record, nil
}

// learn takes in what the decoded record says, before anybody else has the entry.
func (e *Entry) learn(record directory.Record) {
	head := record.Head()
	e.own = uint8(head.Seen().Level()) //nolint:gosec // 0 to 2
	e.out = e.op == didArchive || e.op == didMerge || e.op == didErase || head.Status == directory.Archived
	e.merged = head.MergedInto != ""
	e.private = whoWrote(e.text, head)
	e.languages = textLanguages(record)
	if e.table.decoded() {
		e.record = record
	}
}

// decoded tells whether the records of a kind are kept decoded: there are many roles and relations, and what lists and
// analyses ask of them stands in the table.
func (k kindIndex) decoded() bool { return k != inRoles && k != inRelations }

// erased returns the entry without its text.
func (e *Entry) erased() *Entry {
	blank := &Entry{
		Seq: e.Seq, id: e.id, record: e.table.kind().New(), version: e.version,
		table: e.table, op: didErase, own: levels - 1, out: true,
	}
	head := blank.record.Head()
	head.ID, head.Version, head.Status = blank.id, e.Version(), directory.Archived
	return blank
}

// Record returns the record, which nobody may change; of an erased one only id, version and status are left. Of roles and
// relations it is decoded anew each time, in some microseconds.
func (e *Entry) Record() directory.Record {
	if e.record != nil {
		return e.record
	}
	record, err := e.decode()
	if err != nil {
		panic(err) // it was decoded when it came in
	}
	return record
}

// Ref names the record.
func (e *Entry) Ref() directory.Ref { return directory.Ref{Kind: e.table.kind(), ID: e.id} }

// Version is the number of the version held.
func (e *Entry) Version() uint64 { return uint64(e.version) }

// Archived tells whether the record is out of use: archived, merged or erased.
func (e *Entry) Archived() bool { return e.out }

// Erased tells whether the text is gone.
func (e *Entry) Erased() bool { return e.text == "" }

// MergedInto is the id of the record that survived a merge; "" when the record was not merged.
func (e *Entry) MergedInto() string {
	if !e.merged {
		return ""
	}
	return e.Record().Head().MergedInto
}

// level is the visibility that the record asks for by itself.
func (e *Entry) level() uint8 {
	if e.past == lost {
		return 0 // so that whoever may hold a copy is told when it goes
	}
	return e.own
}

// JSON returns the canonical JSON; nil once erased.
func (e *Entry) JSON() []byte {
	if e.Erased() {
		return nil
	}
	return []byte(e.text)
}

// Size is how many bytes the canonical JSON has.
func (e *Entry) Size() int { return len(e.text) }

// JSONFor returns the JSON as a caller may see it: the public is not told who wrote.
func (e *Entry) JSONFor(clearance directory.Visibility) []byte {
	if e.Erased() {
		return nil
	}
	return e.AppendJSON(make([]byte, 0, len(e.text)), clearance)
}

// AppendJSON appends the JSON as a caller may see it.
func (e *Entry) AppendJSON(to []byte, clearance directory.Visibility) []byte {
	at := 0
	if clearance.Level() == 0 {
		for _, from := range e.private {
			if from == 0 {
				break
			}
			to = append(to, e.text[at:from]...)
			at = afterBy(e.text, int(from))
		}
	}
	return append(to, e.text[at:]...)
}

// by is how the member begins that says who wrote: at comes before it.
const by = `,"by":"`

// whoWrote finds the member by of attested, created and updated, in the order of canonical JSON.
// A member of these names that holds an object occurs nowhere else in a record.
func whoWrote(text string, head *directory.Envelope) (found [3]uint32) {
	n := 0
	note := func(member string) {
		start := memberAt(text, member)
		if start < 0 {
			return
		}
		if at := strings.Index(text[start:], by); at >= 0 {
			found[n] = uint32(start + at) //nolint:gosec // a record is at most 256 kB
			n++
		}
	}
	if head.Attested != nil && head.Attested.By != "" {
		note(`"attested":{`)
	}
	if head.Created != nil && head.Created.By != "" {
		note(`"created":{`)
	}
	if head.Updated != nil && head.Updated.By != "" {
		note(`"updated":{`)
	}
	return found
}

// afterBy returns where the member ends that begins there.
func afterBy(text string, from int) int {
	for at := from + len(by); at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(text)
}

// memberAt returns where a member of the record itself begins. Inside a string the first quote would follow a
// backslash; as a member it follows a brace or a comma.
func memberAt(text, member string) int {
	for at := 0; ; {
		i := strings.Index(text[at:], member)
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
