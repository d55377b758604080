package readmodel

import (
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// GapQuery asks where nobody is, or too many are, or where what is said may not hold.
type GapQuery struct {
	Judgement // but without the filters by group, type, raci and actor

	Rules      []string // codes of directory.VocabularyGapRules; none asks for all
	Groups     []string // constituents: only the gaps that say that one of them is absent; none asks for all gaps
	StaleAfter int      // days
	Limit      int      // of gaps told one by one

	Stop func() error // asked before each of them: what it returns ends the search; nil never does
}

// Gaps are what is missing or doubtful.
type Gaps struct {
	Findings

	Items  []Gap          `json:"items"` // by severity, by rule, then in the order of the items
	Total  int            `json:"total"` // of all, told or not
	ByRule map[string]int `json:"by_rule"`
}

// Gap is one thing that is missing or doubtful.
type Gap struct {
	Rule       string      `json:"rule"`
	Severity   string      `json:"severity"`
	Function   string      `json:"function,omitempty"`
	Initiative string      `json:"initiative,omitempty"`
	Territory  string      `json:"territory,omitempty"` // the region that is not covered
	Group      string      `json:"group,omitempty"`     // the constituent that is absent
	Detail     string      `json:"detail"`              // a sentence, in the language of the question
	Roles      []string    `json:"roles"`               // ids of the roles behind it; of what is absent there are none
	Candidates []Candidate `json:"candidates"`          // who might fill it, the nearest first
}

// Candidate is an actor that might fill a gap.
type Candidate struct {
	Actor string `json:"actor"`
	Why   string `json:"why"` // a sentence, in the language of the question
}

// gapRule is one rule: it tells its gaps, in order.
type gapRule struct {
	code, severity string
	find           func(f *gapFinder)
}

// gapRules are the rules in the order of the vocabulary.
func gapRules() []gapRule {
	return []gapRule{
		{directory.GapNoLead, directory.SeverityHigh, (*gapFinder).noLead},
		{directory.GapSeveralLeads, directory.SeverityHigh, (*gapFinder).severalLeads},
		{directory.GapNoImplementer, directory.SeverityHigh, (*gapFinder).noImplementer},
		{directory.GapNoFunder, directory.SeverityMedium, (*gapFinder).noFunder},
		{directory.GapMissingConstituent, directory.SeverityMedium, (*gapFinder).missingConstituent},
		{directory.GapTerritoryUncovered, directory.SeverityLow, (*gapFinder).territoryUncovered},
		{directory.GapUnsourced, directory.SeverityLow, (*gapFinder).unsourced},
		{directory.GapStale, directory.SeverityLow, (*gapFinder).stale},
	}
}

// Gaps answers a query. Its errors are faults about parameters.
func (s *Snapshot) Gaps(q *GapQuery) (*Gaps, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	e, err := s.evidence(&q.Analysis)
	if err != nil {
		return nil, err
	}
	f := &gapFinder{evidence: e, ask: q, items: e.itemsOf(&q.Judgement), words: gapWordsIn(q.Lang), ranks: e.typeRanks()}
	f.found = &Gaps{Findings: e.Findings, Items: []Gap{}, ByRule: make(map[string]int)}
	for _, rule := range gapRules() {
		if f.asks(rule.code) {
			f.rule = rule
			f.found.ByRule[rule.code] = 0
			rule.find(f)
		}
	}
	if f.stopped != nil {
		return nil, fmt.Errorf("looking for gaps: %w", f.stopped)
	}
	return f.found, nil
}

// check refuses rules and groups that there are not.
func (q *GapQuery) check() error {
	rules, _ := directory.VocabularyNamed(directory.VocabularyGapRules)
	for _, code := range q.Rules {
		if !rules.Has(code) {
			return unknown("rule", code, expected(rules))
		}
	}
	for _, code := range q.Groups {
		if !slices.Contains(constituents(), code) {
			return unknown("group", code, strings.Join(constituents(), ", "))
		}
	}
	return nil
}

// constituents are the groups of the tripartite constituents.
func constituents() []string {
	var codes []string
	for _, term := range groupTerms() {
		if term.Constituent {
			codes = append(codes, term.Code)
		}
	}
	return codes
}

// gapFinder finds the gaps of one query, rule by rule.
type gapFinder struct {
	*evidence

	ask   *GapQuery
	items []judged
	words *gapWords
	rule  gapRule // at work
	found *Gaps

	all   *roaring.Bitmap           // see allRoles
	here  [numKinds]*roaring.Bitmap // see rolesHere
	ranks []int                     // by code of a type: its place in the vocabulary
	last  lastCandidates
	names [numKinds][]string // by code: quoted; "" until asked for

	stopped error // what ended the search before its end

	places []uint32 // by actor, for counting prospects; all zero between two counts
}

// asks tells whether gaps of a rule are wanted.
func (f *gapFinder) asks(code string) bool {
	if len(f.ask.Groups) > 0 && code != directory.GapMissingConstituent {
		return false
	}
	return len(f.ask.Rules) == 0 || slices.Contains(f.ask.Rules, code)
}

// tell counts a gap, and makes it when there is room for it.
func (f *gapFinder) tell(make func() Gap) {
	f.count(1)
	if !f.halted() && len(f.found.Items) < f.ask.Limit {
		gap := make()
		gap.Rule, gap.Severity = f.rule.code, f.rule.severity
		if gap.Roles == nil {
			gap.Roles = []string{}
		}
		if gap.Candidates == nil {
			gap.Candidates = []Candidate{}
		}
		f.found.Items = append(f.found.Items, gap)
	}
}

// halted tells whether the search has to end.
func (f *gapFinder) halted() bool {
	if f.stopped == nil && f.ask.Stop != nil {
		f.stopped = f.ask.Stop()
	}
	return f.stopped != nil
}

func (f *gapFinder) count(n int) {
	f.found.Total += n
	f.found.ByRule[f.rule.code] += n
}

// room is how many more gaps are told.
func (f *gapFinder) room() int { return max(0, f.ask.Limit-len(f.found.Items)) }

// of is a gap of an item.
func (f *gapFinder) of(item *judged) Gap {
	if item.kind == inFunctions {
		return Gap{Function: item.ID}
	}
	return Gap{Initiative: item.ID}
}

// roleIDs returns the ids of roles, in alphabetical order.
func (f *gapFinder) roleIDs(roles []uint32) []string {
	if !slices.IsSortedFunc(roles, f.t.compare) {
		roles = slices.Clone(roles)
		slices.SortFunc(roles, f.t.compare)
	}
	ids := make([]string, len(roles))
	for i, role := range roles {
		ids[i] = f.t.id(role)
	}
	return ids
}

// about is a gap of a function, of an initiative or of both, by their codes.
func (f *gapFinder) about(function, initiative uint32) Gap {
	return Gap{Function: f.idOf(inFunctions, function), Initiative: f.idOf(inInitiatives, initiative)}
}

// firstFew returns the first few of a list in an order.
func firstFew[T any](list []T, few int, compare func(a, b T) int) []T {
	first := make([]T, 0, few+1)
	for _, x := range list {
		if len(first) == few && compare(x, first[few-1]) >= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(first, x, compare)
		first = slices.Insert(first, at, x)
		first = first[:min(few, len(first))]
	}
	return first
}

// typeLabel is what the type of a role is called.
func (f *gapFinder) typeLabel(role uint32) string {
	types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
	term, ok := types.Term(f.typeOf(role))
	if !ok {
		return f.typeOf(role)
	}
	return term.Label.In(f.ask.Lang)
}
