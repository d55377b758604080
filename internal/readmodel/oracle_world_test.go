package readmodel_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
)

// world makes a random directory, commit by commit. Its few ids are the same for every kind, its dates, names and
// codes come from short lists, so that records often meet. Every commit leaves the directory whole.
type world struct {
	tb      testing.TB
	rand    *rand.Rand
	now     time.Time
	at      ledger.Position
	records map[directory.Ref]directory.Record // the newest version of each, archived ones included
	commits []*ledger.Commit
}

func newWorld(tb testing.TB, seed uint64) *world {
	tb.Helper()
	return &world{
		tb: tb, rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2021, 3, 1, 10, 0, 0, 0, time.UTC),
		records: make(map[directory.Ref]directory.Record),
	}
}

// grow adds commits: at first large ones, so that there is something to change.
func (w *world) grow(commits int) {
	for len(w.commits) < commits {
		size := 1 + w.rand.IntN(4)
		if len(w.commits) < 4 {
			size = 30
		}
		w.commit(size)
	}
}

// commit makes one commit of about size random changes that together leave the directory whole.
func (w *world) commit(size int) {
	w.now = w.now.Add(time.Duration(w.rand.IntN(60*24)) * time.Hour)
	if w.rand.IntN(4) == 0 {
		w.now = w.now.Add(time.Duration(w.rand.IntN(1000)) * time.Millisecond)
	}
	d := &draft{world: w, records: maps.Clone(w.records)}
	for tries := 5 * size; tries > 0 && len(d.changes) < size; tries-- {
		d.step()
	}
	if len(d.changes) == 0 {
		return
	}
	w.seal(d)
}

// seal makes a commit of a draft.
func (w *world) seal(d *draft) {
	w.rand.Shuffle(len(d.changes), func(i, j int) { d.changes[i], d.changes[j] = d.changes[j], d.changes[i] })
	c := &ledger.Commit{
		At: w.now, Author: ledger.Author{ID: "key-1", Via: "api"}, Reason: "random", Token: ledger.NewID16(), Changes: d.changes,
	}
	if w.rand.IntN(3) == 0 {
		c.Request = &ledger.Request{Digest: ledger.Digest{byte(w.rand.IntN(256)), byte(len(w.commits))}, Status: 200}
	}
	c.Seal(w.at)
	w.at = c.Position()
	w.records = d.records
	w.commits = append(w.commits, c)
}

// draft is a commit in the making.
type draft struct {
	*world

	records map[directory.Ref]directory.Record
	changes []ledger.Change
}

// step tries one operation (of one or several records) and keeps it if the directory stays whole.
func (d *draft) step() {
	before, n := maps.Clone(d.records), len(d.changes)
	switch p := d.rand.IntN(20); {
	case p < 14:
		d.put(d.anyRef())
	case p < 16:
		d.archive(d.anyRef(), d.rand.IntN(3) == 0)
	case p < 18:
		d.restore(d.anyRef())
	case p < 19:
		d.merge(d.anyRef())
	default:
		d.erase(d.anyRef())
	}
	if !d.whole() {
		d.records, d.changes = before, d.changes[:n]
	}
}

// idsPerKind is how many ids each kind has.
func idsPerKind() map[directory.Kind]int {
	return map[directory.Kind]int{
		directory.Sources: 5, directory.Functions: 7, directory.Actors: 11, directory.Initiatives: 7,
		directory.Roles: 24, directory.Relations: 9, directory.APIKeys: 3,
	}
}

func idNumber(n int) string { return fmt.Sprintf("x%d", n) }

func (d *draft) anyRef() directory.Ref {
	weights := []directory.Kind{
		directory.Sources, directory.Functions, directory.Actors, directory.Actors, directory.Initiatives,
		directory.Roles, directory.Roles, directory.Roles, directory.Roles, directory.Relations, directory.APIKeys,
	}
	kind := pick(d.rand, weights)
	return directory.Ref{Kind: kind, ID: idNumber(d.rand.IntN(idsPerKind()[kind]))}
}

// touched tells whether the commit changes a record already: it may do so once.
func (d *draft) touched(ref directory.Ref) bool {
	return slices.ContainsFunc(d.changes, func(c ledger.Change) bool { return c.Ref == ref })
}

func (d *draft) put(ref directory.Ref) {
	old, held := d.records[ref]
	if d.touched(ref) || (held && old.Head().MergedInto != "") {
		return
	}
	r := d.record(ref)
	e := r.Head()
	e.Version, e.Created = 1, d.stamp()
	if held {
		e.Version = old.Head().Version + 1
		if old.Head().Status != directory.Archived {
			e.Created = old.Head().Created
		}
	}
	if d.rand.IntN(3) == 0 && ref.Kind != directory.APIKeys {
		e.Attested = &directory.Attestation{At: directory.At(d.now.AddDate(0, -d.rand.IntN(30), 0)), By: "key-2"}
	}
	d.change(ledger.Put, ref, r)
}

func (d *draft) archive(ref directory.Ref, withReferrers bool) {
	old, held := d.records[ref]
	if !held || d.touched(ref) || old.Head().Status == directory.Archived {
		return
	}
	r := clone(d.tb, old)
	r.Head().Version++
	r.Head().Visibility = r.Head().Seen()
	r.Head().Status = directory.Archived
	d.change(ledger.Archive, ref, r)
	if !withReferrers {
		return
	}
	for _, from := range d.refs() {
		if d.live(from) && slices.Contains(targets(d.records[from]), ref) {
			d.archive(from, true)
		}
	}
}

func (d *draft) restore(ref directory.Ref) {
	old, held := d.records[ref]
	if !held || d.touched(ref) || old.Head().Status != directory.Archived || old.Head().MergedInto != "" || erased(old) {
		return
	}
	r := clone(d.tb, old)
	r.Head().Version++
	r.Head().Status = directory.Published
	d.change(ledger.Restore, ref, r)
}

func (d *draft) merge(ref directory.Ref) {
	into := directory.Ref{Kind: ref.Kind, ID: idNumber(d.rand.IntN(idsPerKind()[ref.Kind]))}
	if !d.live(ref) || d.touched(ref) || !d.live(into) || into == ref || ref.Kind == directory.APIKeys {
		return
	}
	r := clone(d.tb, d.records[ref])
	r.Head().Version++
	r.Head().Status, r.Head().MergedInto = directory.Archived, into.ID
	d.change(ledger.Merge, ref, r)
}

// erase drops the text of every version of an archived record.
func (d *draft) erase(ref directory.Ref) {
	old, held := d.records[ref]
	if !held || d.live(ref) || d.touched(ref) || old.Head().MergedInto != "" || ref.Kind == directory.APIKeys {
		return
	}
	c := ledger.Change{Op: ledger.Erase, Ref: ref, Version: old.Head().Version + 1}
	for version := range old.Head().Version {
		c.Erased = append(c.Erased, version+1)
	}
	d.records[ref] = blank(ref, c.Version)
	d.changes = append(d.changes, c)
}

// blank is what is left of an erased record.
func blank(ref directory.Ref, version uint64) directory.Record {
	r := ref.Kind.New()
	r.Head().ID, r.Head().Version, r.Head().Status = ref.ID, version, directory.Archived
	return r
}

func erased(r directory.Record) bool { return r.Head().Updated == nil }

// change adds one change with its stamp and its canonical JSON, if the record is valid.
func (d *draft) change(op ledger.Op, ref directory.Ref, r directory.Record) {
	directory.Normalize(r)
	if r.Head().Status != directory.Archived && directory.Validate(r) != nil {
		return
	}
	r.Head().Updated = d.stamp()
	text, err := directory.Encode(r)
	if err != nil {
		d.tb.Fatal(err)
	}
	c := ledger.Change{Op: op, Ref: ref, Version: r.Head().Version, JSON: text}
	if d.rand.IntN(2) == 0 {
		c.Decoded = r
	}
	d.records[ref] = r
	d.changes = append(d.changes, c)
}

func (d *draft) stamp() *directory.Stamp {
	return &directory.Stamp{At: directory.At(d.now), By: pick(d.rand, []string{"key-1", "key-2"}), Seq: d.at.Seq + 1}
}

// refs returns the records of the draft in a fixed order.
func (d *draft) refs() []directory.Ref { return slices.SortedFunc(maps.Keys(d.records), compareRefs) }

func (d *draft) live(ref directory.Ref) bool {
	r, ok := d.records[ref]
	return ok && r.Head().Status != directory.Archived
}

// whole tells whether the rules between records that a query relies on are kept: live ones name live ones, nobody is above itself, identifiers of active actors and notations are unique.
func (d *draft) whole() bool {
	identifiers, notations := make(map[string]bool), make(map[string]string)
	for _, ref := range d.refs() {
		r := d.records[ref]
		if !d.live(ref) {
			continue
		}
		if slices.ContainsFunc(targets(r), func(to directory.Ref) bool { return !d.live(to) }) {
			return false
		}
		if d.aboveItself(ref) || !d.unique(r, identifiers, notations) {
			return false
		}
	}
	return true
}

func (d *draft) unique(r directory.Record, identifiers map[string]bool, notations map[string]string) bool {
	switch r := r.(type) {
	case *directory.Actor:
		for _, id := range r.Identifiers {
			if key := directory.IdentifierKey(id); r.State == "active" {
				if identifiers[key] {
					return false
				}
				identifiers[key] = true
			}
		}
	case *directory.Function:
		for _, name := range []string{strings.ToLower(r.Notation), r.ID} {
			if holder, taken := notations[name]; taken && holder != r.ID {
				return false
			}
			notations[name] = r.ID
		}
	}
	return true
}

func (d *draft) aboveItself(ref directory.Ref) bool {
	parent := parentOf(d.records[ref])
	for range 100 {
		if parent == "" {
			return false
		}
		parent = parentOf(d.records[directory.Ref{Kind: ref.Kind, ID: parent}])
	}
	return true
}

func parentOf(r directory.Record) string {
	switch r := r.(type) {
	case *directory.Actor:
		return r.Parent
	case *directory.Initiative:
		return r.Parent
	case *directory.Function:
		return r.Parent
	default:
		return ""
	}
}

func targets(r directory.Record) []directory.Ref {
	var refs []directory.Ref
	for _, reference := range r.References() {
		refs = append(refs, reference.To)
	}
	return refs
}

func clone(tb testing.TB, r directory.Record) directory.Record {
	tb.Helper()
	text, err := directory.Encode(r)
	if err != nil {
		tb.Fatal(err)
	}
	twin, err := directory.Decode(r.RecordKind(), text)
	if err != nil {
		tb.Fatal(err)
	}
	return twin
}

func compareRefs(a, b directory.Ref) int {
	return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
