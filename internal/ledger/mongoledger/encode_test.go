package mongoledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
)

// asDriver fails unless a document is what the driver makes of the struct that it is read into.
func asDriver[T any](t *testing.T, raw bson.Raw) {
	t.Helper()
	var doc T
	if err := bson.Unmarshal(raw, &doc); err != nil {
		t.Fatalf("%T cannot be read: %v", doc, err)
	}
	again, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw, again) {
		t.Errorf("written %s\nthe driver writes %s", raw, bson.Raw(again))
	}
}

// oddCommits are commits with every member that a commit may have or lack.
func oddCommits(t *testing.T) []*ledger.Commit {
	t.Helper()
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	commits := scribe.Small(20)
	commits = append(commits, scribe.Group(ledger.InlineChanges+1)...)
	full := *commits[0]
	full.Ledger, full.Reason = ledger.NewID16(), ""
	full.Request = &ledger.Request{Status: 201, Results: []ledger.Result{
		{Status: 201, Ref: directory.Ref{Kind: directory.Actors, ID: "ilo"}, Version: math.MaxUint32},
	}}
	full.Changes = []ledger.Change{
		{Op: ledger.Erase, Ref: directory.Ref{Kind: directory.Actors, ID: "ilo"}, Version: 7, Erased: []uint64{1, 6}},
		{Op: ledger.Archive, Ref: directory.Ref{Kind: directory.Actors, ID: "iom"}, Version: 2, JSON: []byte(`{"a":"ب\u0000"}`)},
	}
	bare := full
	bare.Request, bare.Changes = &ledger.Request{}, nil
	return append(commits, &full, &bare)
}

func TestDocumentsAreThoseThatTheDriverWrites(t *testing.T) {
	t.Parallel()
	for _, c := range oddCommits(t) {
		raw := encodeCommit(c)
		asDriver[commitDoc](t, raw)
		read, parts, err := decodeCommit(raw)
		if err != nil {
			t.Fatal(err)
		}
		whole := *c
		if c.Big() {
			whole.Changes = nil
		}
		whole.At = whole.At.Truncate(time.Millisecond).UTC()
		if diff := cmp.Diff(&whole, read, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("read again, the commit differs:\n%s", diff)
		}
		for i, id := range partIDs(c, len(parts)) {
			asDriver[partDoc](t, encodePart(id, c.At, ledger.Parts(c.Changes)[i]))
		}
		for _, doc := range encodeRevisions(nil, c) {
			asDriver[revisionDoc](t, doc.(bson.Raw))
		}
		for i := range c.Changes {
			raw, err := bson.Marshal(encodeRecord(c.Seq, &c.Changes[i]).Lookup("_dalil").Document())
			if err != nil {
				t.Fatal(err)
			}
			asDriver[dalilDoc](t, raw)
		}
	}
}

// sameForm returns JSON in one form, so that it can be compared as a text: go-cmp takes for ever over deep arrays.
func sameForm(t *testing.T, text []byte) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	form, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(form)
}

func TestMembersOfARecordAreTyped(t *testing.T) {
	t.Parallel()
	deep := func(n int) string {
		return fmt.Sprintf("%s1%s", bytes.Repeat([]byte("["), n), bytes.Repeat([]byte("]"), n))
	}
	for text, want := range map[string]string{
		`{"id":"ilo","_id":1,"_dalil":{"seq":9},"a":{"id":"kept"}}`: `{"a":{"id":"kept"}}`,
		`{"s":"é\n\u0041\u0000ب","e":""}`:                           `{"s":"é\nA\u0000ب","e":""}`,
		`{"t":true,"f":false,"n":null}`:                             `{"t":true,"f":false,"n":null}`,
		`{"i":-7,"l":3000000000,"d":1.5,"x":12345678901234567890}`:  `{"i":-7,"l":3000000000,"d":1.5,"x":1.2345678901234567e+19}`,
		`{"o":{},"a":[],"m":[1,[2,{"b":"c"}]]}`:                     `{"o":{},"a":[],"m":[1,[2,{"b":"c"}]]}`,
		`{"a.b":1,"$c":2,"d$":3,"e\u0000f":4,"":5}`:                 `{"a_b":1,"_c":2,"d$":3,"e_f":4,"":5}`,
		`{"deep":` + deep(48) + `}`:                                 `{"deep":` + deep(48) + `}`,
		`{"deep":` + deep(maxDepth) + `}`:                           `{"deep":` + deep(maxDepth - 1)[:maxDepth-1] + `"[1]"` + deep(maxDepth - 1)[maxDepth:] + `}`,
		`[1,2]`:                                                     `{}`,
		`"text"`:                                                    `{}`,
		`{"a":1,"b":`:                                               `{}`,
		`{"a":{"b":[{"c":tru`:                                       `{}`,
		``:                                                          `{}`,
	} {
		change := &ledger.Change{Ref: directory.Ref{Kind: directory.Actors, ID: "ilo"}, JSON: []byte(text)}
		raw := encodeRecord(1, change)
		if err := raw.Validate(); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var doc bson.D
		if err := bson.Unmarshal(raw, &doc); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got, err := bson.MarshalExtJSON(doc[1:len(doc)-1], false, false)
		if err != nil {
			t.Fatal(err)
		}
		if sameForm(t, got) != sameForm(t, []byte(want)) {
			t.Errorf("%s is written as %s, want %s", text, got, want)
		}
		if string(change.JSON) != text {
			t.Errorf("writing changed the text %s", text)
		}
	}
}
