package service

import (
	"strconv"
	"strings"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// plan is what a write wants to do to the head: the records as they would be, judged together.
type plan struct {
	head  *readmodel.Snapshot
	write Write
	items []planned
	byRef map[directory.Ref]int

	identifiers map[string][]directory.Ref // of the plan's own live actors, by directory.IdentifierKey
	notations   map[string][]directory.Ref // of the plan's own live functions, in lower case
	functions   map[string]string          // the ids of the plan's own live functions by notation in lower case

	names readmodel.Names              // of the actors judged so far, by their place in items
	roles map[string][]*directory.Role // judged so far, by actor
}

// planned is one record of a plan.
type planned struct {
	prefix    string // of the pointers of its faults: "" or /items/3/record
	op        ledger.Op
	ref       directory.Ref
	before    *readmodel.Entry // nil when there was none
	after     directory.Record
	created   bool // it was not live before
	unchanged bool
	json      []byte // canonical JSON at the end
}

func newPlan(head *readmodel.Snapshot, w Write) *plan {
	return &plan{head: head, write: w, byRef: make(map[directory.Ref]int)}
}

// run gathers what an intent wants and judges the whole.
func (p *plan) run(want intent) error {
	if err := want(p); err != nil {
		return err
	}
	if err := p.resolve(); err != nil {
		return err
	}
	return p.judge()
}

// add takes a record into the plan; a record may stand in a plan once.
func (p *plan) add(item planned) error {
	if err := p.twice(item.ref, item.prefix); err != nil {
		return err
	}
	p.byRef[item.ref] = len(p.items)
	p.items = append(p.items, item)
	return nil
}

// change adds a record that takes the place of before, or begins a new life of its id.
func (p *plan) change(op ledger.Op, before *readmodel.Entry, after directory.Record, prefix string) error {
	item, err := arranged(op, before, after)
	if err != nil {
		return err
	}
	item.prefix = prefix
	return p.add(item)
}

// arranged says on a record what it becomes by a change, and finds out whether it changes at all.
func arranged(op ledger.Op, before *readmodel.Entry, after directory.Record) (planned, error) {
	e := after.Head()
	item := planned{op: op, before: before, after: after}
	e.Version, e.Updated, e.MergedInto = 1, nil, ""
	switch {
	case before == nil:
		e.Created, e.Attested, item.created = nil, nil, true
	case before.Archived() && op == ledger.Put:
		e.Version = before.Version() + 1
		e.Created, e.Attested, item.created = nil, nil, true
	default:
		was := before.Record().Head()
		e.Version, e.Created, e.Attested = was.Version+1, was.Created, was.Attested
	}
	item.ref = directory.Ref{Kind: after.RecordKind(), ID: e.ID}
	return item, item.compare()
}

// find returns a record as the plan leaves it: nil when there is no live one.
func (p *plan) find(ref directory.Ref) directory.Record {
	if i, ok := p.byRef[ref]; ok {
		if p.items[i].op == ledger.Archive {
			return nil
		}
		return p.items[i].after
	}
	if entry, ok := p.head.Find(ref); ok && !entry.Archived() {
		return entry.Record()
	}
	return nil
}

// mayName tells whether the caller may refer to a record: it is live in the plan, and visible or of this plan.
func (p *plan) mayName(ref directory.Ref) bool {
	if p.find(ref) == nil {
		return false
	}
	if _, ours := p.byRef[ref]; ours {
		return true
	}
	_, ok := p.head.Lookup(ref, p.write.Caller.Clearance)
	return ok
}

// functionID resolves a function given by id or notation, in any case. What it does not know, or the caller may not, it
// returns as it is: a refusal tells no more than was sent.
func (p *plan) functionID(name string) string {
	if name == "" || p.find(directory.Ref{Kind: directory.Functions, ID: name}) != nil {
		return name
	}
	if id, ok := p.ownFunctions()[strings.ToLower(name)]; ok {
		return id
	}
	if id, ok := p.head.FunctionNamed(name); ok && p.mayName(directory.Ref{Kind: directory.Functions, ID: id}) {
		return id
	}
	return name
}

// ownFunctions returns the plan's own functions by their notation in lower case.
func (p *plan) ownFunctions() map[string]string {
	if p.functions == nil {
		p.functions = make(map[string]string)
		for i := range p.items {
			if f, ok := p.items[i].after.(*directory.Function); ok && p.items[i].live() {
				p.functions[strings.ToLower(f.Notation)] = f.ID
			}
		}
	}
	return p.functions
}

// resolve puts the ids of functions in place of their notations, once every record of the plan is known.
func (p *plan) resolve() error {
	for i := range p.items {
		item := &p.items[i]
		if !item.live() || item.unchanged {
			continue
		}
		switch r := item.after.(type) {
		case *directory.Role:
			r.Function = p.functionID(r.Function)
		case *directory.Function:
			r.Parent = p.functionID(r.Parent)
		default:
			continue
		}
		if err := item.compare(); err != nil {
			return err
		}
	}
	return nil
}

// compare finds out whether a replacement leaves its record as it was.
func (item *planned) compare() error {
	again := item.op == ledger.Archive && item.before != nil && item.before.Archived() // of an import
	if item.op != ledger.Put && !again || item.created {
		return nil
	}
	same, err := sameBytes(item.before, item.after)
	if err != nil {
		return err
	}
	if item.unchanged = same; same {
		item.after = item.before.Record()
	}
	return nil
}

// draft says the plan to the writer. What is unchanged is left out.
func (p *plan) draft() ledger.Draft {
	d := ledger.Draft{Author: p.write.author(), Reason: p.write.Reason}
	for i := range p.items {
		if item := &p.items[i]; !item.unchanged {
			d.Changes = append(d.Changes, ledger.DraftChange{Op: item.op, Record: item.after})
		}
	}
	if p.write.Request != nil && len(d.Changes) > 0 {
		d.Request = p.request()
	}
	return d
}

// changed returns the item of a change of the draft.
func (p *plan) changed(index int) *planned {
	for i := range p.items {
		if p.items[i].unchanged {
			continue
		}
		if index == 0 {
			return &p.items[i]
		}
		index--
	}
	return &planned{}
}

// settle takes the bytes that the items ended with from the commit.
func (p *plan) settle(commit *ledger.Commit) {
	next := 0
	for i := range p.items {
		item := &p.items[i]
		if item.unchanged {
			item.json = item.before.JSON()
			continue
		}
		change := &commit.Changes[next]
		next++
		item.json = change.JSON
		if change.Decoded != nil {
			item.after = change.Decoded
		}
	}
}

// twice refuses a record that the plan changes already.
func (p *plan) twice(ref directory.Ref, prefix string) error {
	if _, ours := p.byRef[ref]; ours {
		return fault.AtPointer(prefix, fault.CodeItemTwice, nil)
	}
	return nil
}

// target finds the record that a write names: one the caller may see, and not archived or merged. The prefix is where
// the write stands.
func (p *plan) target(ref directory.Ref, prefix string) (*readmodel.Entry, error) {
	if err := p.twice(ref, prefix); err != nil {
		return nil, err
	}
	entry, ok := p.head.Lookup(ref, p.write.Caller.Clearance)
	switch {
	case !ok:
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	case entry.MergedInto() != "":
		return nil, mergedFault(fault.Conflict, entry.MergedInto())
	case entry.Archived():
		return nil, fault.New(fault.Gone, fault.CodeGone, nil)
	default:
		return entry, nil
	}
}

func mergedFault(kind fault.Kind, survivor string) error {
	return &fault.Error{
		Kind: kind, Code: fault.CodeMerged, Args: fault.Args{"survivor": survivor},
		Members: map[string]any{"survivor": survivor},
	}
}

// withinClearance refuses a record that its own writer could not see.
func withinClearance(c access.Caller, r directory.Record) error {
	if r.Head().Seen().Level() > c.Clearance.Level() {
		return fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
	return nil
}

// itemRecord is where an item of a batch has its record.
const itemRecord = "/record"

// itemPrefix is the pointer of an item of a batch.
func itemPrefix(i int) string { return "/items/" + strconv.Itoa(i) }
