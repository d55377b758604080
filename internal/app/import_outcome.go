package app

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// outcome is what an import did, whoever did it.
type outcome struct {
	service.ImportCounts

	byKind    map[directory.Kind]service.ImportCounts
	refused   int // rows, and files that cannot be read
	headed    int // rows that are refused only because of their header
	seq       uint64
	committed bool   // something may have been written
	made      string // the store that was made for it, and holds nothing

	notes      []finding // what was left out of the files on purpose
	wrong      []finding
	duplicates []doubtful
	changes    []service.ImportChange

	more unlisted
}

// unlisted counts what a server has found and does not list.
type unlisted struct{ notes, errors, duplicates, changes int }

// finding is what is told of a place in a file.
type finding struct {
	where interchange.Place
	what  string
}

// doubtful is a new actor that may be one that is there already.
type doubtful struct {
	where      interchange.Place
	id         string
	candidates []service.Named
}

var errRefused = errors.New("nothing was written")

// read takes in what reading the files found.
func (o *outcome) read(faults []*interchange.CellError, lang string) {
	for _, f := range faults {
		o.wrong = append(o.wrong, finding{f.Place, fault.Message(lang, f.Code, f.Args)})
	}
}

// judged takes in what the directory said of the rows.
func (o *outcome) judged(report *service.ImportReport, lang string) {
	o.ImportCounts, o.byKind, o.seq = report.ImportCounts, report.ByKind, report.Seq
	o.refused, o.headed, o.changes = report.Refused, report.Headed, report.Changes
	for _, f := range report.Faults {
		o.wrong = append(o.wrong, finding{f.At, fault.Message(lang, f.Code, f.Args)})
	}
	for _, d := range report.Duplicates {
		o.duplicates = append(o.duplicates, doubtful{d.At, d.ID, d.Candidates})
	}
}

// tell prints what was found, a line each, and last what is not listed.
func (o *outcome) tell(to io.Writer, w importWords) {
	line := func(f finding) { _, _ = fmt.Fprintf(to, "%s: %s\n", f.where, f.what) }
	for _, note := range o.notes {
		line(note)
	}
	for _, d := range o.duplicates {
		for _, c := range d.candidates {
			line(finding{d.where, w.possible(o.committed, d.id, c)})
		}
	}
	for _, f := range o.wrong {
		line(f)
	}
	for _, said := range o.remainders(w) {
		_, _ = fmt.Fprintln(to, said)
	}
}

// remainders says how much of what was found is not listed.
func (o *outcome) remainders(w importWords) (lines []string) {
	for _, more := range []struct {
		n    int
		text string
	}{{o.more.notes, w.moreNotes}, {o.more.duplicates, w.moreDuplicates}, {o.more.errors, w.moreErrors}} {
		if more.n > 0 {
			lines = append(lines, fmt.Sprintf(more.text, more.n))
		}
	}
	return lines
}

// shownChanges is how many changes a terminal is shown; elsewhere all are.
const shownChanges = 50

// tellChanges prints what each row would do, and the counts of each kind.
func (o *outcome) tellChanges(to io.Writer) {
	shown := o.changes
	if isTerminal(to) {
		shown = shown[:min(len(shown), shownChanges)]
	}
	for _, ch := range shown {
		did := "created"
		if !ch.Created {
			did = "changed (" + strings.Join(ch.Members, ", ") + ")"
		}
		_, _ = fmt.Fprintf(to, "%s %s %s\n", ch.At, ch.Ref, did)
	}
	if more := len(o.changes) - len(shown); more > 0 {
		_, _ = fmt.Fprintf(to, "%d more are not shown here; send the output to a file to have them all\n", more)
	}
	if o.more.changes > 0 {
		_, _ = fmt.Fprintf(to, "%d more are not listed\n", o.more.changes)
	}
	for _, kind := range directory.Kinds() {
		if n, any := o.byKind[kind]; any {
			_, _ = fmt.Fprintf(to, "%s: %d created, %d changed, %d unchanged\n", kind, n.Created, n.Changed, n.Unchanged)
		}
	}
}

// refusal says why nothing was written.
func (o *outcome) refusal() error {
	said := o.errorCount() + "; nothing was written"
	if o.made != "" {
		said += "; the empty store " + o.made + " was made"
	}
	return errors.New(said)
}

// errorCount says how many errors there are, and which rows wait for their header.
func (o *outcome) errorCount() string {
	said := numberOf(len(o.wrong)+o.more.errors, "error")
	if o.headed > 0 {
		said += "; " + numberOf(o.headed, "more row") + " could not be taken because of the header"
	}
	return said
}

// numberOf is a number with its word.
func numberOf(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
