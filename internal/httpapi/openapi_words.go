package httpapi

import (
	"strings"

	"dalil/internal/directory"
)

// operationWords is what the document says of an operation.
type operationWords struct{ tag, summary, description string }

// fixedWords are of the operations that are not about records of a kind.
var fixedWords = map[string]operationWords{
	"livez":            {"operations", "Does the process answer?", ""},
	"readyz":           {"operations", "May this node be sent requests?", "503 says why not."},
	"metrics":          {"operations", "Metrics", ""},
	"home":             {"pages", "The first page", ""},
	"swagger":          {"pages", "This document, to read and try", ""},
	"openapi":          {"pages", "This document as JSON", ""},
	"openapiYAML":      {"pages", "This document as YAML", ""},
	"listProblems":     {"pages", "Every problem code", ""},
	"getProblem":       {"pages", "What a problem code means", "The type of a problem document points here."},
	"listVocabularies": {"vocabularies", "The code lists", ""},
	"getVocabulary":    {"vocabularies", "One code list", "Codes with their labels in French, Arabic and English, in order."},
	"batch": {
		"batch", "Write many records", "Up to 1,000 items of any kinds, in order. Atomic by default: one commit or none, " +
			"references judged at the end. A record may stand in an atomic batch once.",
	},
	"listKeys":  {"keys", "The API keys", ""},
	"getKey":    {"keys", "One API key", ""},
	"createKey": {"keys", "Make an API key", "The secret is in the answer, this once, and kept nowhere."},
	"revokeKey": {"keys", "Revoke an API key", "For good. The last valid admin key cannot be revoked."},
}

// wordsOf says an operation in words.
func wordsOf(r Route) operationWords {
	if w, ok := fixedWords[r.ID]; ok {
		return w
	}
	many := string(r.Kind)
	one := article(strings.TrimSuffix(many, "s"))
	w := operationWords{tag: many}
	switch {
	case strings.HasSuffix(r.ID, "Versions"):
		w.summary, w.description = "The versions of "+one, "When, by whom, why, and what changed as JSON Patch."
	case strings.HasSuffix(r.ID, "Version"):
		w.summary = "One version of " + one
	case strings.HasPrefix(r.ID, "list"):
		w.summary = "List " + many
		w.description = "Filters, exact totals, facets, sorting and cursor paging. Plain lists are of any date; filters and facets " +
			"that go through roles are of today unless as_of says otherwise."
	case strings.HasPrefix(r.ID, "get"):
		w.summary, w.description = "Read "+one, "410 once archived, 308 to the survivor once merged."
	case strings.HasPrefix(r.ID, "create"):
		w.summary, w.description = "Create "+one, "Without an id one is made. The id of an archived record may be used again."
	case strings.HasPrefix(r.ID, "replace"):
		w.summary, w.description = "Replace "+one, "The whole record. Never creates."
	case strings.HasPrefix(r.ID, "patch"):
		w.summary, w.description = "Change "+one, "JSON Merge Patch (RFC 7396): null takes a member out."
	case strings.HasPrefix(r.ID, "archive"):
		w.summary, w.description = "Archive "+one, "Refused while live records refer to it."
	default:
		w.summary, w.description = "Restore "+one, "As it was before it was archived."
	}
	return w
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func tagList() []any {
	words := []struct{ name, description string }{
		{string(directory.Actors), "Organisations, units, networks and committees."},
		{string(directory.Initiatives), "Strategies, programmes, projects, agreements, laws and events."},
		{string(directory.Functions), "The taxonomy of governance functions."},
		{string(directory.Roles), "Who does what, where, from when to when."},
		{string(directory.Relations), "Typed links between actors."},
		{string(directory.Sources), "The evidence."},
		{"batch", "Many writes at once."},
		{"vocabularies", "Code lists with labels."},
		{"keys", "API keys, for administrators."},
		{"operations", "For those who run it."},
		{"pages", "For people."},
	}
	list := make([]any, len(words))
	for i, w := range words {
		list[i] = node{"name": w.name, "description": w.description}
	}
	return list
}
