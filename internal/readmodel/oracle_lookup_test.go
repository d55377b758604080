package readmodel_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

func clearances() []directory.Visibility {
	return []directory.Visibility{directory.Public, directory.Partners, directory.Ministry}
}

// compareRecords asks both for everything that is not a list.
func compareRecords(t *testing.T, o *oracle, s *readmodel.Snapshot) {
	t.Helper()
	if s.Position() != o.position {
		t.Errorf("position %d, not %d", s.Position().Seq, o.position.Seq)
	}
	for kind, ids := range idsPerKind() {
		for n := range ids {
			ref := directory.Ref{Kind: kind, ID: idNumber(n)}
			compareRecord(t, o, s, ref)
		}
	}
	compareCounts(t, o, s)
	compareNames(t, o, s)
	compareHolders(t, o, s)
}

func compareRecord(t *testing.T, o *oracle, s *readmodel.Snapshot, ref directory.Ref) {
	t.Helper()
	r, held := o.held[ref]
	e, found := s.Find(ref)
	if found != held {
		t.Errorf("%s is found: %t, not %t", ref, found, held)
	}
	if !held || !found {
		return
	}
	text := encoded(t, r)
	if !bytes.Equal(e.JSON(), text) || !bytes.Equal(encoded(t, e.Record()), text) {
		t.Errorf("%s is held as %s, not %s", ref, e.JSON(), text)
	}
	if e.Ref() != ref || e.Version() != r.Head().Version || e.Seq != o.seqs[ref] || e.Archived() == o.live(ref) ||
		e.MergedInto() != r.Head().MergedInto {
		t.Errorf("the entry of %s tells another ref, version, position or status", ref)
	}
	if ref.Kind == directory.APIKeys {
		return
	}
	if s.Seen(e).Level() != o.seen(ref).Level() {
		t.Errorf("%s is seen at %s, not %s", ref, s.Seen(e), o.seen(ref))
	}
	for _, date := range []directory.Date{"2020-06", "2022-07-20", "2031"} {
		for _, strict := range []bool{false, true} {
			asOf := readmodel.On(date)
			asOf.Strict = strict
			if got := s.Holds(e, asOf); !erased(r) && got != o.holds(r, asOf) {
				t.Errorf("%s holds at %s, strict %t: %t", ref, date, strict, got)
			}
		}
	}
	for _, c := range clearances() {
		if _, ok := s.Lookup(ref, c); ok != o.visible(ref, c) {
			t.Errorf("%s is visible at %s: %t, not %t", ref, c, ok, !ok)
		}
		if got, want := e.JSONFor(c), jsonFor(t, e.JSON(), c); !bytes.Equal(got, want) {
			t.Errorf("%s is told at %s as %s, not %s", ref, c, got, want)
		}
	}
	if diff := cmp.Diff(o.referrers(ref), nothingAsNil(s.Referrers(ref))); diff != "" {
		t.Errorf("the referrers of %s differ:\n%s", ref, diff)
	}
	compareHierarchy(t, o, s, ref)
}

// encoded is the canonical JSON of a record; nothing of an erased one.
func encoded(t *testing.T, r directory.Record) []byte {
	t.Helper()
	if erased(r) {
		return nil
	}
	text, err := directory.Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// jsonFor takes the names of the writers out for anonymous callers, by way of a generic value.
func jsonFor(t *testing.T, text []byte, clearance directory.Visibility) []byte {
	t.Helper()
	if clearance != directory.Public || text == nil {
		return text
	}
	var record map[string]any
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"created", "updated", "attested"} {
		if stamp, ok := record[name].(map[string]any); ok {
			delete(stamp, "by")
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(record); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func compareHierarchy(t *testing.T, o *oracle, s *readmodel.Snapshot, ref directory.Ref) {
	t.Helper()
	if !slices.Contains([]directory.Kind{directory.Actors, directory.Initiatives, directory.Functions}, ref.Kind) || !o.live(ref) {
		return
	}
	var above, below []string
	for id := parentOf(o.held[ref]); id != ""; id = parentOf(o.held[directory.Ref{Kind: ref.Kind, ID: id}]) {
		above = append(above, id)
	}
	for _, other := range o.refs(ref.Kind) {
		if o.live(other) && other != ref && o.within(ref.Kind, other.ID, ref.ID) {
			below = append(below, other.ID)
		}
	}
	if diff := cmp.Diff(above, slices.Collect(s.Ancestors(ref.Kind, ref.ID))); diff != "" {
		t.Errorf("what is above %s differs:\n%s", ref, diff)
	}
	if diff := cmp.Diff(below, slices.Sorted(s.Below(ref.Kind, ref.ID))); diff != "" {
		t.Errorf("what is below %s differs:\n%s", ref, diff)
	}
}

func compareCounts(t *testing.T, o *oracle, s *readmodel.Snapshot) {
	t.Helper()
	ever := false
	for _, kind := range directory.Kinds() {
		ever = ever || len(o.refs(kind)) > 0
		for _, c := range clearances() {
			want := 0
			for _, ref := range o.refs(kind) {
				if o.live(ref) && o.visible(ref, c) {
					want++
				}
			}
			if got := s.Count(kind, c); got != want {
				t.Errorf("%d %s at %s, not %d", got, kind, c, want)
			}
		}
	}
	if s.EverHeld() != ever {
		t.Errorf("ever held: %t", s.EverHeld())
	}
}

// compareNames looks for functions by every name, and for actors and roles that say the same as one that is held.
func compareNames(t *testing.T, o *oracle, s *readmodel.Snapshot) {
	t.Helper()
	for _, ref := range o.refs(directory.Functions) {
		notation := o.function(ref.ID).Notation
		for _, name := range []string{ref.ID, strings.ToUpper(ref.ID), notation, strings.ToLower(notation), "nothing"} {
			want, known := o.functionNamed(name)
			if got, ok := s.FunctionNamed(name); got != want || ok != known {
				t.Errorf("%q is the function %q (%t), not %q (%t)", name, got, ok, want, known)
			}
		}
		if holder, ok := s.NotationHolder(strings.ToLower(notation)); o.live(ref) && (!ok || holder != ref) {
			t.Errorf("the notation %q is held by %s (%t), not by %s", notation, holder, ok, ref)
		}
	}
	for _, ref := range o.refs(directory.Actors) {
		for _, id := range []string{ref.ID, "new"} { // as it is, and as one about to be created
			a := *o.actor(ref.ID)
			a.ID = id
			if diff := cmp.Diff(o.nearNames(&a), nothingAsNil(s.NearNames(&a))); diff != "" {
				t.Errorf("the actors with names near those of %s (as %q) differ:\n%s", ref, id, diff)
			}
		}
	}
	for _, ref := range o.refs(directory.Roles) {
		for _, id := range []string{ref.ID, "new"} {
			held, ok := o.held[ref].(*directory.Role)
			if !ok {
				t.Fatal("not a role")
			}
			r := *held
			r.ID = id
			if diff := cmp.Diff(o.equalRoles(&r), nothingAsNil(s.EqualRoles(&r))); diff != "" {
				t.Errorf("the roles equal to %s (as %q) differ:\n%s", ref, id, diff)
			}
		}
	}
}

func compareHolders(t *testing.T, o *oracle, s *readmodel.Snapshot) {
	t.Helper()
	for _, i := range someIdentifiers {
		key := directory.IdentifierKey(i)
		want, held := o.identifierHolder(key)
		if got, ok := s.IdentifierHolder(key); got != want || ok != held {
			t.Errorf("%v is held by %s (%t), not by %s (%t)", i, got, ok, want, held)
		}
	}
	var want, got []directory.Ref
	for _, ref := range o.refs(directory.APIKeys) {
		key, ok := o.held[ref].(*directory.APIKey)
		if !ok {
			t.Fatal("not a key")
		}
		if o.live(ref) {
			want = append(want, ref)
		}
		if e, ok := s.KeyByHash(key.Hash); ok != o.live(ref) || (ok && e.Ref() != ref) {
			t.Errorf("the key %s is known by its hash: %t", ref, ok)
		}
	}
	for _, e := range s.Keys() {
		got = append(got, e.Ref())
	}
	slices.SortFunc(got, compareRefs)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the keys differ:\n%s", diff)
	}
}

// nothingAsNil makes an empty list the same as none.
func nothingAsNil(refs []directory.Ref) []directory.Ref {
	if len(refs) == 0 {
		return nil
	}
	return refs
}

// sameDigests compares digests at once: byte by byte takes long.
var sameDigests = cmp.Comparer(func(a, b ledger.Digest) bool { return a == b })

func TestReceiptsAreKeptForADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 7)
	w.grow(40)
	e := readmodel.Empty().Edit()
	for n, c := range w.commits {
		if err := e.Apply(c); err != nil {
			t.Fatal(err)
		}
		s := e.Snapshot()
		for _, past := range w.commits[:n+1] {
			if past.Request == nil {
				continue
			}
			got, ok := s.Receipt(past.Request.Digest)
			if want := !past.At.Before(c.At.Add(-24 * time.Hour)); ok != want {
				t.Errorf("at %s the receipt of %s is kept: %t", c.At, past.At, ok)
			}
			if !ok {
				continue
			}
			if diff := cmp.Diff(ledger.Receipt{Seq: past.Seq, At: past.At, Request: *past.Request}, got, sameDigests); diff != "" {
				t.Error(diff)
			}
		}
	}
}
