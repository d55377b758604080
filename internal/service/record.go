package service

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// Create makes a new record of a kind from its JSON. The id of an archived record may be used again.
func (s *Service) Create(ctx context.Context, w Write, kind directory.Kind, body []byte) (Outcome, error) {
	return s.single(ctx, w, creation(kind, "", body, ""))
}

// Replace puts a whole record in the place of a live one.
func (s *Service) Replace(ctx context.Context, w Write, ref directory.Ref, body []byte) (Outcome, error) {
	return s.single(ctx, w, replacement(ref, body, w.IfMatch, true, ""))
}

// Patch applies a JSON Merge Patch (RFC 7396) to a live record.
func (s *Service) Patch(ctx context.Context, w Write, ref directory.Ref, patch []byte) (Outcome, error) {
	return s.single(ctx, w, patching(ref, patch, w.IfMatch, ""))
}

// Archive takes a record out of use.
func (s *Service) Archive(ctx context.Context, w Write, ref directory.Ref) (Outcome, error) {
	return s.single(ctx, w, archiving(ref, w.IfMatch, ""))
}

// Restore brings an archived record back as it was before.
func (s *Service) Restore(ctx context.Context, w Write, ref directory.Ref) (Outcome, error) {
	for range restoreTries {
		if err := w.admit(); err != nil {
			return Outcome{}, err
		}
		want, err := s.restoring(ctx, w, ref, w.IfMatch, "")
		if replay, ok := errors.AsType[*replay](err); ok {
			return s.replayed(ctx, w.Caller, replay.receipt)
		}
		if err != nil {
			return Outcome{}, err
		}
		out, err := s.single(ctx, w, want)
		if !errors.Is(err, errOtherVersion) {
			return out, err
		}
	}
	return Outcome{}, fault.New(fault.Unavailable, fault.CodeContention, nil)
}

// restoreTries is how often a restore reads the history again because the record has moved meanwhile.
const restoreTries = 5

// errOtherVersion says that the record is no longer at the version whose history was read.
var errOtherVersion = errors.New("service: the record has moved meanwhile")

// creation wants a new record. An id given beside the body (in a batch) must not differ from the body's; what is wrong
// with it is said of the place where it was given.
func creation(kind directory.Kind, id string, body []byte, prefix string) intent {
	random := randomID(kind)
	return func(p *plan) error {
		r, err := decoded(directory.Ref{Kind: kind, ID: id}, new(directory.Envelope), body, prefix)
		if err != nil {
			return err
		}
		if err := withoutReadOnly(r, prefix); err != nil {
			return err
		}
		if r.Head().ID == "" {
			r.Head().ID = p.freeID(r, random)
		}
		idAt := prefix
		if id != "" {
			idAt = strings.TrimSuffix(prefix, itemRecord)
		}
		return p.create(r, prefix, idAt+"/id")
	}
}

// create adds a record that must not be there yet. A clash of its id is said of the place idAt.
func (p *plan) create(r directory.Record, prefix, idAt string) error {
	if err := withinClearance(p.write.Caller, r); err != nil {
		return err
	}
	ref := directory.Ref{Kind: r.RecordKind(), ID: r.Head().ID}
	before, ok := p.head.Find(ref)
	if !ok {
		return p.change(ledger.Put, nil, r, prefix)
	}
	code := fault.CodeIDTaken
	switch {
	case before.MergedInto() != "":
		code = fault.CodeMergedID
	case before.Archived():
		return p.change(ledger.Put, before, r, prefix)
	}
	args := fault.Args{"id": ref.ID}
	return &fault.Error{
		Kind: fault.Conflict, Code: code, Args: args,
		Fields: []fault.Field{{Pointer: idAt, Code: code, Args: args}},
	}
}

// replacement wants a whole record in the place of a live one.
func replacement(ref directory.Ref, body []byte, match Condition, required bool, prefix string) intent {
	return func(p *plan) error {
		before, err := p.target(ref, prefix)
		if err != nil {
			return err
		}
		if err := match.meets(before.Version(), required); err != nil {
			return err
		}
		r, err := decoded(ref, before.Record().Head(), body, prefix)
		if err != nil {
			return err
		}
		return p.replace(before, r, prefix)
	}
}

// replace adds a record that takes the place of a live one.
func (p *plan) replace(before *readmodel.Entry, r directory.Record, prefix string) error {
	if err := withinClearance(p.write.Caller, r); err != nil {
		return err
	}
	if err := readOnlyKept(before.Record().Head(), r.Head(), prefix); err != nil {
		return err
	}
	return p.change(ledger.Put, before, r, prefix)
}

// patching wants a merge patch applied to a live record.
func patching(ref directory.Ref, patch []byte, match Condition, prefix string) intent {
	return func(p *plan) error {
		before, err := p.target(ref, prefix)
		if err != nil {
			return err
		}
		if err := match.meets(before.Version(), true); err != nil {
			return err
		}
		if err := directory.CheckJSON(patch); err != nil {
			return placed(err, prefix)
		}
		if !strings.HasPrefix(strings.TrimSpace(string(patch)), "{") {
			return placed(fault.New(fault.Malformed, fault.CodeWrongType, nil), prefix)
		}
		if err := knownMembers(ref.Kind, patch); err != nil {
			return placed(err, prefix)
		}
		body, err := jsonpatch.MergePatch(before.JSON(), patch)
		if err != nil {
			return placed(fault.Wrap(fault.Malformed, fault.CodeBadJSON, err), prefix)
		}
		r, err := decoded(ref, before.Record().Head(), body, prefix)
		if err != nil {
			return err
		}
		return p.replace(before, r, prefix)
	}
}

// knownMembers refuses that a patch removes a member that records of the kind do not have: merged, it leaves no trace.
func knownMembers(kind directory.Kind, patch []byte) error {
	var members map[string]any
	if err := json.Unmarshal(patch, &members); err != nil {
		return fault.Wrap(fault.Malformed, fault.CodeBadJSON, err)
	}
	return knownNulls(kind, members, func(inner string) string { return inner })
}

// knownNulls looks at every null of a patch by itself; around puts a text where the members stand.
func knownNulls(kind directory.Kind, members map[string]any, around func(string) string) error {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		quoted, err := json.Marshal(name)
		if err != nil {
			return err
		}
		within := func(inner string) string { return around("{" + string(quoted) + ":" + inner + "}") }
		switch value := members[name].(type) {
		case nil:
			_, err = directory.Decode(kind, []byte(within("null")))
		case map[string]any:
			err = knownNulls(kind, value, within)
		}
		if fault.Is(err, fault.CodeUnknownMember) {
			return err
		}
	}
	return nil
}

// archiving wants a record out of use.
func archiving(ref directory.Ref, match Condition, prefix string) intent {
	return func(p *plan) error {
		before, err := p.target(ref, prefix)
		if err != nil {
			return err
		}
		if err := match.meets(before.Version(), true); err != nil {
			return err
		}
		r, err := directory.Decode(ref.Kind, before.JSON())
		if err != nil {
			return err
		}
		// An archived draft goes on being seen as a draft is.
		r.Head().Visibility = r.Head().Seen()
		r.Head().Status = directory.Archived
		return p.change(ledger.Archive, before, r, prefix)
	}
}

// restoring reads the history of an archived record and wants back what it was.
func (s *Service) restoring(ctx context.Context, w Write, ref directory.Ref, match Condition, prefix string) (intent, error) {
	was, err := s.lastLive(ctx, w, ref)
	if err != nil {
		return nil, err
	}
	return restoration(ref, was, match, prefix), nil
}

// formerly is what an archived record was: the text of its last version that was not archived, as read when the record
// was at a version.
type formerly struct {
	text    []byte
	version uint64
	any     bool // the version does not matter: nobody else can have moved the record
}

// restoration wants back what a record was.
func restoration(ref directory.Ref, was formerly, match Condition, prefix string) intent {
	return func(p *plan) error {
		if err := p.twice(ref, prefix); err != nil {
			return err
		}
		before, err := p.archived(ref)
		if err != nil {
			return err
		}
		if err := match.meets(before.Version(), false); err != nil {
			return err
		}
		if !was.any && before.Version() != was.version {
			return errOtherVersion
		}
		r, err := directory.Decode(ref.Kind, was.text)
		if err != nil {
			return err
		}
		if r.Head().Status == directory.Archived {
			r.Head().Status = directory.Published
		}
		return p.change(ledger.Restore, before, r, prefix)
	}
}

// archived finds an archived record that the caller may see.
func (p *plan) archived(ref directory.Ref) (*readmodel.Entry, error) {
	entry, ok := p.head.Lookup(ref, p.write.Caller.Clearance)
	switch {
	case !ok:
		return nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)
	case entry.MergedInto() != "":
		return nil, mergedFault(fault.Conflict, entry.MergedInto())
	case !entry.Archived():
		return nil, fault.New(fault.Conflict, fault.CodeNotArchived, nil)
	default:
		return entry, nil
	}
}

// lastLive returns what an archived record was before.
func (s *Service) lastLive(ctx context.Context, w Write, ref directory.Ref) (formerly, error) {
	head := s.Head()
	p := newPlan(head, w)
	before, err := p.archived(ref)
	if err != nil {
		if r := replayOf(head, w); r != nil {
			return formerly{}, r
		}
		return formerly{}, err
	}
	was := formerly{version: before.Version()}
	err = s.versions(ctx, ref, head.Position().Seq, func(r ledger.Revision) error {
		if r.Op == ledger.Archive || r.JSON == nil {
			return nil
		}
		was.text = r.JSON
		return ledger.Stop
	})
	if err == nil && was.text == nil {
		was.text = before.JSON() // it came in as archived, with an import
	}
	if err == nil && was.text == nil {
		err = fault.New(fault.NotFound, fault.CodeNotFound, nil)
	}
	return was, err
}

// decoded reads, completes and judges the JSON of a record by itself. A status or visibility that it leaves out stays
// what the record had. Its faults stand below prefix.
func decoded(ref directory.Ref, was *directory.Envelope, body []byte, prefix string) (directory.Record, error) {
	r, err := directory.Decode(ref.Kind, body)
	if err != nil {
		return nil, placed(err, prefix)
	}
	e := r.Head()
	if ref.ID != "" && e.ID != "" && e.ID != ref.ID {
		return nil, fault.AtPointer(prefix+"/id", fault.CodeIDMismatch, nil)
	}
	e.ID = cmp.Or(e.ID, ref.ID)
	e.Status, e.Visibility = cmp.Or(e.Status, was.Status), cmp.Or(e.Visibility, was.Visibility)
	directory.Normalize(r)
	if err := directory.Validate(r); err != nil {
		return nil, placed(err, prefix)
	}
	return r, nil
}

// placed puts the pointers of a fault below a prefix.
func placed(err error, prefix string) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || prefix == "" {
		return err
	}
	moved := *f
	moved.Fields = make([]fault.Field, len(f.Fields))
	for i, field := range f.Fields {
		field.Pointer = prefix + field.Pointer
		moved.Fields[i] = field
	}
	if len(moved.Fields) == 0 {
		moved.Fields = []fault.Field{{Pointer: prefix, Code: f.Code, Args: f.Args}}
	}
	return &moved
}

// randomID is the id of a record whose content suggests none.
func randomID(kind directory.Kind) string {
	return strings.TrimSuffix(string(kind), "s") + "-" + strings.ToLower(rand.Text()[:12])
}

// freeID returns the id that a record's content suggests, numbered when it is taken, else the random one.
func (p *plan) freeID(r directory.Record, random string) string {
	base := directory.DeriveID(r)
	if base == "" {
		return random
	}
	for n := 1; n <= 50; n++ {
		id := base
		if n > 1 {
			id += "-" + strconv.Itoa(n)
		}
		ref := directory.Ref{Kind: r.RecordKind(), ID: id}
		_, held := p.head.Find(ref)
		_, ours := p.byRef[ref]
		if !held && !ours {
			return id
		}
	}
	return random
}
