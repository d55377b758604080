package readmodel

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// What a report of quality has a row for.
const (
	ByGroup By = "group" // each group of actors, those without any included
	ByOwner By = "owner" // each organisation, with its units: whoever keeps their records
	ByActor By = "actor" // each actor
)

// QualityQuery asks for a report of quality.
type QualityQuery struct {
	Analysis

	By         By
	StaleAfter int // after how many days what was confirmed has to be confirmed again
	Limit      int // of items
}

// QualityReport tells how complete and how fresh what is known of some actors is.
type QualityReport struct {
	Findings

	Items  []QualityItem       `json:"items"`  // groups in their order; others the least complete first
	Total  int                 `json:"total"`  // of items, told or not
	All    QualityCounts       `json:"all"`    // of all actors, each once
	Fields map[string][]string `json:"fields"` // by group: what counts
}

// QualityItem is one row of a report.
type QualityItem struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	QualityCounts

	key uint32
}

// QualityCounts are what a report tells of some actors.
type QualityCounts struct {
	Actors    int             `json:"actors"`
	Percent   int             `json:"percent"`         // the mean of their completeness, rounded down; 0 of none
	Complete  int             `json:"complete"`        // how many lack nothing that counts
	Missing   map[string]int  `json:"missing"`         // by field that counts: how many lack it
	Roles     int             `json:"roles"`           // of the evidence
	Unsourced int             `json:"unsourced_roles"` // how many of them name no source
	Fresh     int             `json:"fresh"`           // how many were confirmed lately
	Stale     int             `json:"stale"`           // confirmed, but not lately
	Never     int             `json:"never_attested"`
	Attested  *directory.Time `json:"last_attested,omitempty"` // the last time that one of them was confirmed

	sum  int // of the percents
	last int64
}

// Quality answers a report. It is about the live actors that hold at AsOf, of which the filters actor, under, group and
// country choose; with other filters about those of them that have a role of the evidence. Its errors are faults about
// parameters.
func (s *Snapshot) Quality(q *QualityQuery) (*QualityReport, error) {
	e, err := s.evidence(&q.Analysis)
	if err != nil {
		return nil, err
	}
	actors, err := e.actorsAbout(&q.Analysis)
	if err != nil {
		return nil, err
	}
	c := &qualityCount{evidence: e, rows: make(map[uint32]*QualityItem)}
	c.stale = int64(q.Today-directory.Day(q.StaleAfter)) * milliseconds //nolint:gosec // a few thousand
	c.keyOf = c.keys(q.By)
	c.count(actors)
	r := &QualityReport{Findings: e.Findings, Fields: make(map[string][]string)}
	for _, group := range groupTerms() {
		r.Fields[group.Code] = directory.CountedFields(group.Code)
	}
	items := c.items(q.By)
	r.Total, r.Items = len(items), items[:min(len(items), q.Limit)]
	for i := range r.Items {
		c.name(&r.Items[i], q.By)
	}
	r.All = c.all
	return r, nil
}

// actorsAbout are the actors that a report is about.
func (e *evidence) actorsAbout(q *Analysis) (*roaring.Bitmap, error) {
	own := []string{"under", "group", "country"}
	list := &Query{Kind: directory.Actors, Clearance: q.Clearance, Lang: q.Lang, Today: q.Today}
	for i := range q.Filters {
		if slices.Contains(own, q.Filters[i].Name) {
			list.Filters = append(list.Filters, q.Filters[i])
		}
	}
	x := &run{s: e.s, q: list, t: e.s.tables[inActors], level: e.level, asOf: e.asOf, rolesAsOf: e.asOf}
	var err error
	if x.terms, err = x.find(); err != nil {
		return nil, err
	}
	chosen := x.choose(leaveNone)
	for i := range q.Filters {
		if f := &q.Filters[i]; f.Name == "actor" {
			if len(f.Values) > 0 || f.None { // none chooses nobody
				chosen = roaring.And(chosen, e.actorsNamed(f.Values))
			}
			chosen = roaring.AndNot(chosen, e.actorsNamed(f.Not))
		}
	}
	if e.onlyAbout(append(own, "actor")...) {
		return chosen, nil
	}
	return x.owners(e.roles, roleActor, chosen), nil
}

// actorsNamed are the actors with some ids, which were found before.
func (e *evidence) actorsNamed(ids []string) *roaring.Bitmap {
	named := roaring.New()
	for _, id := range ids {
		if ord, err := e.named("actor", inActors, id); err == nil {
			named.Add(ord)
		}
	}
	return named
}

// qualityCount counts actors and roles by row.
type qualityCount struct {
	*evidence

	keyOf func(actor uint32) uint32
	rows  map[uint32]*QualityItem
	all   QualityCounts
	stale int64 // what was confirmed before is
}

// keys says which row an actor belongs to: the code of its group, or an actor.
func (c *qualityCount) keys(by By) func(uint32) uint32 {
	switch by {
	case ByOwner:
		return c.s.heads().of
	case ByActor:
		return func(actor uint32) uint32 { return actor }
	default:
		groups := &c.fieldOf(inActors, actorGroup).one
		return func(actor uint32) uint32 { return groups.at(actor) }
	}
}

func (c *qualityCount) count(actors *roaring.Bitmap) {
	c.all.Missing = make(map[string]int)
	runs(actors, func(ords []uint32) {
		for _, ord := range ords {
			key := c.keyOf(ord)
			row := c.rows[key]
			if row == nil {
				row = newQualityItem(key)
				c.rows[key] = row
			}
			c.addActor(&row.QualityCounts, ord)
			c.addActor(&c.all, ord)
		}
	})
	holder, sources := c.fieldOf(inRoles, roleActor), &c.fieldOf(inRoles, ofSource).one
	eachCode(holder, c.roles, func(role, code uint32) {
		if code == none || !actors.Contains(code-1) {
			return
		}
		unsourced := sources.at(role) == none
		c.rows[c.keyOf(code-1)].addRole(unsourced)
		c.all.addRole(unsourced)
	})
	c.all.end()
	for _, row := range c.rows { // in any order: each by itself
		row.end()
	}
}

func newQualityItem(key uint32) *QualityItem {
	return &QualityItem{key: key, QualityCounts: QualityCounts{Missing: make(map[string]int)}}
}

func (c *qualityCount) addActor(to *QualityCounts, ord uint32) {
	t := c.s.tables[inActors]
	to.Actors++
	complete := &t.fields[actorComplete]
	to.sum += percentOf(complete, complete.one.at(ord))
	missing := &t.fields[actorMissing]
	codes := missing.codes(ord, nil)
	for _, code := range codes {
		to.Missing[missing.words.value(code)]++
	}
	if len(codes) == 0 {
		to.Complete++
	}
	switch at := t.attested.at(ord); {
	case at == 0:
		to.Never++
	case at < c.stale:
		to.Stale++
		to.last = max(to.last, at)
	default:
		to.Fresh++
		to.last = max(to.last, at)
	}
}

func (n *QualityCounts) addRole(unsourced bool) {
	n.Roles++
	if unsourced {
		n.Unsourced++
	}
}

// end works out what follows from what was counted.
func (n *QualityCounts) end() {
	if n.Actors > 0 {
		n.Percent = n.sum / n.Actors
	}
	if n.last > 0 {
		at := directory.At(time.UnixMilli(n.last))
		n.Attested = &at
	}
}

// items are the rows in order: groups in that of their vocabulary, others the least complete first, then those with the
// most unsourced roles, then by id.
func (c *qualityCount) items(by By) []QualityItem {
	var items []QualityItem
	if by == ByGroup {
		codes := c.fieldOf(inActors, actorGroup).words
		for _, group := range groupTerms() {
			row := newQualityItem(none)
			if held := c.rows[codes.code(group.Code)]; held != nil {
				row = held
			}
			row.ID, row.Label = group.Code, group.Label.In(c.q.Lang)
			items = append(items, *row)
		}
		return items
	}
	for _, row := range c.rows { // in any order: they are sorted
		row.ID = c.s.tables[inActors].id(row.key)
		items = append(items, *row)
	}
	slices.SortFunc(items, func(a, b QualityItem) int {
		return cmp.Or(cmp.Compare(a.Percent, b.Percent), cmp.Compare(b.Unsourced, a.Unsourced), strings.Compare(a.ID, b.ID))
	})
	return items
}

// name says what the actor of a row is called.
func (c *qualityCount) name(row *QualityItem, by By) {
	if by != ByGroup {
		row.Label = c.labelOf(inActors, row.key)
	}
}
