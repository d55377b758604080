package readmodel_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
	"dalil/internal/search"
)

// someQueries are what is looked for: names as they are, in parts, with typos, in other forms, and what is nowhere.
var someQueries = []string{
	"agence", "agence emploi", "agnece nationale", "nationale promotion", "travail", "ministere du trav", "وزارة", "الوزارة تشغيل",
	"oit", "OIM travail", "fonds solidarite", "ecole", "a", "de la", "zone introuvable", "emploi zone", "nat emp", "SNMPI", "age prom", "وزارة ال", "introuvable", "x1", "prose emploi agence",
}

// found is how the oracle finds one record.
type found struct {
	score, connections int
	told               string
}

// textOf is one text of a record and where it stands.
type textOf struct {
	search.Text
	place string
}

// textsOf lists the texts that a record is found by.
func textsOf(r directory.Record) []textOf {
	var all []textOf
	add := func(field string, class search.Class, t directory.Text) {
		langs := []string{}
		for lang := range t {
			langs = append(langs, lang)
		}
		for _, lang := range sorted(langs) {
			all = append(all, textOf{search.Text{Value: t[lang], Class: class}, field + " " + lang})
		}
	}
	single := func(field string, class search.Class, value, lang string) {
		if lang == "" {
			lang = "und"
		}
		if value != "" {
			add(field, class, directory.Text{lang: value})
		}
	}
	acronyms := func(name directory.Text) {
		found := directory.Text{}
		for lang, value := range name {
			if at := acronymAtEnd.FindStringSubmatch(value); at != nil {
				found[lang] = at[1]
			} else if at := acronymBefore.FindStringSubmatch(value); at != nil {
				found[lang] = at[1]
			}
		}
		add("name", search.OtherName, found)
	}
	switch r := r.(type) {
	case *directory.Actor:
		add("name", search.Name, r.Name)
		acronyms(r.Name)
		add("acronym", search.Acronym, r.Acronym)
		for _, other := range r.OtherNames {
			single("other_names", map[string]search.Class{"former": search.Former, "alias": search.OtherName, "acronym": search.OtherName}[other.Type], other.Value, other.Lang)
		}
		add("mandate", search.Prose, r.Mandate)
		add("summary", search.Prose, r.Summary)
	case *directory.Initiative:
		add("name", search.Name, r.Name)
		acronyms(r.Name)
		add("acronym", search.Acronym, r.Acronym)
		add("summary", search.Prose, r.Summary)
	case *directory.Function:
		add("label", search.Name, r.Label)
		single("notation", search.Acronym, r.Notation, "")
		add("definition", search.Prose, r.Definition)
	case *directory.Role:
		add("description", search.Prose, r.Description)
	case *directory.Relation:
		add("description", search.Prose, r.Description)
	case *directory.Source:
		single("title", search.Name, r.Title, r.Language)
		single("publisher", search.Prose, r.Publisher, r.Language)
		single("note", search.Prose, r.Note, r.Language)
	}
	return all
}

// acronymAtEnd and acronymBefore are where the names of the test tell their acronyms.
var (
	acronymAtEnd  = regexp.MustCompile(`\(([A-Z]{2,12})\)$`)
	acronymBefore = regexp.MustCompile(`^([A-Z]{2,12}) – `)
)

// partsOf are the records whose texts a record is found by, with what stands before their places.
func (o *oracle) partsOf(ref directory.Ref) (parts []directory.Record, before []string) {
	add := func(name string, ref directory.Ref) {
		if r, ok := o.held[ref]; ok && ref.ID != "" && !erased(r) {
			parts, before = append(parts, r), append(before, name)
		}
	}
	add("", ref)
	switch r := o.held[ref].(type) {
	case *directory.Role:
		add("actor.", directory.Ref{Kind: directory.Actors, ID: r.Actor})
		add("function.", directory.Ref{Kind: directory.Functions, ID: r.Function})
		add("initiative.", directory.Ref{Kind: directory.Initiatives, ID: r.Initiative})
	case *directory.Relation:
		add("from.", directory.Ref{Kind: directory.Actors, ID: r.From})
		add("to.", directory.Ref{Kind: directory.Actors, ID: r.To})
	}
	return parts, before
}

// found looks for what a query looks for, record by record, each by an index of its own.
func (o *oracle) found(q *readmodel.Query) map[directory.Ref]found {
	key := fmt.Sprint(q.Kind, q.Q, q.Clearance, asksArchived(q.Filters))
	if known, ok := o.finds[key]; ok {
		return known
	}
	all := make(map[directory.Ref]found)
	o.finds[key] = all
	query, ok := search.NewQuery(q.Q)
	if !ok {
		return all
	}
	var refs []directory.Ref
	for _, ref := range o.refs(q.Kind) {
		if o.visible(ref, q.Clearance) && (o.live(ref) || asksArchived(q.Filters)) && !erased(o.held[ref]) {
			refs = append(refs, ref)
		}
	}
	matchers := make([][]*search.Matcher, len(refs))
	sets := make([]search.Bits, query.Len())
	seen := search.NewBits(uint32(len(refs)))
	for n, ref := range refs {
		seen.Add(uint32(n))
		parts, _ := o.partsOf(ref)
		for _, r := range parts {
			matchers[n] = append(matchers[n], alone(r).Match(query))
		}
	}
	gather := func() {
		for i := range sets {
			sets[i] = search.NewBits(uint32(len(refs)))
			for n := range refs {
				if slices.ContainsFunc(matchers[n], func(m *search.Matcher) bool { return m.Sets()[i].Has(0) }) {
					sets[i].Add(uint32(n))
				}
			}
		}
	}
	gather()
	if !query.FindsEnough(sets, seen) {
		for _, m := range slices.Concat(matchers...) {
			m.Widen()
		}
		gather()
	}
	weights := query.Weights(sets, seen)
	query.Hits(sets, seen, weights).Each(func(n uint32) {
		parts, before := o.partsOf(refs[n])
		hits := make([]search.Hit, len(parts))
		for i, m := range matchers[n] {
			m.Weigh(weights)
			hits[i] = m.Score(0)
		}
		hit, of := query.Together(hits)
		text := textsOf(parts[of])[hit.Text]
		all[refs[n]] = found{
			score: hit.Score, connections: o.connections(refs[n], q.Clearance),
			told: fmt.Sprint(hit.Score, " ", hit.How, " ", before[of], text.place, " ", text.Value),
		}
	})
	return all
}

// alone is an index of one record.
func alone(r directory.Record) *search.Index {
	b := search.NewBuilder()
	var texts []search.Text
	for _, text := range textsOf(r) {
		texts = append(texts, text.Text)
	}
	b.Add(texts)
	return b.Index()
}

// connections is how many live records that are seen name one, in each member once.
func (o *oracle) connections(to directory.Ref, clearance directory.Visibility) (n int) {
	for _, ref := range o.refs("") {
		if !o.live(ref) || !o.visible(ref, clearance) {
			continue
		}
		var members []string
		for _, reference := range o.held[ref].References() {
			member, _, _ := strings.Cut(strings.TrimPrefix(reference.Pointer, "/"), "/")
			if reference.To == to && !slices.Contains(members, member) {
				members = append(members, member)
			}
		}
		n += len(members)
	}
	return n
}

// told says a match in the words of the oracle.
func told(m *readmodel.Match) string {
	score := int(m.Score*search.MaxScore + 0.5)
	return fmt.Sprint(score, " ", m.How, " ", m.Field, " ", m.Lang, " ", m.Value)
}
