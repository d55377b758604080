package service_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// attempt is one write of a conflict, and what its caller was told.
type attempt struct {
	reason  string // unlike any other, so that the ledger shows what was written by which attempt
	refusal fault.Code
	do      func(ctx context.Context, s *service.Service, w service.Write) (service.Outcome, error)

	out service.Outcome
	err error
}

// conflict is a set of writes at once of which exactly one may win.
type conflict struct {
	name     string
	attempts []*attempt
}

// arena holds the services that the conflicts are fought on, and what was told of every write.
type arena struct {
	testing.TB

	nodes    []*service.Service
	patience time.Duration // of a caller; 0 is for as long as it takes
	rand     *rand.Rand
	mu       sync.Mutex // of rand
	told     []*attempt
}

func newArena(tb testing.TB, seed uint64, nodes ...*service.Service) *arena {
	tb.Helper()
	return &arena{TB: tb, nodes: nodes, rand: rand.New(rand.NewPCG(seed, 2))}
}

// node picks a node.
func (a *arena) node() *service.Service {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.nodes[a.rand.IntN(len(a.nodes))]
}

func write(reason string) service.Write {
	return service.Write{
		Caller: access.Caller{ID: "tester", Scope: access.Write, Clearance: directory.Ministry, Via: "api"},
		Reason: reason, AllowDuplicate: true,
	}
}

// stage puts live actors that the conflicts are about, all at once, and returns the position.
func (a *arena) stage(ids []string) uint64 {
	a.Helper()
	records := []directory.Record{&directory.Function{
		Envelope: directory.Envelope{ID: "f"}, Notation: "F", Label: directory.Text{"en": "A function"},
	}}
	for _, id := range ids {
		record, err := directory.Decode(directory.Actors, []byte(actorJSON(id, "")))
		if err != nil {
			a.Fatal(err)
		}
		records = append(records, record)
	}
	report, err := a.node().Import(a.Context(), write("setting the stage"), interchange.ItemsOf(records), service.ImportOptions{})
	if err != nil {
		a.Fatalf("setting the stage: %v", err)
	}
	return report.Seq
}

func actorRef(id string) directory.Ref { return directory.Ref{Kind: directory.Actors, ID: id} }

func actorJSON(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"kind":"organisation","group":"government","name":{"en":"Body %s"}%s}`, id, id, more)
}

func creating(kind directory.Kind, body string) func(context.Context, *service.Service, service.Write) (service.Outcome, error) {
	return func(ctx context.Context, s *service.Service, w service.Write) (service.Outcome, error) {
		return s.Create(ctx, w, kind, []byte(body))
	}
}

// creatingOnce creates an actor under an idempotency key of the same name.
func creatingOnce(id string) func(context.Context, *service.Service, service.Write) (service.Outcome, error) {
	return func(ctx context.Context, s *service.Service, w service.Write) (service.Outcome, error) {
		w.Request = &service.Idempotency{Key: id, Method: "POST", Path: "/actors", Fingerprint: sha256.Sum256([]byte(id))}
		return s.Create(ctx, w, directory.Actors, []byte(actorJSON(id, "")))
	}
}

func patchingAt(version uint64, ref directory.Ref, patch string) func(context.Context, *service.Service, service.Write) (service.Outcome, error) {
	return func(ctx context.Context, s *service.Service, w service.Write) (service.Outcome, error) {
		w.IfMatch = service.Condition{Given: true, Versions: []uint64{version}}
		return s.Patch(ctx, w, ref, []byte(patch))
	}
}

func archivingAt(version uint64, ref directory.Ref) func(context.Context, *service.Service, service.Write) (service.Outcome, error) {
	return func(ctx context.Context, s *service.Service, w service.Write) (service.Outcome, error) {
		w.IfMatch = service.Condition{Given: true, Versions: []uint64{version}}
		return s.Archive(ctx, w, ref)
	}
}

// conflictsOf returns one conflict of every sort, numbered n, and the actors that they are about.
func conflictsOf(n int) (conflicts []*conflict, actors []string) {
	id := func(what string) string { return fmt.Sprintf("%s-%d", what, n) }
	x, up, down, patched := id("x"), id("up"), id("down"), id("patched")
	archive := &conflict{name: id("archive against a new role"), attempts: []*attempt{
		{refusal: fault.CodeStillReferred, do: archivingAt(1, actorRef(x))},
		{refusal: fault.CodeDanglingReference, do: creating(directory.Roles,
			fmt.Sprintf(`{"id":%q,"actor":%q,"type":"lead","function":"f"}`, id("role"), x))},
	}}
	cycle := &conflict{name: id("cycle of parents"), attempts: []*attempt{
		{refusal: fault.CodeParentCycle, do: patchingAt(1, actorRef(up), fmt.Sprintf(`{"parent":%q}`, down))},
		{refusal: fault.CodeParentCycle, do: patchingAt(1, actorRef(down), fmt.Sprintf(`{"parent":%q}`, up))},
	}}
	identifier := &conflict{name: id("one identifier")}
	same := &conflict{name: id("one id")}
	etag := &conflict{name: id("one ETag")}
	for i := range 4 {
		identifier.attempts = append(identifier.attempts, &attempt{refusal: fault.CodeIdentifierTaken, do: creating(directory.Actors,
			actorJSON(fmt.Sprintf("%s-%d", id("holder"), i), fmt.Sprintf(`,"identifiers":[{"scheme":"wikidata","value":"Q%d"}]`, n+1)))})
		same.attempts = append(same.attempts, &attempt{refusal: fault.CodeIDTaken, do: creating(directory.Actors,
			actorJSON(id("same"), fmt.Sprintf(`,"summary":{"en":"By attempt %d"}`, i)))})
		etag.attempts = append(etag.attempts, &attempt{refusal: fault.CodeStale, do: patchingAt(1, actorRef(patched),
			fmt.Sprintf(`{"summary":{"en":"By attempt %d"}}`, i))})
	}
	once := &conflict{name: id("one idempotency key")}
	for range 3 {
		once.attempts = append(once.attempts, &attempt{refusal: fault.CodeKeyInUse, do: creatingOnce(id("once"))})
	}
	all := []*conflict{archive, cycle, identifier, same, etag, once}
	for _, c := range all {
		for i, at := range c.attempts {
			at.reason = fmt.Sprintf("%s, attempt %d", c.name, i)
		}
	}
	return all, []string{x, up, down, patched}
}

// fight runs every attempt of every conflict at once, each on some node that has seen the stage.
func (a *arena) fight(conflicts []*conflict, seen uint64) {
	for _, c := range conflicts {
		a.told = append(a.told, c.attempts...)
	}
	bouts := slices.Clone(a.told)
	// Neighbours stay close to each other, so that those of one conflict meet.
	for i := range bouts {
		j := min(i+a.rand.IntN(16), len(bouts)-1)
		bouts[i], bouts[j] = bouts[j], bouts[i]
	}
	next := make(chan *attempt)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for at := range next {
				a.run(seen, at)
			}
		})
	}
	for _, at := range bouts {
		next <- at
	}
	close(next)
	wg.Wait()
}

func (a *arena) run(seen uint64, at *attempt) {
	s := a.node()
	for {
		_, err := s.AtLeast(a.Context(), seen)
		if err == nil {
			break
		}
		if !fault.Is(err, fault.CodePositionNotReached) {
			a.Errorf("waiting for position %d: %v", seen, err)
			return
		}
	}
	ctx := a.Context()
	if a.patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, a.patience)
		defer cancel()
	}
	at.out, at.err = at.do(ctx, s, write(at.reason))
}

// codes lists the codes of an error: its own and those of its places.
func codes(err error) []fault.Code {
	var list []fault.Code
	for _, f := range faultFields(err) {
		list = append(list, f.Code)
	}
	return append(list, fault.CodeOf(err))
}

// unanswered tells whether a caller was told that the time was over: nothing was written, or it is not known.
func unanswered(err error) bool {
	return fault.Is(err, fault.CodeOutcomeUnknown) || fault.Is(err, fault.CodeNotWritten)
}

// judge compares what every caller was told with what the ledger holds.
func (a *arena) judge(conflicts []*conflict, commits []*ledger.Commit) {
	a.Helper()
	byReason := make(map[string][]*ledger.Commit)
	for _, c := range commits {
		byReason[c.Reason] = append(byReason[c.Reason], c)
	}
	for _, c := range conflicts {
		won, open := 0, 0
		for _, at := range c.attempts {
			written := byReason[at.reason]
			won += len(written) // of this attempt itself
			if unanswered(at.err) {
				open++
			}
			if at.err == nil && at.out.Replayed { // what was told is the outcome of another attempt
				written = commits[at.out.Seq-1 : at.out.Seq]
			}
			a.judgeAttempt(at, written)
		}
		if won > 1 || won == 0 && open == 0 {
			a.Errorf("%s: %d attempts won, want exactly one", c.name, won)
		}
	}
}

func (a *arena) judgeAttempt(at *attempt, written []*ledger.Commit) {
	a.Helper()
	switch {
	case at.err == nil:
		if len(written) != 1 || written[0].Seq != at.out.Seq {
			a.Errorf("%s: told position %d, and the ledger holds %d commits of it", at.reason, at.out.Seq, len(written))
			return
		}
		ch := written[0].Changes[0]
		if ch.Ref != at.out.Ref || ch.Version != at.out.Version || string(ch.JSON) != string(at.out.JSON) {
			a.Errorf("%s: told %s version %d, and the ledger holds %s version %d", at.reason, at.out.Ref, at.out.Version, ch.Ref, ch.Version)
		}
	case fault.Is(at.err, fault.CodeOutcomeUnknown):
		if len(written) > 1 {
			a.Errorf("%s: written %d times", at.reason, len(written))
		}
	case len(written) != 0:
		a.Errorf("%s: refused, and yet written at %d: %v", at.reason, written[0].Seq, at.err)
	case !unanswered(at.err) && !slices.Contains(codes(at.err), at.refusal):
		a.Errorf("%s: refused for another reason: %v", at.reason, at.err)
	}
}

// tally logs how the conflicts went.
func (a *arena) tally(commits int) {
	a.Helper()
	won, refused, timeout, unknown := 0, 0, 0, 0
	for _, at := range a.told {
		switch {
		case at.err == nil:
			won++
		case fault.Is(at.err, fault.CodeOutcomeUnknown):
			unknown++
		case fault.Is(at.err, fault.CodeNotWritten):
			timeout++
		default:
			refused++
		}
	}
	a.Logf("%d writes: %d won, %d refused, %d not written in time, %d of unknown outcome; %d commits",
		len(a.told), won, refused, timeout, unknown, commits)
}

// battle fights n conflicts of each sort at once, and judges what was told by what the ledger holds.
func (a *arena) battle(n int, l ledger.Ledger) {
	a.Helper()
	var all []*conflict
	var about []string
	for i := range n {
		conflicts, actors := conflictsOf(i)
		all, about = append(all, conflicts...), append(about, actors...)
	}
	a.fight(all, a.stage(about))
	a.settled()
	commits := checkChain(a.TB, l)
	a.tally(len(commits))
	a.judge(all, commits)
	current := checkRules(a.TB, commits)
	for i, s := range a.nodes {
		head, err := s.AtLeast(a.Context(), uint64(len(commits)))
		if err != nil {
			a.Fatalf("node %d: %v", i, err)
		}
		for ref, want := range current {
			entry, ok := head.Find(ref)
			if !ok || string(entry.JSON()) != string(want.change.JSON) || entry.Seq != want.seq {
				a.Errorf("node %d holds another %s than the ledger", i, ref)
			}
		}
	}
}

// settled waits until nothing more is written: callers may have left before their write was.
func (a *arena) settled() {
	a.Helper()
	for i, s := range a.nodes {
		w := write(fmt.Sprintf("closing %d", i))
		if _, err := s.Create(a.Context(), w, directory.Actors, []byte(actorJSON(fmt.Sprintf("closing-%d", i), ""))); err != nil {
			a.Fatalf("closing node %d: %v", i, err)
		}
	}
}
