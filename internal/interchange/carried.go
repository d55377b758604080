package interchange

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// Loss is something that a format does not carry of some records.
type Loss struct {
	Member  string        // the JSON Pointer of the member, or the column
	Why     string        // "" for a member that only Dalil sets and that tables leave out
	Records int           // how many records have it
	First   directory.Ref // one of them
}

// String says the loss in English.
func (l Loss) String() string {
	why := l.Why
	if why == "" {
		why = "is set by Dalil and has no column"
	}
	return fmt.Sprintf("%s %s: %d records, the first is %s", l.Member, why, l.Records, l.First)
}

// NotCarried returns what a format does not carry of some records, in a fixed order. JSON lines carry everything.
func NotCarried(f Format, records iter.Seq[directory.Record]) []Loss {
	if f == NDJSON {
		return nil
	}
	found := make(map[[2]string]*Loss)
	note := func(r directory.Record, member, why string) {
		l := found[[2]string{member, why}]
		if l == nil {
			l = &Loss{Member: member, Why: why, First: directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}}
			found[[2]string{member, why}] = l
		}
		l.Records++
	}
	schemas := make(map[directory.Kind]*schema)
	for r := range records {
		kind := r.RecordKind()
		if schemas[kind] == nil {
			schemas[kind] = schemaOf(kind)
		}
		for _, member := range setByDalil(r.Head()) {
			note(r, member, "")
		}
		if s := schemas[kind]; s != nil {
			s.losses(f, r, note)
		}
	}
	losses := make([]Loss, 0, len(found))
	for _, l := range found {
		losses = append(losses, *l)
	}
	slices.SortFunc(losses, func(a, b Loss) int { return strings.Compare(a.Member+a.Why, b.Member+b.Why) })
	return losses
}

// setByDalil returns the members of a record that no client sets.
func setByDalil(e *directory.Envelope) []string {
	var members []string
	for _, m := range []struct {
		name string
		set  bool
	}{
		{"/version", e.Version > 0},
		{"/created", e.Created != nil},
		{"/updated", e.Updated != nil},
		{"/attested", e.Attested != nil},
		{"/merged_into", e.MergedInto != ""},
	} {
		if m.set {
			members = append(members, m.name)
		}
	}
	return members
}

// losses finds the cells that are not read again as they were.
func (s *schema) losses(f Format, r directory.Record, note func(r directory.Record, member, why string)) {
	cell := func(name string, value []byte) {
		if why := lost(f, value); why != "" {
			note(r, name, why)
		}
	}
	for i := range s.columns {
		cell(s.columns[i].name, s.columns[i].show(nil, r))
	}
	for name, text := range directory.Texts(r) {
		for lang, value := range text {
			cell(name+"_"+lang, []byte(value))
		}
	}
}

// lost says why a cell is not read again as it was; "" when it is.
func lost(f Format, cell []byte) string {
	marked := guarded(cell)
	if f == XLSX {
		marked = guardedInSheet(cell)
	}
	written := string(cell)
	if marked {
		written = "'" + written
	}
	switch {
	case len(cell) == 0:
		return ""
	case tidy(written) != string(cell):
		return "loses the spaces around it"
	case f == XLSX && bytes.ContainsAny(cell, "\ufffe\uffff"):
		return "has a character that XML does not have"
	case f == XLSX && tooLongForSheet(cell, marked):
		return "is too long for a cell of a workbook"
	default:
		return ""
	}
}
