package httpapi

import "strings"

// explain says of every schema and every member what it means.
func (s *schemas) explain() {
	for name, shape := range s.all {
		base := strings.TrimSuffix(strings.TrimSuffix(name, "Members"), "Patch")
		if words, ok := schemaWords[name]; ok {
			shape["description"] = words
		}
		properties, _ := shape["properties"].(schema)
		for member, plain := range properties {
			words, ok := memberWords[base+"."+member]
			if !ok {
				words, ok = memberWords[member]
			}
			if ok {
				properties[member] = with(plain, "description", words)
			}
		}
	}
}

// schemaWords says what the schemas are.
var schemaWords = map[string]string{
	"Actor":        "An organisation, a unit of one, a network or a committee. As it is answered: with `fields`, only the members asked for.",
	"Initiative":   "A strategy, programme, project, agreement, law or event. As it is answered: with `fields`, only the members asked for.",
	"Function":     "A concept of the governance taxonomy (SKOS). As it is answered: with `fields`, only the members asked for.",
	"Role":         "An actor does something: for a function, an initiative or both. As it is answered: with `fields`, only the members asked for.",
	"Relation":     "A typed link between two different actors. As it is answered: with `fields`, only the members asked for.",
	"Source":       "A document: the evidence. As it is answered: with `fields`, only the members asked for.",
	"ActorMembers": "The members of an actor.", "ActorInput": "An actor as it is sent. What Dalil alone sets may be sent back unchanged.", "ActorPatch": "A JSON Merge Patch (RFC 7396) of an actor.",
	"InitiativeMembers": "The members of an initiative.", "InitiativeInput": "An initiative as it is sent. What Dalil alone sets may be sent back unchanged.", "InitiativePatch": "A JSON Merge Patch (RFC 7396) of an initiative.",
	"FunctionMembers": "The members of a function.", "FunctionInput": "A function as it is sent. What Dalil alone sets may be sent back unchanged.", "FunctionPatch": "A JSON Merge Patch (RFC 7396) of a function.",
	"RoleMembers": "The members of a role.", "RoleInput": "A role as it is sent. What Dalil alone sets may be sent back unchanged.", "RolePatch": "A JSON Merge Patch (RFC 7396) of a role.",
	"RelationMembers": "The members of a relation.", "RelationInput": "A relation as it is sent. What Dalil alone sets may be sent back unchanged.", "RelationPatch": "A JSON Merge Patch (RFC 7396) of a relation.",
	"SourceMembers": "The members of a source.", "SourceInput": "A source as it is sent. What Dalil alone sets may be sent back unchanged.", "SourcePatch": "A JSON Merge Patch (RFC 7396) of a source.",
	"ID":             "The key of a record, which never changes. `none` and `any` are reserved.",
	"Date":           "A date with reduced precision (ISO 8601): 2022, 2022-07 or 2022-07-20. It must exist.",
	"Text":           "A text in several languages, by BCP 47 tag; `und` when the language is not known.",
	"TextPatch":      "Texts to set, by language; null takes one out.",
	"Time":           "An instant (RFC 3339), answered in UTC with milliseconds.",
	"Stamp":          "When, by whom and at which position something was written.",
	"Attestation":    "When the owner last confirmed that the record is still true.",
	"Money":          "An amount in a currency.",
	"MoneyPatch":     "Parts of an amount.",
	"FrameworkCode":  "A code of a reference framework. `GET /api/v1/vocabularies` lists the frameworks and their codes.",
	"OtherName":      "Another name of an actor.",
	"Location":       "A place where an actor sits.",
	"Identifier":     "An identifier in a public scheme. No two active actors have the same.",
	"InitiativeLink": "A link from one initiative to another.",
	"ActorList":      "A page of actors.", "InitiativeList": "A page of initiatives.", "FunctionList": "A page of functions.",
	"RoleList": "A page of roles.", "RelationList": "A page of relations.", "SourceList": "A page of sources.",
	"FacetValue":      "A value of a facet.",
	"Problem":         "A refusal (RFC 9457). Further members depend on `code`.",
	"ProblemItem":     "A faulty place of the request: one of `pointer`, `parameter` and `header` says where.",
	"ProblemCode":     "What is wrong, in a word that never changes. `GET /problems/{code}` says what it means.",
	"Named":           "A record that a refusal is about.",
	"ArchivedNote":    "When, why and by whom a record was archived.",
	"BatchBody":       "Writes, in order.",
	"BatchItem":       "One write. A record may stand in an atomic batch once.",
	"BatchResults":    "The outcomes, in the order of the items.",
	"BatchResult":     "The outcome of one item.",
	"KeySpec":         "What a new key may do.",
	"Key":             "An API key. Nobody has its secret but who it was told to.",
	"NewKey":          "A new API key with its secret.",
	"KeyList":         "The live API keys.",
	"VersionList":     "A page of the versions of a record, the newest first.",
	"Version":         "One version of a record.",
	"PatchOperation":  "An operation of JSON Patch (RFC 6902).",
	"VocabularyList":  "The vocabularies.",
	"VocabularyEntry": "A vocabulary, without its codes.",
	"Vocabulary":      "A vocabulary with its codes, in order.",
	"Term":            "A code of a vocabulary.",
	"Health":          "How a node is.",
}

// memberWords says what the members are: those of one schema under its name, those that mean the same everywhere under
// their own.
var memberWords = map[string]string{ //nolint:gosec // words about members; one of them is called secret
	"id":          "The key of the record. Without one, a new record gets one from its acronym, name, title or notation, or a random one.",
	"version":     "Counts the versions from 1, archived ones included.",
	"status":      "`published` unless said otherwise; a draft is seen as `ministry` is; only DELETE archives.",
	"visibility":  "Who may see it: anybody, signed-in callers, or callers with the clearance `ministry`. `public` unless said otherwise.",
	"sources":     "Ids of the sources: the evidence.",
	"confidence":  "How sure it is.",
	"tags":        "Free labels: lower-case letters, digits, spaces, - and _.",
	"created":     "When it was written first.",
	"updated":     "When this version was written.",
	"attested":    "When its owner last confirmed that it is still true.",
	"merged_into": "The id of the record that it was merged into.",
	"at":          "When.",
	"by":          "Who: an account or a key. Told to signed-in callers only.",
	"seq":         "The ledger position.",
	"start":       "The first day; absent when unknown.",
	"end":         "The last day; absent while it lasts.",
	"website":     "The address of the website.",
	"summary":     "What it is, in a few sentences.",
	"description": "What it is about, in a few sentences.",
	"territories": "Where it takes place or is active: ISO 3166-1 for countries, ISO 3166-2 for the regions of Morocco.",
	"frameworks":  "Codes of reference frameworks that it answers to.",
	"amount":      "An amount of money, for funding.",
	"total":       "How many there are, exactly.",
	"items":       "What the page holds.",
	"next_cursor": "The cursor of the next page; absent on the last.",
	"code":        "A word that names what is wrong.",
	"detail":      "What is wrong, in the language asked for.",

	"Actor.kind":        "What kind of body it is.",
	"Actor.group":       "The group it belongs to. Government, employers and workers are the tripartite constituents.",
	"Actor.parent":      "The id of the actor that it is part of; a unit has one.",
	"Actor.name":        "Its name.",
	"Actor.acronym":     "Its acronym.",
	"Actor.other_names": "Other names, by which it is found, too.",
	"Actor.state":       "`active` unless said otherwise.",
	"Actor.founded":     "When it was founded.",
	"Actor.dissolved":   "When it was dissolved.",
	"Actor.country":     "Its country (ISO 3166-1).",
	"Actor.locations":   "Where it sits.",
	"Actor.email":       "An e-mail address of the body, not of a person.",
	"Actor.phone":       "A telephone number of the body, not of a person.",
	"Actor.identifiers": "Its identifiers in public schemes.",
	"Actor.mandate":     "What it is charged with.",

	"OtherName.value": "The name.", "OtherName.lang": "Its language (BCP 47).", "OtherName.type": "What sort of name it is.",
	"Location.label": "What the place is called.", "Location.address": "Street and number.", "Location.city": "The town.",
	"Location.territory": "The country or region.", "Location.lat": "Latitude in degrees (WGS 84).", "Location.lon": "Longitude in degrees (WGS 84).",
	"Identifier.scheme": "The scheme.", "Identifier.value": "The identifier, without the address of the scheme.",
	"Identifier.issuer": "Who issued it; required for the scheme `other`.", "Identifier.preferred": "Whether it is the one to show.",

	"Initiative.kind":    "What kind of initiative it is.",
	"Initiative.parent":  "The id of the initiative that it is part of.",
	"Initiative.links":   "Links to other initiatives.",
	"Initiative.name":    "Its name.",
	"Initiative.acronym": "Its acronym.",
	"Initiative.state":   "When absent, it follows from the dates.",
	"Initiative.place":   "Where an event takes place, in words.",
	"Initiative.budget":  "What it costs.",

	"InitiativeLink.type": "How it is linked.", "InitiativeLink.initiative": "The id of the other initiative.",
	"Money.amount": "How much, in units of the currency.", "Money.currency": "The currency (ISO 4217).",
	"FrameworkCode.framework": "The framework.", "FrameworkCode.code": "The code.",

	"Function.notation":   "Its short code; unique in any case.",
	"Function.parent":     "The id of the function above it, or its notation.",
	"Function.label":      "What it is called.",
	"Function.definition": "What it is.",
	"Function.order":      "Where it stands among its neighbours.",

	"Role.actor":        "The id of the actor.",
	"Role.type":         "What the actor does.",
	"Role.function":     "The id of the function; a role has a function, an initiative or both.",
	"Role.initiative":   "The id of the initiative.",
	"Role.counterparts": "The partner countries of a corridor (ISO 3166-1).",
	"Role.observed":     "The date of the evidence, when the start is not known.",
	"Role.raci":         "The RACI letter, when it is another than the type implies.",

	"Relation.from": "The id of the actor that it is read from.", "Relation.type": "What links them.",
	"Relation.to": "The id of the actor that it is read to.",

	"Source.title": "The title.", "Source.publisher": "Who published it.", "Source.date": "When it was published.",
	"Source.url": "Where it is.", "Source.language": "Its language (BCP 47).", "Source.kind": "What kind of document it is.",
	"Source.note": "A note on it.",

	"facets":         "The values of the facets asked for, by count and then by value, each counted without its own filter.",
	"hidden_by_date": "How many more there would be with `as_of=any`.",
	"as_of":          "The date that the answer is about, or `any`.",

	"FacetValue.value": "The value, as the filter of the same name takes it.", "FacetValue.label": "What it is called in the language asked for.",
	"FacetValue.count": "How many of the records have it, the facet's own filter left aside.",

	"Problem.type": "The address of what the code means.", "Problem.title": "What sort of problem it is, in the language asked for.",
	"Problem.status": "The HTTP status.", "Problem.instance": "The address that was asked.", "Problem.request_id": "The name of the request in the log.",
	"Problem.errors": "Every faulty place of the request.", "Problem.candidates": "The records that it clashes with, at most 20.",
	"Problem.hidden": "How many more of those the caller may not see.", "Problem.referrers": "Live records that refer to it, at most 20.",
	"Problem.count": "How many live records refer to it.", "Problem.survivor": "The id of the record that it was merged into.",
	"Problem.archived":    "How it was archived.",
	"ProblemItem.pointer": "A JSON Pointer (RFC 6901) into the body; empty for the whole of it.", "ProblemItem.parameter": "The name of a parameter.",
	"ProblemItem.header": "The name of a header.",
	"Named.kind":         "Its kind.", "Named.id": "Its id.", "Named.label": "What it is called.", "ArchivedNote.reason": "Why.",

	"BatchBody.items": "The writes.", "BatchItem.op": "What to do. `put` creates, or replaces what is there.", "BatchItem.kind": "The kind of the record.",
	"BatchItem.id":       "The id of the record; a `create` or `put` may leave it to the record.",
	"BatchItem.if_match": "The text of the ETag that the record must have, without its quotes, or `*`; required by `replace`, `patch` and `archive`.",
	"BatchItem.record":   "The record; of a `patch`, the JSON Merge Patch; not of `archive` and `restore`.",

	"BatchResults.results": "The outcomes.", "BatchResult.status": "The HTTP status that the item alone would have had.",
	"BatchResult.kind": "The kind of the record.", "BatchResult.id": "The id of the record.", "BatchResult.problem": "Why it was refused.",

	"KeySpec.name": "What the key is for.", "KeySpec.scope": "What it may do; each scope includes the ones before it.",
	"KeySpec.clearance": "What it may see.", "KeySpec.expires": "When it ends; without, never.",
	"Key.id": "The id of the key.", "Key.name": "What the key is for.", "Key.scope": "What it may do; each scope includes the ones before it.",
	"Key.clearance": "What it may see.", "Key.expires": "When it ends.", "Key.last_used": "When it was last used, to the hour.",
	"NewKey.id": "The id of the key.", "NewKey.name": "What the key is for.", "NewKey.scope": "What it may do; each scope includes the ones before it.",
	"NewKey.clearance": "What it may see.", "NewKey.expires": "When it ends.", "NewKey.last_used": "When it was last used, to the hour.",
	"NewKey.secret": "What is sent as the bearer token. It is told this once, and kept nowhere.",

	"Version.op": "What was done.", "Version.via": "The way it came in. Told to signed-in callers only.", "Version.reason": "Why.",
	"Version.changes":   "What changed from the version before, as JSON Patch (RFC 6902).",
	"PatchOperation.op": "What to do.", "PatchOperation.path": "Where, as a JSON Pointer (RFC 6901).", "PatchOperation.value": "The new value.",

	"VocabularyEntry.name": "Its name.", "VocabularyEntry.title": "What it is called.", "VocabularyEntry.terms": "How many codes it has.",
	"Vocabulary.name": "Its name.", "Vocabulary.title": "What it is called.", "Vocabulary.terms": "Its codes.",
	"Term.code": "The code.", "Term.label": "What it means.", "Term.inverse": "The label read from the other end of a link.",
	"Term.inverse_code": "The code read from the other end of a link.", "Term.symmetric": "Whether the link reads the same from both ends.",
	"Term.raci": "The RACI letter that the type of a role implies.", "Term.parent": "The code above it.",
	"Term.constituent": "Whether it is one of the tripartite constituents.", "Term.source": "Where it is published.",

	"Health.status": "How it is.", "Health.seq": "The ledger position that this node has reached.",
}
