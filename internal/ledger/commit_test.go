package ledger_test

import (
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

func changesOf(sizes ...int) []ledger.Change {
	changes := make([]ledger.Change, len(sizes))
	for i, n := range sizes {
		changes[i].JSON = make([]byte, n)
	}
	return changes
}

func TestPartsKeepTheOrderAndTheLimits(t *testing.T) {
	t.Parallel()
	const full = ledger.InlineBytes
	for name, tc := range map[string]struct {
		changes []ledger.Change
		want    []int // changes of each part
		big     bool
	}{
		"nothing":                {nil, nil, false},
		"one":                    {changesOf(1), []int{1}, false},
		"as many as go in":       {make([]ledger.Change, ledger.InlineChanges), []int{ledger.InlineChanges}, false},
		"one too many":           {make([]ledger.Change, ledger.InlineChanges+1), []int{ledger.InlineChanges, 1}, true},
		"twice as many and one":  {make([]ledger.Change, 2*ledger.InlineChanges+1), []int{ledger.InlineChanges, ledger.InlineChanges, 1}, true},
		"as long as goes in":     {changesOf(full-1, 1), []int{2}, false},
		"a byte too long":        {changesOf(full, 1), []int{1, 1}, true},
		"one too long by itself": {changesOf(1, full+1, 1), []int{1, 1, 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := ledger.Parts(tc.changes)
			if len(parts) != len(tc.want) {
				t.Fatalf("%d parts, want %d", len(parts), len(tc.want))
			}
			next := 0
			for i, part := range parts {
				if len(part) != tc.want[i] {
					t.Errorf("part %d has %d changes, want %d", i, len(part), tc.want[i])
				}
				if &part[0] != &tc.changes[next] {
					t.Errorf("part %d does not begin at change %d", i, next)
				}
				next += len(part)
			}
			c := ledger.Commit{Changes: tc.changes}
			if c.Big() != tc.big {
				t.Errorf("big: %v, want %v", c.Big(), tc.big)
			}
		})
	}
}

func TestWhatMayBeAppended(t *testing.T) {
	t.Parallel()
	chain := func() (commits []*ledger.Commit) {
		var at ledger.Position
		for range 3 {
			c := &ledger.Commit{Token: ledger.NewID16()}
			c.Seal(at)
			at = c.Position()
			commits = append(commits, c)
		}
		return commits
	}
	if err := ledger.CheckAppend(ledger.Position{}, chain()); err != nil {
		t.Errorf("a chain is refused: %v", err)
	}
	if err := ledger.CheckAppend(ledger.Position{Seq: 9}, nil); err != nil {
		t.Errorf("nothing is refused: %v", err)
	}
	for name, spoil := range map[string]func([]*ledger.Commit) fault.Code{
		"another number": func(c []*ledger.Commit) fault.Code { c[1].Seq = 3; return fault.CodeInternal },
		"another link":   func(c []*ledger.Commit) fault.Code { c[2].Prev[0]++; return fault.CodeInternal },
		"not sealed":     func(c []*ledger.Commit) fault.Code { c[2].Hash = ledger.Digest{}; return fault.CodeInternal },
		"a newer format": func(c []*ledger.Commit) fault.Code { c[0].Format = 2; return fault.CodeNewerFormat },
		"the most changes": func(c []*ledger.Commit) fault.Code {
			c[0].Changes = make([]ledger.Change, ledger.MaxChanges)
			return ""
		},
		"a change too many": func(c []*ledger.Commit) fault.Code {
			c[0].Changes = make([]ledger.Change, ledger.MaxChanges+1)
			return fault.CodeCommitTooLarge
		},
	} {
		commits := chain()
		want := spoil(commits)
		err := ledger.CheckAppend(ledger.Position{}, commits)
		if (want == "") != (err == nil) || (want != "" && !fault.Is(err, want)) {
			t.Errorf("%s: got %v, want code %q", name, err, want)
		}
	}
}
