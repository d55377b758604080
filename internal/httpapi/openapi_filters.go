package httpapi

import "dalil/internal/directory"

// filterWords is what the document says of a filter of a list.
type filterWords struct {
	words   string
	takes   string // a vocabulary whose codes it takes, or one of the forms below
	example string
}

// What filters take beside the codes of vocabularies.
const (
	takesID   = "id"   // of a record
	takesPair = "pair" // such as SDG:8
	takesText = "text"
	takesTime = "time"
	takesSpan = "span" // a number, or from one to another
	takesMark = "mark" // such as ror:…, or ror
	takesYear = "year" // such as 2021, or 202X
	takesBar  = "bar"  // such as 2021-03, 2021, or 202X
)

// filterWordsOf returns the words of a filter of a kind; those that are the same for every kind come first.
func filterWordsOf(kind directory.Kind, name string) filterWords {
	if w, ok := commonFilters[name]; ok {
		return w
	}
	return kindFilters[kind][name]
}

var commonFilters = map[string]filterWords{
	"status": {
		"The status of the record. `status=archived` is the only way to see archived records in a list.",
		directory.VocabularyStatuses, "published",
	},
	"visibility":    {"Who may see the record.", directory.VocabularyVisibilities, "public"},
	"confidence":    {"How sure the record is.", directory.VocabularyConfidences, "high"},
	"source":        {"The id of a source that the record names.", takesID, "snmpi-communique"},
	"tag":           {"A tag of the record.", takesText, "to-check"},
	"updated_since": {"Changed since then: a date, or an RFC 3339 time.", takesTime, "2026-01-01"},
	"created":       {"When the record was created (UTC), as its facet counts: a month, a year, or a decade such as `202X`.", takesBar, "2026-03"},
	"updated":       {"When the record was last changed (UTC), as its facet counts: a month, a year, or a decade such as `202X`.", takesBar, "2026"},
	"attested":      {"When the record was last confirmed by its owner (UTC), as its facet counts; `none`: never.", takesBar, "none"},
}

// Filters that go through roles say so: what they ask must hold of one and the same role.
var kindFilters = map[directory.Kind]map[string]filterWords{
	directory.Actors: {
		"group":      {"The group of the actor.", directory.VocabularyGroups, "employers"},
		"kind":       {"The kind of the actor.", directory.VocabularyActorKinds, "unit"},
		"parent":     {"The id of the actor that it is directly part of.", takesID, "miepeec"},
		"under":      {"The id of an actor: that one, and everything below it.", takesID, "miepeec"},
		"country":    {"The country of the actor (ISO 3166-1).", directory.VocabularyCountries, "MA"},
		"territory":  {"A territory of the actor (ISO 3166); those below it count.", directory.VocabularyTerritories, "MA-04"},
		"state":      {"The state of the actor.", directory.VocabularyActorStates, "active"},
		"identifier": {"An identifier of the actor, as scheme:value, or a scheme alone; its facet counts the schemes.", takesMark, "wikidata:Q54129"},
		"unattested_since": {
			"Not confirmed by its owner since then: a date, or an RFC 3339 time.", takesTime, "2026-01-01",
		},
		"missing": {
			"A field that counts for the completeness of the actor and that it does not have; `none`: it has all of them.",
			directory.VocabularyCountedFields, "website",
		},
		"completeness": {
			"How many of the fields that count for its group the actor has, in percent: a number, or an interval such as `40..59`, `80..` or `..20`.", takesSpan, "..49",
		},
		"unsourced_roles": {
			"How many of the roles of the actor name no source: a number, or an interval such as `1..`.", takesSpan, "1..",
		},
		"type": {
			"The type of a role of the actor. An exclusion alone, `type=!lead`, asks that no visible role has it.",
			directory.VocabularyRoleTypes, "lead",
		},
		"raci":       {"The RACI letter of a role of the actor.", directory.VocabularyRACI, "A"},
		"function":   {"The function of a role of the actor, by id or notation; its children count.", takesID, "POL-STR"},
		"initiative": {"The initiative of a role of the actor; what is part of it counts.", takesID, "snmpi"},
		"framework":  {"A framework code of the function or initiative of a role of the actor, as framework:code.", takesPair, "SDG:8"},
		"founded":    {"The year in which the actor was founded, or a decade such as `199X`, as its facet counts.", takesYear, "199X"},
		"dissolved":  {"The year in which the actor was dissolved, or a decade such as `199X`, as its facet counts.", takesYear, "none"},
	},
	directory.Initiatives: {
		"kind":      {"The kind of the initiative.", directory.VocabularyInitiativeKinds, "programme"},
		"parent":    {"The id of the initiative that it is directly part of.", takesID, "thamm"},
		"under":     {"The id of an initiative: that one, and everything below it.", takesID, "thamm"},
		"state":     {"The state of the initiative: as it says, else as its dates say.", directory.VocabularyInitiativeStates, "active"},
		"territory": {"A territory of the initiative (ISO 3166); those below it count.", directory.VocabularyTerritories, "MA"},
		"framework": {"A framework code of the initiative, as framework:code; `SDG:8` counts `SDG:8.8`, too.", takesPair, "SDG:8"},
		"actor":     {"The id of an actor that has a role in the initiative.", takesID, "miepeec"},
		"start":     {"The year in which the initiative begins, or a decade such as `202X`, as its facet counts.", takesYear, "2022"},
		"end":       {"The year in which the initiative ends, or a decade such as `202X`, as its facet counts.", takesYear, "202X"},
	},
	directory.Functions: {
		"parent":    {"The function that it is directly below, by id or notation.", takesID, "POL"},
		"under":     {"A function, by id or notation: that one, and everything below it.", takesID, "POL"},
		"framework": {"A framework code of the function, as framework:code; `SDG:10` counts `SDG:10.7`, too.", takesPair, "MGI:2"},
	},
	directory.Roles: {
		"actor":       {"The id of the actor.", takesID, "miepeec"},
		"under":       {"The id of an actor: its roles, and those of everything below it.", takesID, "miepeec"},
		"group":       {"The group of the actor.", directory.VocabularyGroups, "employers"},
		"type":        {"The type of the role.", directory.VocabularyRoleTypes, "lead"},
		"raci":        {"The RACI letter of the role: its own, else what its type implies.", directory.VocabularyRACI, "A"},
		"function":    {"The function, by id or notation; its children count.", takesID, "POL-STR"},
		"initiative":  {"The id of the initiative; what is part of it counts.", takesID, "snmpi"},
		"territory":   {"Where the role takes place: that territory, or one below it.", directory.VocabularyTerritories, "MA-05"},
		"reach":       {"Where the role takes effect: as `territory`, and roles that cover that territory, too.", directory.VocabularyTerritories, "MA-05"},
		"counterpart": {"A partner country of a corridor (ISO 3166-1).", directory.VocabularyCountries, "DE"},
		"framework":   {"A framework code of the function or the initiative, as framework:code.", takesPair, "GCM:5"},
		"country":     {"The country of the actor (ISO 3166-1).", directory.VocabularyCountries, "MA"},
		"start":       {"The year in which the effective period of the role begins, or a decade such as `202X`, as its facet counts.", takesYear, "2022"},
		"end":         {"The year in which the effective period of the role ends, or a decade such as `202X`, as its facet counts.", takesYear, "202X"},
	},
	directory.Relations: {
		"from":  {"The id of the actor that the relation is read from.", takesID, "miepeec"},
		"to":    {"The id of the actor that the relation is read to.", takesID, "anapec"},
		"actor": {"The id of an actor at either end.", takesID, "anapec"},
		"under": {"The id of an actor: relations of that one, and of everything below it, at either end.", takesID, "miepeec"},
		"type":  {"The type of the relation.", directory.VocabularyRelationTypes, "supervises"},
		"start": {"The year in which the relation begins, or a decade such as `202X`, as its facet counts.", takesYear, "2022"},
		"end":   {"The year in which the relation ends, or a decade such as `202X`, as its facet counts.", takesYear, "202X"},
	},
	directory.Sources: {
		"kind":      {"The kind of the source.", directory.VocabularySourceKinds, "communique"},
		"publisher": {"The publisher of the source, as it is written there.", takesText, "MIEPEEC"},
		"language":  {"The language of the source (BCP 47).", takesText, "fr"},
		"date":      {"The year of the source, or a decade such as `202X`, as its facet counts.", takesYear, "2022"},
	},
}

// filterSchema is the shape of one value of a filter. The codes of a short vocabulary are spelled out, each also as an
// exclusion; of a long one the form is told.
func filterSchema(w filterWords) schema {
	if v, ok := directory.VocabularyNamed(w.takes); ok {
		if len(v.Terms) < manyTerms {
			return schema{"type": "string", "enum": withExclusions(v.Codes())}
		}
		return schema{"type": "string", "pattern": `^!?([A-Z]{2}(-[0-9]{2})?|none)$`}
	}
	switch w.takes {
	case takesID:
		return schema{"type": "string", "pattern": `^!?[A-Za-z0-9][A-Za-z0-9._-]{0,79}$`}
	case takesPair:
		return schema{"type": "string", "pattern": `^!?([^:]+:.+|none)$`, "maxLength": maxValueRunes}
	case takesMark:
		return schema{"type": "string", "minLength": 1, "maxLength": maxValueRunes}
	case takesSpan:
		return schema{"type": "string", "pattern": `^!?([0-9]+(\.\.([0-9]+)?)?|\.\.[0-9]+|none)$`}
	case takesYear:
		return schema{"type": "string", "pattern": `^!?([0-9]{3}[0-9X]|none)$`}
	case takesBar:
		return schema{"type": "string", "pattern": `^!?([0-9]{3}[0-9X]|[0-9]{4}-[0-9]{2}|none)$`}
	case takesTime:
		return schema{"type": "string", "pattern": `^[0-9]{4}(-[0-9]{2}(-[0-9]{2}([Tt ].+)?)?)?$`}
	default:
		return schema{"type": "string", "minLength": 1, "maxLength": maxValueRunes}
	}
}

// withExclusions returns the codes, none, and each with a ! before it.
func withExclusions(codes []string) []any {
	values := make([]any, 0, 2*len(codes)+2)
	for _, code := range append(codes, "none") {
		values = append(values, code)
	}
	for _, code := range append(codes, "none") {
		values = append(values, "!"+code)
	}
	return values
}
