package interchange

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// A line of JSON lines is a record by itself, {"id": "oit", "kind": "organisation", …}, in a file that is named after
// the kind of its records, or says the kind beside the record, {"kind": "actors", "record": {…}}, the way the items of
// a batch and of the changes do. A record cannot say its kind among its own members: actors, initiatives and sources
// have a member kind that means something else. Beside the record may stand same_as, as in the column of that name.
type line struct {
	Kind   directory.Kind `json:"kind"`
	Record jsontext.Value `json:"record"`
	SameAs string         `json:"same_as,omitempty"`
}

// readLines reads JSON lines of our own records, or hands those of the Research Organization Registry on.
func readLines(ctx context.Context, in *bufio.Reader, name string, kind directory.Kind, opts ReadOptions) ([]Item, []*CellError, error) {
	start, _ := in.Peek(64 << 10)
	if isROR(start) {
		items, faults, err := readROR(ctx, name, in, opts.note)
		return items, faults, err
	}
	l := lines{kind: kind, bare: &table{file: name}, beside: &table{file: name, prefix: "/record"}}
	for number := 1; ; number++ {
		text, long, err := nextLine(in)
		at := Place{File: name, Row: number}
		switch {
		case long:
			l.faults.add(at, fault.CodeRowTooLong, fault.Args{"max": fault.Size(maxRowBytes)})
		case len(bytes.TrimSpace(text)) > 0 && (err == nil || errors.Is(err, io.EOF)):
			l.add(at, text)
		}
		if err == nil && number < maxRows {
			continue
		}
		if err == nil {
			l.faults.add(at, fault.CodeTooManyRows, fault.Args{"max": maxRows})
		}
		told := l.faults.told()
		if err == nil || errors.Is(err, io.EOF) {
			return l.items, told, nil
		}
		_, last, err := failed(at, err)
		return l.items, append(told, last...), err
	}
}

// isROR tells whether a file begins like one of the Research Organization Registry.
func isROR(start []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(start), []byte("\n"))
	for _, member := range []string{`"names"`, `"external_ids"`, `"relationships"`} {
		if !bytes.Contains(first, []byte(member)) {
			return false
		}
	}
	return true
}

// nextLine returns the next line, or tells that it is too long; what is too long is passed over and never held.
func nextLine(in *bufio.Reader) (text []byte, long bool, err error) {
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(text)+len(part) > maxRowBytes; long {
			text = nil
		} else {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, long, err //nolint:wrapcheck // the caller says the place
		}
	}
}

// lines makes items of lines.
type lines struct {
	kind         directory.Kind // of the records that stand by themselves
	bare, beside *table         // where those stand, and where those that have their kind beside them
	items        []Item
	faults       faults
}

// add makes an item of a line.
func (l *lines) add(at Place, text []byte) {
	if bad := checkLine(at, text); bad != nil {
		l.faults.add(bad.Place, bad.Code, bad.Args)
		return
	}
	one, t := line{Kind: l.kind, Record: text}, l.bare
	if beside(text) {
		one, t = line{}, l.beside
		if err := directory.DecodeSparse(text, &one); err != nil {
			l.refuse(at, "", err)
			return
		}
	}
	if _, ok := directory.KindNamed(string(one.Kind)); !ok {
		l.noKind(at, t, one)
		return
	}
	record := one.Kind.New()
	if err := directory.DecodeSparse(one.Record, record); err != nil {
		l.refuse(at, t.prefix, err)
		l.name(at.Row, t, one)
		return
	}
	directory.Normalize(record)
	l.items = append(l.items, Item{Record: record, table: t, row: at.Row, sameAs: strings.TrimSpace(one.SameAs)})
}

// noKind tells of a line that says no kind of record, or one that there is not.
func (l *lines) noKind(at Place, t *table, one line) {
	said := string(one.Kind)
	if t == l.bare {
		var named struct {
			Kind string `json:"kind"`
		}
		if json.Unmarshal(one.Record, &named) == nil && !kindOfThing(named.Kind) {
			said = named.Kind
		}
	}
	if _, known := directory.KindNamed(said); said == "" || known {
		l.faults.add(at, fault.CodeUnknownLineKind, nil)
		return
	}
	at.Name = "/kind"
	l.faults.add(at, fault.CodeUnknownKind, fault.Args{"value": shown(said), "expected": kindNames()})
}

// kindOfThing tells whether a code is what the member kind of an actor, an initiative or a source says.
func kindOfThing(code string) bool {
	for _, name := range []string{directory.VocabularyActorKinds, directory.VocabularyInitiativeKinds, directory.VocabularySourceKinds} {
		if v, ok := directory.VocabularyNamed(name); ok && v.Has(code) {
			return true
		}
	}
	return false
}

// name makes a bare item of a line whose record cannot be read, if it says what it is called.
func (l *lines) name(row int, t *table, one line) {
	var named struct {
		ID       string `json:"id"`
		Notation string `json:"notation"`
	}
	if json.Unmarshal(one.Record, &named) != nil || named.ID == "" && named.Notation == "" {
		return
	}
	record := one.Kind.New()
	record.Head().ID = named.ID
	if f, ok := record.(*directory.Function); ok {
		f.Notation = named.Notation
	}
	l.items = append(l.items, Item{Record: record, table: t, row: row, wrong: true, bare: true})
}

// beside tells whether a line has its record in a member of its own. No kind of record has a member of that name.
func beside(text []byte) bool {
	if !bytes.Contains(text, []byte(`"record"`)) {
		return false
	}
	var members struct {
		Record jsontext.Value `json:"record"`
	}
	return json.Unmarshal(text, &members) == nil && members.Record != nil
}

// refuse tells what a decoder found.
func (l *lines) refuse(at Place, prefix string, err error) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		l.faults.add(at, fault.CodeOf(err), nil)
		return
	}
	for _, field := range f.Fields {
		at.Name = prefix + field.Pointer
		l.faults.add(at, field.Code, field.Args)
	}
}
