package readmodel

import (
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
)

// indexer writes the fields of one record.
type indexer struct {
	edit  *Edit
	table *table
	ord   uint32
	fresh bool // no set holds the record yet
	named bool // the record names other records than before

	columns bool // only the columns are written; the sets are gathered from them
}

func (e *Edit) indexer(k kindIndex, ord uint32, fresh bool) *indexer {
	return &indexer{edit: e, table: e.table(k), ord: ord, fresh: fresh}
}

// envelope writes what every kind has.
func (in *indexer) envelope(entry *Entry, head *directory.Envelope) {
	t, o := in.table, in.edit.owner
	status := head.Status
	if entry.Archived() {
		status = directory.Archived
	}
	in.word(ofStatus, string(status))
	in.word(ofVisibility, string(head.Visibility))
	in.word(ofConfidence, head.Confidence)
	in.ids(ofSource, head.Sources)
	in.words(ofTag, head.Tags)
	if head.Created != nil {
		assign(&t.created, o, in.ord, head.Created.At.UnixMilli())
	}
	if head.Updated != nil {
		assign(&t.updated, o, in.ord, head.Updated.At.UnixMilli())
	}
	attested := int64(0)
	if head.Attested != nil {
		attested = head.Attested.At.UnixMilli()
	}
	assign(&t.attested, o, in.ord, attested)
}

// record writes what its kind has by itself.
func (in *indexer) record(record directory.Record) {
	switch r := record.(type) {
	case *directory.Actor:
		in.actor(r)
	case *directory.Initiative:
		in.initiative(r)
	case *directory.Function:
		in.function(r)
	case *directory.Role:
		in.role(r)
	case *directory.Relation:
		in.relation(r)
	case *directory.Source:
		in.source(r)
	case *directory.APIKey:
		in.word(keyHash, r.Hash)
	}
}

func (in *indexer) actor(a *directory.Actor) {
	in.word(actorKind, a.Kind)
	in.word(actorGroup, a.Group)
	in.id(actorParent, a.Parent)
	in.word(actorCountry, a.Country)
	in.words(actorTerritory, withAbove(a.Territories))
	in.word(actorState, stateOf(a))
	var room [3][8]string
	keys, schemes, missing := room[0][:0], room[1][:0], a.AppendMissing(room[2][:0])
	for _, identifier := range a.Identifiers {
		schemes = append(schemes, identifier.Scheme)
		keys = append(keys, directory.IdentifierKey(identifier))
		if identifier.Issuer != "" {
			keys = append(keys, bareKey(identifier))
		}
	}
	in.words(actorIdentifier, keys)
	in.words(actorScheme, schemes)
	in.words(actorMissing, missing)
	in.word(actorComplete, strconv.Itoa(directory.CompletenessWithout(a.Group, len(missing))))
	in.period(a.Period())
}

// stateOf is the state of an actor: active when it says nothing.
func stateOf(a *directory.Actor) string {
	if a.State == "" {
		return directory.ActorActive
	}
	return a.State
}

// bareKey is the key of an identifier whatever its issuer.
func bareKey(identifier directory.Identifier) string {
	identifier.Issuer = ""
	return directory.IdentifierKey(identifier)
}

func (in *indexer) initiative(i *directory.Initiative) {
	in.word(initiativeKind, i.Kind)
	in.id(initiativeParent, i.Parent)
	linked := make([]string, len(i.Links))
	for n, link := range i.Links {
		linked[n] = link.Initiative
	}
	in.ids(initiativeLink, linked)
	in.words(initiativeTerritory, withAbove(i.Territories))
	in.words(initiativeFramework, withCovering(nil, i.Frameworks))
	in.period(i.Period())
}

func (in *indexer) function(f *directory.Function) {
	in.id(functionParent, f.Parent)
	in.words(functionFramework, withCovering(nil, f.Frameworks))
	in.word(functionNotation, strings.ToLower(f.Notation))
}

func (in *indexer) role(r *directory.Role) {
	in.id(roleActor, r.Actor)
	in.word(roleType, r.Type)
	in.id(roleFunction, r.Function)
	in.id(roleInitiative, r.Initiative)
	in.words(roleTerritory, withAbove(r.Territories))
	in.words(rolePlace, r.Territories)
	in.words(roleCounterpart, r.Counterparts)
	in.word(roleLetter, r.Letter())
	var amount directory.Money
	if r.Amount != nil {
		amount = *r.Amount
	}
	in.word(roleCurrency, amount.Currency)
	assign(&in.table.amounts, in.edit.owner, in.ord, amount.Amount)
}

// derived writes what a role takes from the records that it names.
func (in *indexer) derived(r *directory.Role) {
	e := in.edit
	var group, country string
	if _, entry := e.tables[inActors].find(r.Actor); entry != nil && !entry.Erased() {
		traits := actorTraits(entry)
		group, country = traits.group, traits.country
	}
	in.word(roleGroup, group)
	in.word(roleCountry, country)
	var codes []string
	if _, entry := e.tables[inFunctions].find(r.Function); entry != nil {
		codes = withCovering(codes, frameworksOf(entry))
	}
	if _, entry := e.tables[inInitiatives].find(r.Initiative); entry != nil {
		codes = withCovering(codes, frameworksOf(entry))
	}
	in.words(roleFramework, codes)
}

func (in *indexer) relation(r *directory.Relation) {
	in.id(relationFrom, r.From)
	in.id(relationTo, r.To)
	in.word(relationType, r.Type)
	in.period(r.Period())
}

func (in *indexer) source(s *directory.Source) {
	in.word(sourceKind, s.Kind)
	in.word(sourcePublisher, s.Publisher)
	in.word(sourceLanguage, s.Language)
	in.period(directory.PeriodOf(s.Date, ""))
}

func (in *indexer) period(p directory.Period) { assign(&in.table.periods, in.edit.owner, in.ord, p) }

// word writes a member that has one value or none.
func (in *indexer) word(field int, value string) {
	f := &in.table.fields[field]
	in.one(f, in.code(f, value))
}

// words writes a member that has several values, in any order.
func (in *indexer) words(field int, values []string) {
	f := &in.table.fields[field]
	codes := in.edit.scratch[:0]
	for _, value := range values {
		codes = append(codes, in.code(f, value))
	}
	in.many(f, codes)
}

// code returns the code of a value, giving it one when it has none.
func (in *indexer) code(f *field, value string) uint32 {
	if in.columns {
		return f.words.load(value)
	}
	return f.word(in.edit.owner, value)
}

// id writes a member that names one record or none.
func (in *indexer) id(field int, id string) {
	f := &in.table.fields[field]
	code := none
	if id != "" {
		code = in.edit.code(linked.form[in.table.kind][field].target, id)
	}
	in.named = in.named || f.one.at(in.ord) != code
	in.one(f, code)
}

// ids writes a member that names several records, in any order.
func (in *indexer) ids(field int, ids []string) {
	f := &in.table.fields[field]
	codes := in.edit.scratch[:0]
	for _, id := range ids {
		codes = append(codes, in.edit.code(linked.form[in.table.kind][field].target, id))
	}
	if in.many(f, codes) {
		in.named = true
	}
}

// code returns the code of a record that is named, held or not.
func (e *Edit) code(k kindIndex, id string) uint32 {
	if ord, ok := e.tables[k].ordinal(id); ok { // without making the table ours
		return ord + 1
	}
	return e.table(k).admit(id) + 1
}

func (in *indexer) one(f *field, code uint32) {
	if in.columns {
		assign(&f.one, in.edit.owner, in.ord, code)
		return
	}
	if code == none {
		f.put(in.edit.owner, in.ord, nil, in.fresh)
		return
	}
	f.put(in.edit.owner, in.ord, []uint32{code}, in.fresh)
}

// many tells whether the codes differ from those before. It takes the scratch list back.
func (in *indexer) many(f *field, codes []uint32) (differ bool) {
	slices.Sort(codes)
	in.edit.scratch = codes
	codes = slices.Compact(codes)
	if len(codes) > 0 && codes[0] == none {
		codes = codes[1:] // an empty word is no value
	}
	if in.columns {
		number := none
		if len(codes) > 0 {
			number = f.lists.load(codes)
		}
		assign(&f.one, in.edit.owner, in.ord, number)
		return true
	}
	differ = !slices.Equal(codes, f.codes(in.ord, nil))
	f.put(in.edit.owner, in.ord, codes, in.fresh)
	return differ
}

// withAbove returns the codes of territories and of those above them.
func withAbove(codes []string) []string {
	all := slices.Clone(codes)
	for _, code := range codes {
		for above := directory.TerritoryParent(code); above != ""; above = directory.TerritoryParent(above) {
			all = append(all, above)
		}
	}
	return all
}

// withCovering appends codes of frameworks and those that cover them.
func withCovering(all []string, codes []directory.FrameworkCode) []string {
	for _, code := range codes {
		all = append(all, code.String())
		term, ok := directory.FrameworkTerm(code.Framework, code.Code)
		for ok && term.Parent != "" {
			all = append(all, code.Framework+":"+term.Parent)
			term, ok = directory.FrameworkTerm(code.Framework, term.Parent)
		}
	}
	return all
}
