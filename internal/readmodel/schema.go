package readmodel

import "dalil/internal/directory"

// kindIndex numbers the kinds of records, for arrays by kind.
type kindIndex uint8

const (
	inSources kindIndex = iota
	inFunctions
	inActors
	inInitiatives
	inRoles
	inRelations
	inKeys
	inHooks
	inCitations
	numKinds
)

// indexOf returns the number of a kind; ok is false for a kind that no ledger holds.
func indexOf(kind directory.Kind) (index kindIndex, ok bool) {
	switch kind {
	case directory.Sources:
		return inSources, true
	case directory.Functions:
		return inFunctions, true
	case directory.Actors:
		return inActors, true
	case directory.Initiatives:
		return inInitiatives, true
	case directory.Roles:
		return inRoles, true
	case directory.Relations:
		return inRelations, true
	case directory.APIKeys:
		return inKeys, true
	case directory.Webhooks:
		return inHooks, true
	case directory.Citations:
		return inCitations, true
	default:
		return 0, false
	}
}

func (k kindIndex) kind() directory.Kind { return linked.kinds[k] }

// The fields of every table.
const (
	ofStatus = iota
	ofVisibility
	ofConfidence
	ofSource
	ofTag
	numCommon
)

// The fields of actors.
const (
	actorKind = numCommon + iota
	actorGroup
	actorParent
	actorCountry
	actorTerritory // with those above
	actorState
	actorIdentifier // with its issuer, and without
	actorScheme     // of its identifiers
	actorMissing    // the fields that count for its completeness and that it does not have
	actorComplete   // its completeness in percent
)

// The fields of initiatives.
const (
	initiativeKind = numCommon + iota
	initiativeParent
	initiativeLink
	initiativeTerritory // with those above
	initiativeFramework // with those above
)

// The fields of functions.
const (
	functionParent    = numCommon + iota
	functionFramework // with those above
	functionNotation  // folded
)

// The fields of roles. Group, country and framework are not the role's own: they follow from the records that it names.
const (
	roleActor = numCommon + iota
	roleType
	roleFunction
	roleInitiative
	roleTerritory // with those above
	rolePlace     // as the record says
	roleCounterpart
	roleLetter
	roleGroup
	roleCountry
	roleFramework // with those above
	roleCurrency  // of its amount
)

// The fields of relations.
const (
	relationFrom = numCommon + iota
	relationTo
	relationType
)

// The fields of sources.
const (
	sourceKind = numCommon + iota
	sourcePublisher
	sourceLanguage
)

// keyHash is the field of API keys.
const keyHash = numCommon

// noKind is the target of a field whose values are words.
const noKind = numKinds

// fieldForm says what the values of a field are.
type fieldForm struct {
	target kindIndex // the table whose records it names, or noKind
	multi  bool
}

var (
	word  = fieldForm{noKind, false}
	words = fieldForm{noKind, true}
)

func names(target kindIndex) fieldForm { return fieldForm{target, false} }

// forms returns the fields of a table in the order of their numbers.
func forms(k kindIndex) []fieldForm {
	common := []fieldForm{word, word, word, {inSources, true}, words}
	switch k {
	case inActors:
		return append(common, word, word, names(inActors), word, words, word, words, words, words, word)
	case inInitiatives:
		return append(common, word, names(inInitiatives), fieldForm{inInitiatives, true}, words, words)
	case inFunctions:
		return append(common, names(inFunctions), words, word)
	case inRoles:
		return append(common, names(inActors), word, names(inFunctions), names(inInitiatives),
			words, words, words, word, word, word, words, word)
	case inRelations:
		return append(common, names(inActors), names(inActors), word)
	case inSources:
		return append(common, word, word, word)
	default:
		return append(common, word)
	}
}

// fieldPlace is one field of one table.
type fieldPlace struct {
	table kindIndex
	field int
}

// links holds, once for all, the kinds, and which of their fields name records.
type links struct {
	kinds []directory.Kind
	from  [numKinds][]int        // the fields of a table that name records
	to    [numKinds][]fieldPlace // the fields anywhere that name records of a table
	form  [numKinds][]fieldForm
}

var linked = newLinks() // never changed

func newLinks() *links {
	l := &links{kinds: directory.AllKinds()}
	for k := range numKinds {
		l.form[k] = forms(k)
		for f, form := range l.form[k] {
			if form.target != noKind {
				l.from[k] = append(l.from[k], f)
				l.to[form.target] = append(l.to[form.target], fieldPlace{k, f})
			}
		}
	}
	return l
}
