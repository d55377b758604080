package service

import (
	"cmp"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// absent is what refused rows would have made, so that a row that refers to it is told of the row that is refused, and
// not that the record does not exist.
type absent struct {
	rows   map[directory.Ref]int  // by the names of the new records
	unread map[directory.Kind]int // a row that cannot be read at all, and may have made any record of the kind
}

func newAbsent() absent {
	return absent{rows: make(map[directory.Ref]int), unread: make(map[directory.Kind]int)}
}

// lose notes what a refused row would have made.
func (j *judgement) lose(row int) {
	it := &j.im.items[row]
	kind, names := it.Record.RecordKind(), namesOf(it.Record)
	if it.Bare() && len(names) == 0 {
		if first, had := j.absent.unread[kind]; !had || j.im.items[first].Place("").Row > it.Place("").Row {
			j.absent.unread[kind] = row
		}
	}
	for _, id := range names {
		ref := directory.Ref{Kind: kind, ID: id}
		if _, had := j.absent.rows[ref]; !had && !live(j.head, ref) {
			j.absent.rows[ref] = row
		}
	}
}

func live(head *readmodel.Snapshot, ref directory.Ref) bool {
	entry, held := head.Find(ref)
	return held && !entry.Archived()
}

// namesOf returns the ids by which other rows may name the record of a row.
func namesOf(r directory.Record) []string {
	names := []string{cmp.Or(r.Head().ID, interchange.ContentID(r))}
	if f, ok := r.(*directory.Function); ok {
		names = append(names, strings.ToLower(f.Notation))
	}
	if names[0] == "" {
		return nil
	}
	return names
}

// weighReferences judges what a row refers to.
func (j *judgement) weighReferences(row int, item *planned) {
	for _, field := range j.plan.dangling(item) {
		ref, _ := field.Args["ref"].(directory.Ref)
		if code, args, tell := j.missed(ref); tell {
			j.refuse(row, field.Pointer, code, args)
		}
	}
}

// missed says of a record that is not there why it is not. Where nothing is written anyway, a row is told only of what
// is wrong beside the rows that are refused already: once those are right, it may be.
func (j *judgement) missed(ref directory.Ref) (code fault.Code, args fault.Args, tell bool) {
	named := ref
	if ref.Kind == directory.Functions {
		named.ID = strings.ToLower(ref.ID) // a function may be named by its notation
	}
	if row, ours := j.absent.rows[named]; ours {
		code, args = j.needs(ref, row)
		return code, args, j.im.opts.KeepGoing
	}
	row, unread := j.absent.unread[ref.Kind]
	if !unread {
		return fault.CodeDanglingReference, fault.Args{"ref": ref}, true
	}
	at := j.im.items[row].Place("")
	return fault.CodeNeedsUnread, fault.Args{"ref": ref, "file": tableOf(at)}, j.im.opts.KeepGoing || at.Row > 0
}

// needs says that a row refers to what a refused row would have made.
func (j *judgement) needs(ref directory.Ref, row int) (fault.Code, fault.Args) {
	at := j.im.items[row].Place("")
	return fault.CodeNeedsRefused, fault.Args{"ref": ref, "row": cmp.Or(at.Row, row+1), "file": cmp.Or(tableOf(at), "—")}
}

// tableOf names a file, or a sheet of it.
func tableOf(at interchange.Place) string {
	return interchange.Place{File: at.File, Sheet: at.Sheet}.String()
}
