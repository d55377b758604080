package readmodel

import (
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"

	"dalil/internal/directory"
)

// coder returns the code of a value, or refuses a value that does not exist or that the caller may not see.
type coder func(x *run, value string) (uint32, error)

// spec says how one filter of a kind works, and its facet where it has one.
type spec struct {
	name string
	// code and holders are of filters by a field: the code of a value, and the records that have it, live or not; of a
	// filter through roles these are roles. What is returned must not be changed.
	code    coder
	holders func(x *run, code uint32) *roaring.Bitmap
	field   int
	deep    bool // the field names records, and what lies above them counts, too
	// find is of all other filters: the records that have a value, or a refusal.
	find  func(x *run, value string) (*roaring.Bitmap, error)
	dated bool // what find returns depends on the date
	// counted tells that what find returns depends on the roles that hold.
	counted bool
	// absent returns the records without a value; nil where absence cannot be asked.
	absent func(x *run) *roaring.Bitmap
	// tally counts the values among some records; nil where there is no facet. Of a filter through roles it is given
	// roles, and counts the different records that have them.
	tally func(x *run, among *roaring.Bitmap) told
	// shown names a value that the filter took, as the facet does; nil where the facet takes no filter.
	shown func(x *run, value string) *FacetName
	// label tells what a value is called; nil of filters by records.
	label  labels
	counts string // of a filter that cuts at an instant: the facet that counts the instants
	bars   bool   // the facet counts dates, and what has none with them
	words  bool   // the facet counts the words of a field of the records themselves
	names  bool   // the facet counts the records that a field of the records themselves names
	// through is the field of roles that holds the record that a filter through roles is about; zero of others.
	through int
}

// specs holds the filters of every kind; it never changes.
var specs = sync.OnceValue(newSpecs)

func newSpecs() *[numKinds][]spec {
	var all [numKinds][]spec
	for k := range inKeys {
		all[k] = slices.Concat(commonSpecs(k), kindSpecs(k), histograms(k), instants())
	}
	return &all
}

// commonSpecs are the filters that every kind has.
func commonSpecs(k kindIndex) []spec {
	return []spec{
		wordSpec(k, "status", ofStatus, directory.VocabularyStatuses),
		wordSpec(k, "visibility", ofVisibility, directory.VocabularyVisibilities),
		wordSpec(k, "confidence", ofConfidence, directory.VocabularyConfidences),
		recordSpec(k, "source", ofSource, false),
		wordSpec(k, "tag", ofTag, ""),
		{name: "updated_since", counts: "updated", find: func(x *run, value string) (*roaring.Bitmap, error) {
			return x.since("updated_since", value, &x.t.updated, false)
		}},
	}
}

func kindSpecs(k kindIndex) []spec {
	switch k {
	case inActors:
		return append(actorSpecs(), throughSpecs(roleActor, "type", "raci", "function", "initiative", "framework")...)
	case inInitiatives:
		return append(initiativeSpecs(), throughSpecs(roleInitiative, "actor")...)
	case inFunctions:
		return []spec{
			recordSpec(k, "parent", functionParent, false),
			underSpec(k),
			frameworkSpec(k, functionFramework),
		}
	case inRoles:
		return roleSpecs()
	case inRelations:
		return []spec{
			recordSpec(k, "from", relationFrom, false),
			recordSpec(k, "to", relationTo, false),
			eitherEndSpec(),
			underOf(inActors, relationsOf, tallyUnderEnds),
			wordSpec(k, "type", relationType, directory.VocabularyRelationTypes),
		}
	case inSources:
		return []spec{
			wordSpec(k, "kind", sourceKind, directory.VocabularySourceKinds),
			wordSpec(k, "publisher", sourcePublisher, ""),
			languageSpec(),
		}
	default:
		return nil
	}
}

func actorSpecs() []spec {
	k := inActors
	return []spec{
		wordSpec(k, "group", actorGroup, directory.VocabularyGroups),
		wordSpec(k, "kind", actorKind, directory.VocabularyActorKinds),
		recordSpec(k, "parent", actorParent, false),
		underSpec(k),
		wordSpec(k, "country", actorCountry, directory.VocabularyCountries),
		wordSpec(k, "territory", actorTerritory, directory.VocabularyTerritories),
		wordSpec(k, "state", actorState, directory.VocabularyActorStates),
		identifierSpec(),
		{name: "unattested_since", counts: "attested", find: func(x *run, value string) (*roaring.Bitmap, error) {
			return x.since("unattested_since", value, &x.t.attested, true)
		}},
		wordSpec(k, "missing", actorMissing, directory.VocabularyCountedFields),
		completenessSpec(),
		unsourcedSpec(),
	}
}

func initiativeSpecs() []spec {
	k := inInitiatives
	return []spec{
		wordSpec(k, "kind", initiativeKind, directory.VocabularyInitiativeKinds),
		recordSpec(k, "parent", initiativeParent, false),
		underSpec(k),
		stateSpec(),
		wordSpec(k, "territory", initiativeTerritory, directory.VocabularyTerritories),
		frameworkSpec(k, initiativeFramework),
	}
}

func roleSpecs() []spec {
	k := inRoles
	return []spec{
		recordSpec(k, "actor", roleActor, false),
		underOf(inActors, rolesOfActors, tallyUnder(inActors, ownRoles)),
		wordSpec(k, "group", roleGroup, directory.VocabularyGroups),
		wordSpec(k, "type", roleType, directory.VocabularyRoleTypes),
		wordSpec(k, "raci", roleLetter, directory.VocabularyRACI),
		recordSpec(k, "function", roleFunction, true),
		recordSpec(k, "initiative", roleInitiative, true),
		wordSpec(k, "territory", roleTerritory, directory.VocabularyTerritories),
		reachSpec(),
		wordSpec(k, "counterpart", roleCounterpart, directory.VocabularyCountries),
		frameworkSpec(k, roleFramework),
		wordSpec(k, "country", roleCountry, directory.VocabularyCountries),
	}
}

// throughSpecs are those filters of roles by which their actors, or their initiatives, can be filtered.
func throughSpecs(through int, names ...string) []spec {
	var found []spec
	for _, s := range roleSpecs() {
		for _, name := range names {
			if s.name == name {
				s.through = through
				s.tally, s.words, s.names = s.tallyOwners, false, false
				found = append(found, s)
			}
		}
	}
	return found
}

// filters tells whether it is a filter, and not only a facet.
func (s *spec) filters() bool { return s.code != nil || s.find != nil }

// specNamed returns a filter, or a facet, of a kind.
func specNamed(k kindIndex, name string) (*spec, bool) {
	for i := range specs()[k] {
		if specs()[k][i].name == name {
			return &specs()[k][i], true
		}
	}
	return nil, false
}

// FilterNames returns the filters that lists of a kind have.
func FilterNames(kind directory.Kind) []string {
	return specNames(kind, (*spec).filters)
}

// FacetNames returns the facets that lists of a kind have.
func FacetNames(kind directory.Kind) []string {
	return specNames(kind, func(s *spec) bool { return s.tally != nil })
}

func specNames(kind directory.Kind, wanted func(*spec) bool) (names []string) {
	k, ok := indexOf(kind)
	if !ok {
		return nil
	}
	for i := range specs()[k] {
		if wanted(&specs()[k][i]) {
			names = append(names, specs()[k][i].name)
		}
	}
	return names
}
