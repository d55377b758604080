package readmodel

import (
	"fmt"
	"strings"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// shortList is how many expected values a refusal tells; of longer lists it tells the address.
const shortList = 25

// unknown refuses a value that does not exist, or that the caller may not see.
func unknown(name, value string, expected any) error {
	return fault.AtParameter(name, fault.CodeUnknownValue, fault.Args{"value": value, "expected": expected})
}

// expected tells which codes a vocabulary has, or where they are listed.
func expected(vocabulary *directory.Vocabulary) any {
	if codes := vocabulary.Codes(); len(codes) <= shortList {
		return strings.Join(codes, ", ")
	}
	return fault.Listed("/vocabularies/" + vocabulary.Name)
}

// fieldOf returns a field of a table of the snapshot.
func (x *run) fieldOf(k kindIndex, field int) *field { return &x.s.tables[k].fields[field] }

// unheard is the code of a word that no record ever had.
const unheard = ^uint32(0)

// codeOf returns the code of a word in a field.
func (x *run) codeOf(k kindIndex, field int, word string) uint32 {
	if code := x.fieldOf(k, field).words.code(word); code != none {
		return code
	}
	return unheard
}

// having returns the records of a table that have a word in a field.
func (x *run) having(k kindIndex, field int, word string) *roaring.Bitmap {
	return x.fieldOf(k, field).set(x.codeOf(k, field, word)).bits()
}

// without returns what a filter by a field takes as absence.
func without(k kindIndex, field int) func(x *run) *roaring.Bitmap {
	return func(x *run) *roaring.Bitmap { return x.fieldOf(k, field).set(none).bits() }
}

// wordSpec filters by a field of words: codes of a vocabulary, or any when it is "".
func wordSpec(k kindIndex, name string, field int, vocabulary string) spec {
	closed, _ := directory.VocabularyNamed(vocabulary)
	code := func(x *run, value string) (uint32, error) {
		if closed != nil && !closed.Has(value) {
			return 0, unknown(name, value, expected(closed))
		}
		return x.codeOf(k, field, value), nil
	}
	return fieldSpec(k, name, field, code, labelsOf(closed))
}

// languageSpec filters sources by their language, any tag; common languages have labels.
func languageSpec() spec {
	known, _ := directory.VocabularyNamed(directory.VocabularyLanguages)
	code := func(x *run, value string) (uint32, error) { return x.codeOf(inSources, sourceLanguage, value), nil }
	return fieldSpec(inSources, "language", sourceLanguage, code, labelsOf(known))
}

// fieldSpec filters by a field of words.
func fieldSpec(k kindIndex, name string, field int, code coder, label labels) spec {
	return spec{
		name: name, code: code, field: field, absent: without(k, field), label: label, words: true,
		tally: tallyWords(k, field, label), shown: wordShown(k, field, label),
		holders: func(x *run, code uint32) *roaring.Bitmap { return x.fieldOf(k, field).set(code).bits() },
	}
}

// recordSpec filters by a field that names records, with all below them when it is deep.
func recordSpec(k kindIndex, name string, field int, deep bool) spec {
	target := linked.form[k][field].target
	code := func(x *run, value string) (uint32, error) {
		ord, err := x.named(name, target, value)
		return ord + 1, err
	}
	holders := func(x *run, code uint32) *roaring.Bitmap {
		if !deep {
			return x.fieldOf(k, field).set(code).bits()
		}
		return x.naming(x.fieldOf(k, field), x.s.tables[target].subtree(code-1))
	}
	return spec{
		name: name, code: code, field: field, deep: deep, holders: holders, absent: without(k, field),
		tally: tallyRecords(k, field, deep), names: true, shown: namedShown(target),
	}
}

// named returns the ordinal of the record that a value names.
func (x *run) named(name string, target kindIndex, value string) (uint32, error) {
	t := x.s.tables[target]
	id := value
	if target == inFunctions {
		if known, ok := x.s.FunctionNamed(value); ok {
			id = known // never told: the caller may not be the one to know it
		}
	}
	ord, entry := t.find(id)
	if entry == nil || int(t.levels.at(ord)) > x.level {
		return 0, unknown(name, value, fault.Listed("/"+string(t.kind.kind())))
	}
	return ord, nil
}

// naming returns the records whose field names one of some records.
func (x *run) naming(f *field, targets *roaring.Bitmap) *roaring.Bitmap {
	few, all := roaring.New(), []*roaring.Bitmap(nil)
	runs(targets, func(ords []uint32) {
		for _, ord := range ords {
			if s := f.set(ord + 1); s.many != nil {
				all = append(all, s.many.bits())
			} else {
				few.AddMany(s.few)
			}
		}
	})
	return union(append(all, few))
}

// underSpec filters by what stands below a record of the same kind, itself included.
func underSpec(k kindIndex) spec {
	return underOf(k, func(_ *run, subtree *roaring.Bitmap) *roaring.Bitmap { return subtree }, tallyUnder(k, ownThemselves))
}

// underOf filters by what belongs to a record and to all below it. Everything is under something.
// Its facet tells of what has something below it.
func underOf(
	k kindIndex, of func(x *run, subtree *roaring.Bitmap) *roaring.Bitmap, tally func(*run, *roaring.Bitmap) told,
) spec {
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		ord, err := x.named("under", k, value)
		if err != nil {
			return nil, err
		}
		return of(x, x.s.tables[k].subtree(ord)), nil
	}
	return spec{name: "under", find: find, absent: nothing, tally: tally, shown: namedShown(k)}
}

// nothing is the absence of what is never absent.
func nothing(*run) *roaring.Bitmap { return roaring.New() }

func rolesOfActors(x *run, actors *roaring.Bitmap) *roaring.Bitmap {
	return x.naming(x.fieldOf(inRoles, roleActor), actors)
}

func relationsOf(x *run, actors *roaring.Bitmap) *roaring.Bitmap {
	all := x.naming(x.fieldOf(inRelations, relationFrom), actors)
	all.Or(x.naming(x.fieldOf(inRelations, relationTo), actors))
	return all
}

// eitherEndSpec filters relations by an actor at either end.
func eitherEndSpec() spec {
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		ord, err := x.named("actor", inActors, value)
		if err != nil {
			return nil, err
		}
		return relationsOf(x, roaring.BitmapOf(ord)), nil
	}
	return spec{name: "actor", find: find, absent: nothing, tally: tallyEnds, shown: namedShown(inActors)}
}

// frameworkSpec filters by a code of a framework, such as GCM:5; a record stands under what covers its codes, too.
func frameworkSpec(k kindIndex, field int) spec {
	code := func(x *run, value string) (uint32, error) {
		framework, code, _ := strings.Cut(value, ":")
		if _, ok := directory.FrameworkTerm(framework, code); ok {
			return x.codeOf(k, field, value), nil
		}
		if codes, ok := directory.VocabularyNamed(framework); ok && frameworks().Has(framework) {
			return 0, unknown("framework", value, fmt.Sprintf("%s:… (%v)", framework, expected(codes)))
		}
		return 0, unknown("framework", value, strings.Join(directory.Frameworks(), ":…, ")+":…")
	}
	return fieldSpec(k, "framework", field, code, frameworkLabel)
}

func frameworks() *directory.Vocabulary {
	v, _ := directory.VocabularyNamed(directory.VocabularyFrameworks)
	return v
}

// reachSpec filters roles by a territory, what lies below it, and what it lies in.
func reachSpec() spec {
	places, _ := directory.VocabularyNamed(directory.VocabularyTerritories)
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		if !directory.IsTerritory(value) {
			return nil, unknown("reach", value, fault.Listed("/vocabularies/territories"))
		}
		all := x.having(inRoles, roleTerritory, value).Clone()
		for above := directory.TerritoryParent(value); above != ""; above = directory.TerritoryParent(above) {
			all.Or(x.having(inRoles, rolePlace, above))
		}
		return all, nil
	}
	return spec{
		name: "reach", find: find, absent: without(inRoles, rolePlace), tally: tallyReach,
		shown: termShown(places),
	}
}

// identifierSpec filters actors by scheme:value, or by a scheme alone; its facet counts the schemes.
func identifierSpec() spec {
	schemes, _ := directory.VocabularyNamed(directory.VocabularyIdentifierSchemes)
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		scheme, number, whole := strings.Cut(value, ":")
		switch {
		case !schemes.Has(scheme):
			return nil, unknown("identifier", value, strings.Join(schemes.Codes(), ":…, ")+":…")
		case !whole:
			return x.having(inActors, actorScheme, scheme), nil
		}
		return x.having(inActors, actorIdentifier, bareKey(directory.Identifier{Scheme: scheme, Value: number})), nil
	}
	return spec{
		name: "identifier", find: find, absent: without(inActors, actorIdentifier),
		tally: tallyWords(inActors, actorScheme, labelsOf(schemes)), shown: wordShown(inActors, actorScheme, labelsOf(schemes)),
	}
}

// stateSpec filters initiatives by what they say of their state, or else what their dates say on the day of the query.
func stateSpec() spec {
	states, _ := directory.VocabularyNamed(directory.VocabularyInitiativeStates)
	find := func(x *run, value string) (*roaring.Bitmap, error) {
		if !states.Has(value) {
			return nil, unknown("state", value, expected(states))
		}
		found := roaring.New()
		for ord := range x.t.size {
			if i := x.initiative(ord); i != nil && i.StateOn(x.stateDay()) == value {
				found.Add(ord)
			}
		}
		return found, nil
	}
	return spec{
		name: "state", dated: true, find: find, absent: nothing, tally: tallyStates,
		shown: termShown(states),
	}
}

// initiative returns the initiative of an ordinal; nil when none is held.
func (x *run) initiative(ord uint32) *directory.Initiative {
	entry := x.s.tables[inInitiatives].entries.at(ord)
	if entry == nil {
		return nil
	}
	i, _ := entry.Record().(*directory.Initiative)
	return i
}

// stateDay is the day on which states are derived from dates.
func (x *run) stateDay() directory.Day {
	if x.asOf.Any {
		return x.q.Today
	}
	return x.asOf.Day.Last
}

// since returns the records whose time is not before an instant, or all others.
func (x *run) since(name, value string, times *vector[int64], others bool) (*roaring.Bitmap, error) {
	instant, err := instantOf(name, value)
	if err != nil {
		return nil, err
	}
	found := make([]uint32, 0, 64)
	for ord := uint32(0); ord < x.t.size; ord += leafSize {
		run := times.run(ord)
		for i := range min(leafSize, x.t.size-ord) {
			at := int64(0)
			if int(i) < len(run) {
				at = run[i]
			}
			if (at >= instant) != others {
				found = append(found, ord+i)
			}
		}
	}
	bits := roaring.New()
	bits.AddMany(found)
	return bits, nil
}

// instantOf reads a date, meaning its first instant in UTC, or an RFC 3339 time, in milliseconds.
func instantOf(name, value string) (int64, error) {
	if date := directory.Date(value); date.Valid() {
		first, _ := date.Span()
		return int64(first) * 86_400_000, nil
	}
	at, err := time.Parse(time.RFC3339Nano, value)
	if err != nil {
		return 0, fault.AtParameter(name, fault.CodeBadTime, nil)
	}
	return at.UnixMilli(), nil
}
