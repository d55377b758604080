package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/raced"
)

// fixed returns a commit whose every member is set, with salts that do not change.
func fixed() (*ledger.Commit, ledger.Position) {
	prev := ledger.Position{Seq: 41, Hash: ledger.Digest{1, 2, 3}}
	c := &ledger.Commit{
		Format: 1, Seq: 42, At: time.Date(2026, 7, 20, 10, 30, 0, 123_000_000, time.UTC),
		Author: ledger.Author{ID: "key-1", Via: "api"}, Reason: "مراجعة",
		Token: ledger.ID16{4, 5}, Ledger: ledger.ID16{6, 7}, Prev: prev.Hash,
		Request: &ledger.Request{
			Digest: ledger.Digest{8}, Fingerprint: ledger.Digest{9}, Status: 201,
			Results: []ledger.Result{{Status: 201, Ref: directory.Ref{Kind: directory.Actors, ID: "ilo"}, Version: 1}},
		},
		Changes: []ledger.Change{
			{Op: ledger.Put, Ref: directory.Ref{Kind: directory.Actors, ID: "ilo"}, Version: 1, JSON: []byte(`{"id":"ilo"}`)},
			{Op: ledger.Erase, Ref: directory.Ref{Kind: directory.Roles, ID: "r1"}, Version: 4, JSON: []byte(`{"id":"r1"}`), Erased: []uint64{1, 2}},
		},
	}
	c.AuthorSeal, c.ReasonSeal = sealed(10, "key-1\x00api"), sealed(11, c.Reason)
	for i := range c.Changes {
		c.Changes[i].Seal = sealed(byte(12+i), string(c.Changes[i].JSON))
	}
	return c, prev
}

// sealed is what a seal is, said a second time: SHA-256 over the salt and the text.
func sealed(salt byte, text string) ledger.Seal {
	s := ledger.Seal{Salt: ledger.ID16{salt}}
	s.Digest = sha256.Sum256(append(s.Salt[:], text...))
	return s
}

// goldenHash is the hash of the fixed commit. When it changes, every chain that was ever written breaks: a new format
// is needed instead.
const goldenHash = "ee6683cb3b5cff101043faba937ded41e1d83d7eb15a4aeb55288c94094e145a"

func TestTheHashOfAFixedCommitNeverChanges(t *testing.T) {
	t.Parallel()
	c, prev := fixed()
	raw, err := hex.DecodeString(goldenHash)
	if err != nil {
		t.Fatal(err)
	}
	c.Hash = ledger.Digest(raw)
	if err := c.Check(prev); err != nil {
		t.Errorf("the fixed commit no longer has its hash: %v", err)
	}
}

func TestTheDigestOfFixedChangesNeverChanges(t *testing.T) {
	t.Parallel()
	c, _ := fixed()
	digest := ledger.ChangesDigest(c.Changes)
	if got := hex.EncodeToString(digest[:]); got != goldenChanges {
		t.Errorf("got %s, want %s", got, goldenChanges)
	}
}

// goldenChanges names the parts that stores hold of big commits.
const goldenChanges = "133e2f9bc44e277613b40ea0fab3f3fd5b4553cec33289bd899dd38d537b56fa"

func TestASealedCommitFollowsItsPredecessor(t *testing.T) {
	t.Parallel()
	var prev ledger.Position
	for range 3 {
		c, _ := fixed()
		c.Seal(prev)
		if c.Format != ledger.Format || c.Seq != prev.Seq+1 || c.Prev != prev.Hash {
			t.Errorf("sealed after %d: format %d, number %d", prev.Seq, c.Format, c.Seq)
		}
		if err := c.Check(prev); err != nil {
			t.Errorf("commit %d: %v", c.Seq, err)
		}
		prev = c.Position()
	}
}

// TestSealingAllocatesNothing holds the cost: the writer seals each commit while all others wait.
func TestSealingAllocatesNothing(t *testing.T) {
	if raced.On {
		t.Skip("the race detector makes a pool forget")
	}
	c, prev := fixed()
	if n := testing.AllocsPerRun(100, func() { c.Seal(prev) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = c.Check(prev) }); n > 0 {
		t.Errorf("%v allocations to check it", n)
	}
}

func TestEverySaltIsAnother(t *testing.T) {
	t.Parallel()
	c := &ledger.Commit{Changes: make([]ledger.Change, 1_000)}
	c.Seal(ledger.Position{})
	seen := map[ledger.ID16]bool{c.AuthorSeal.Salt: true, c.ReasonSeal.Salt: true, {}: true}
	for i := range c.Changes {
		seen[c.Changes[i].Seal.Salt] = true
	}
	if len(seen) != 1_003 {
		t.Errorf("%d different salts, want 1003", len(seen))
	}
}

func TestASealFitsItsTextOnly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", strings.Repeat("long ", 100_000)} {
		s := sealed(7, text)
		if !s.Fits([]byte(text)) {
			t.Errorf("a text of %d bytes does not fit its seal", len(text))
		}
		if s.Fits([]byte(text + "x")) {
			t.Errorf("another text fits the seal of %d bytes", len(text))
		}
	}
}

// tampering names every member of a commit, with a function that changes it a little.
func tampering() map[string]func(*ledger.Commit) {
	return map[string]func(*ledger.Commit){
		"number":              func(c *ledger.Commit) { c.Seq++ },
		"format":              func(c *ledger.Commit) { c.Format = 0 },
		"time":                func(c *ledger.Commit) { c.At = c.At.Add(time.Millisecond) },
		"author":              func(c *ledger.Commit) { c.Author.ID = "key-2" },
		"way":                 func(c *ledger.Commit) { c.Author.Via = "cli" },
		"author and way":      func(c *ledger.Commit) { c.Author.ID, c.Author.Via = "key-1\x00", "api" },
		"author's salt":       func(c *ledger.Commit) { c.AuthorSeal.Salt[3]++ },
		"author's digest":     func(c *ledger.Commit) { c.AuthorSeal.Digest[3]++ },
		"author's seal":       func(c *ledger.Commit) { c.Author.ID = "x"; c.AuthorSeal = sealed(10, "x\x00api") },
		"reason":              func(c *ledger.Commit) { c.Reason += "." },
		"reason's salt":       func(c *ledger.Commit) { c.ReasonSeal.Salt[0]++ },
		"reason's digest":     func(c *ledger.Commit) { c.ReasonSeal.Digest[0]++ },
		"reason's seal":       func(c *ledger.Commit) { c.Reason = "x"; c.ReasonSeal = sealed(11, "x") },
		"token":               func(c *ledger.Commit) { c.Token[15]++ },
		"ledger":              func(c *ledger.Commit) { c.Ledger[15]++ },
		"link":                func(c *ledger.Commit) { c.Prev[31]++ },
		"hash":                func(c *ledger.Commit) { c.Hash[0]++ },
		"no request":          func(c *ledger.Commit) { c.Request = nil },
		"request's digest":    func(c *ledger.Commit) { c.Request.Digest[1]++ },
		"request's print":     func(c *ledger.Commit) { c.Request.Fingerprint[1]++ },
		"request's status":    func(c *ledger.Commit) { c.Request.Status++ },
		"no results":          func(c *ledger.Commit) { c.Request.Results = nil },
		"result's status":     func(c *ledger.Commit) { c.Request.Results[0].Status++ },
		"result's kind":       func(c *ledger.Commit) { c.Request.Results[0].Ref.Kind = directory.Roles },
		"result's id":         func(c *ledger.Commit) { c.Request.Results[0].Ref.ID = "il" },
		"result's version":    func(c *ledger.Commit) { c.Request.Results[0].Version++ },
		"a change less":       func(c *ledger.Commit) { c.Changes = c.Changes[:1] },
		"a change more":       func(c *ledger.Commit) { c.Changes = append(c.Changes, c.Changes[0]) },
		"order of changes":    func(c *ledger.Commit) { slices.Reverse(c.Changes) },
		"operation":           func(c *ledger.Commit) { c.Changes[0].Op = ledger.Merge },
		"kind":                func(c *ledger.Commit) { c.Changes[0].Ref.Kind = directory.Roles },
		"id":                  func(c *ledger.Commit) { c.Changes[0].Ref.ID = "io" },
		"kind and id":         func(c *ledger.Commit) { c.Changes[0].Ref = directory.Ref{Kind: "actorsi", ID: "lo"} },
		"version":             func(c *ledger.Commit) { c.Changes[0].Version++ },
		"erased version":      func(c *ledger.Commit) { c.Changes[1].Erased[1]++ },
		"erased versions":     func(c *ledger.Commit) { c.Changes[1].Erased = nil },
		"text":                func(c *ledger.Commit) { c.Changes[0].JSON[2] = 'x' },
		"text's salt":         func(c *ledger.Commit) { c.Changes[0].Seal.Salt[9]++ },
		"text's digest":       func(c *ledger.Commit) { c.Changes[0].Seal.Digest[9]++ },
		"text and its seal":   func(c *ledger.Commit) { c.Changes[0].JSON = []byte(`{}`); c.Changes[0].Seal = sealed(3, `{}`) },
		"text made empty":     func(c *ledger.Commit) { c.Changes[0].JSON = []byte{} },
		"blank's digest":      func(c *ledger.Commit) { c.Changes[0].JSON = nil; c.Changes[0].Seal.Digest[0]++ },
		"texts of two change": func(c *ledger.Commit) { c.Changes[0].Seal, c.Changes[1].Seal = c.Changes[1].Seal, c.Changes[0].Seal },
	}
}

func TestACommitThatWasTamperedWithIsFound(t *testing.T) {
	t.Parallel()
	for name, tamper := range tampering() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, prev := fixed()
			c.Seal(prev)
			if err := c.Check(prev); err != nil {
				t.Fatalf("before: %v", err)
			}
			tamper(c)
			if err := c.Check(prev); err == nil {
				t.Error("nothing is found")
			}
		})
	}
}

func TestABlankTextStillVerifies(t *testing.T) {
	t.Parallel()
	c, prev := fixed()
	c.Seal(prev)
	c.Changes[0].JSON, c.Changes[0].Seal.Salt = nil, ledger.ID16{}
	if err := c.Check(prev); err != nil {
		t.Error(err)
	}
}

func TestANewerFormatIsSaid(t *testing.T) {
	t.Parallel()
	c, prev := fixed()
	c.Seal(prev)
	c.Format = ledger.Format + 1
	if err := c.Check(prev); !fault.Is(err, fault.CodeNewerFormat) {
		t.Errorf("got %v", err)
	}
}

func TestALongCommitHashesLikeAShortOne(t *testing.T) {
	t.Parallel()
	// The digest of many changes, by the rule said a second time.
	changes := make([]ledger.Change, 5_000)
	h := sha256.New()
	number := func(n uint64) {
		h.Write([]byte{byte(n >> 56), byte(n >> 48), byte(n >> 40), byte(n >> 32), byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	}
	text := func(s string) { number(uint64(len(s))); h.Write([]byte(s)) }
	for i := range changes {
		changes[i] = ledger.Change{Op: ledger.Put, Ref: directory.Ref{Kind: directory.Sources, ID: strings.Repeat("s", i%80)}, Version: uint64(i), Erased: make([]uint64, i%3)}
		text("put")
		text("sources")
		text(strings.Repeat("s", i%80))
		number(uint64(i))
		number(uint64(i % 3))
		for range i % 3 {
			number(0)
		}
		h.Write(make([]byte, 32))
	}
	if got := ledger.ChangesDigest(changes); got != ledger.Digest(h.Sum(nil)) {
		t.Error("the digests differ")
	}
}
