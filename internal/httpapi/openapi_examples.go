package httpapi

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// exampleTime is when everything in the examples happened.
const exampleTime = "2026-11-24T09:00:00.000Z"

// examples are all of them, by the name of their component: that of the schema where there is one of it.
func examples() map[string]specExample {
	all := map[string]specExample{
		"BatchBody":         example("A new actor, and a change of another", exampleBatch()),
		"BatchResults":      example("Both done", exampleResults(false)),
		"BatchResultsMixed": example("The second was refused", exampleResults(true)),
		"ChangeList":        example("A new actor, and a source that is hidden from now on", exampleChanges()),
		"Hook":              example("A webhook of a portal", exampleHook()),
		"HookSpec":          example("A webhook of a portal", exampleHookSpec()),
		"NewWebhook":        example("A webhook with its secret", exampleNewHook()),
		"Citation":          example("A list that was cited", exampleCitation()),
		"CitationSpec":      example("A list to cite", exampleCitationSpec()),
		"CitedAnswer":       example("It verifies", exampleCitedAnswer()),
		"Pinged":            example("It arrived", pinged{Delivered: true}),
		"WebhookList":       example("One webhook", exampleHooks()),
		"Health":            example("A node that is ready", health{"ready", 512}),
		"ImportJob":         example("An import that was refused", exampleImport()),
		"Key":               example("A key to read with", exampleKey()),
		"CitationList":      example("One citation", map[string]any{"items": []any{exampleCitation()}, "total": 1, "seq": 600}),
		"KeyList":           example("One key", map[string]any{"items": []any{exampleKey()}, "total": 1, "seq": 512}),
		"KeySpec":           example("A key to read with", exampleKeySpec()),
		"SuggestionList":    example("One actor", exampleSuggestions()),
		"NewKey":            example("A key with its secret", exampleNewKey()),
		"Patch":             example("Set the tags, take the confidence out", examplePatch()),
		"VersionList":       example("One version", exampleVersions()),
		"Vocabulary":        example("The RACI letters", exampleVocabulary()),
		"VocabularyList":    example("One vocabulary", exampleVocabularies()),
		"StoreStats": example("A file store", map[string]any{
			"ledger": "6f1c0f5e0a7d4b5f9a3c1e2d4b6a8c0e", "commits": 512, "first_commit": exampleTime, "last_commit": exampleTime, "bytes": 4_194_304,
			"records": map[string]any{"actors": map[string]any{"published": 149, "archived": 2}},
		}),
	}
	for _, kind := range directory.Kinds() {
		name, one := typeName(kind), article(noun(kind))
		all[name] = example(capital(one)+", as anybody sees it", exampleAnswer(kind))
		all[name+"Input"] = example(capital(one)+" to create", exampleInput(kind))
		all[name+"List"] = example("One "+noun(kind), exampleList(kind))
		all[name+"Replacement"] = example(capital(one)+" in the place of another", exampleReplacement(kind))
	}
	analysisExamples(all)
	for _, r := range refusals() {
		p := problemOf(r.example, "en")
		p.Instance, p.RequestID = basePath+"/actors", exampleRequestID
		all[problemName(r.status)] = example(p.Title, p)
	}
	return all
}

func example(summary string, value any) specExample { return specExample{summary, encoded(value)} }

func capital(words string) string { return strings.ToUpper(words[:1]) + words[1:] }

// exampleRequestID is what the name of a request looks like.
const exampleRequestID = "4JYQ2Z6D3LWJ3ZJ7TGE4A2KUQX"

// exampleReplacement is a record that takes the place of the one that the examples of addresses name.
func exampleReplacement(kind directory.Kind) map[string]any {
	input := exampleInput(kind)
	delete(input, "id") // the address names it
	return input
}

// exampleInput is a record as one would send it. What it names is in the sample, so that it can be tried there.
func exampleInput(kind directory.Kind) map[string]any {
	switch kind {
	case directory.Actors:
		return map[string]any{
			"id": "anapec-agadir", "kind": "unit", "group": "government", "parent": "anapec", "country": "MA",
			"name":    map[string]any{"fr": "ANAPEC – agence d’Agadir", "en": "ANAPEC Agadir branch"},
			"sources": []any{"snmpi-communique"}, "confidence": "medium",
		}
	case directory.Initiatives:
		return map[string]any{
			"id": "seminaire-agadir", "kind": "event", "parent": "thamm", "start": "2026-09-14", "end": "2026-09-15", "place": "Agadir",
			"name": map[string]any{"fr": "Séminaire d’Agadir"}, "frameworks": []any{map[string]any{"framework": "SDG", "code": "8"}},
		}
	case directory.Functions:
		return map[string]any{
			"notation": "POL-VEILLE", "parent": "pol",
			"label": map[string]any{"fr": "Veille stratégique", "en": "Foresight", "ar": "اليقظة الاستراتيجية"},
		}
	case directory.Roles:
		return map[string]any{
			"actor": "anapec", "type": "organiser", "function": "pol-str", "initiative": "snmpi", "territories": []any{"MA-09"},
			"start": "2026-09", "sources": []any{"snmpi-communique"}, "confidence": "low",
		}
	case directory.Relations:
		return map[string]any{"from": "anapec", "type": "cooperates_with", "to": "ilo", "start": "2026", "sources": []any{"snmpi-communique"}}
	default:
		return map[string]any{
			"id": "communique-2026", "title": "Communiqué du 14 septembre 2026", "publisher": "MIEPEEC", "date": "2026-09-14",
			"kind": "communique", "language": "fr",
		}
	}
}

// exampleAnswer is the same record as it is answered to anybody.
func exampleAnswer(kind directory.Kind) map[string]any {
	answer := exampleInput(kind)
	stamp := map[string]any{"at": exampleTime, "seq": 512}
	answer["version"], answer["status"], answer["visibility"] = 1, "published", "public"
	answer["created"], answer["updated"] = stamp, stamp
	switch kind {
	case directory.Functions:
		answer["id"] = "pol-veille"
	case directory.Roles, directory.Relations:
		answer["id"] = exampleID(kind)
	default: // sent with an id
	}
	return answer
}

// exampleID is a record of the sample, or what the id of one looks like.
func exampleID(kind directory.Kind) string {
	switch kind {
	case directory.Actors:
		return "miepeec"
	case directory.Initiatives:
		return "snmpi"
	case directory.Functions:
		return "pol-str"
	case directory.Sources:
		return "snmpi-communique"
	case directory.Roles:
		return "role-4jyq2z6d3lwj"
	case directory.Relations:
		return "relation-4jyq2z6d3lwj"
	default:
		return "key-4jyq2z6d3lwj"
	}
}

func exampleList(kind directory.Kind) map[string]any {
	facet := map[string]any{"value": "published", "label": "Publié", "count": 1}
	none := map[string]any{"value": "none", "label": "Aucun", "count": 1}
	return map[string]any{
		"items": []any{exampleAnswer(kind)}, "total": 1, "hidden_by_date": 0, "facets": map[string]any{"status": []any{facet}, "tag": []any{}},
		"facets_rest": map[string]any{"tag": map[string]any{"none": none}},
		"as_of":       "any", "seq": 512,
	}
}

func exampleVersions() map[string]any {
	change := map[string]any{"op": "replace", "path": "/confidence", "value": "high"}
	return map[string]any{
		"items": []any{map[string]any{
			"version": 2, "seq": 512, "at": exampleTime, "op": "put", "reason": "Arrêté du 20 juillet", "changes": []any{change},
		}},
		"next_cursor": "q83vEjRWeJCrze8SNFZ4kA", "seq": 512,
	}
}

// examplePatch is a merge patch that fits a record of any kind.
func examplePatch() map[string]any {
	return map[string]any{"tags": []any{"to-check"}, "confidence": nil}
}

func exampleBatch() map[string]any {
	return map[string]any{"items": []any{
		map[string]any{"op": "create", "kind": "actors", "record": exampleInput(directory.Actors)},
		map[string]any{"op": "patch", "kind": "actors", "id": "miepeec", "if_match": "1", "record": examplePatch()},
	}}
}

func exampleResults(refused bool) map[string]any {
	second := map[string]any{"status": 200, "kind": "actors", "id": "miepeec", "version": 2}
	if refused {
		p := problemOf(&fault.Error{
			Kind: fault.Stale, Code: fault.CodeStale, Args: fault.Args{"version": 2},
			Fields: []fault.Field{{Pointer: "/items/1/if_match", Code: fault.CodeStale, Args: fault.Args{"version": 2}}},
		}, "en")
		second = map[string]any{"status": http.StatusPreconditionFailed, "kind": "actors", "id": "miepeec", "problem": p}
	}
	return map[string]any{"results": []any{
		map[string]any{"status": 201, "kind": "actors", "id": "anapec-agadir", "version": 1}, second,
	}}
}

func exampleKeySpec() map[string]any {
	return map[string]any{"name": "Registry sync", "scope": "read", "clearance": "partners", "expires": "2036-12-31T00:00:00Z"}
}

func exampleKey() map[string]any {
	key := exampleKeySpec()
	key["id"], key["expires"] = exampleID(""), "2036-12-31T00:00:00.000Z"
	key["created"] = map[string]any{"at": exampleTime, "by": "bootstrap", "seq": 512}
	return key
}

func exampleNewKey() map[string]any {
	key := exampleKey()
	key["secret"] = "dalil_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE"
	return key
}

func exampleVocabularies() vocabularyList {
	v, _ := directory.VocabularyNamed(directory.VocabularyRACI)
	return vocabularyList{Items: []vocabularyEntry{{v.Name, v.Title, len(v.Terms)}}, Total: 1}
}

func exampleVocabulary() *directory.Vocabulary {
	v, _ := directory.VocabularyNamed(directory.VocabularyRACI)
	return v
}

// encoded returns an example as JSON. Examples are of types that always have one.
func encoded(example any) jsontext.Value {
	text, err := json.Marshal(example, json.Deterministic(true))
	if err != nil {
		panic(err) // a defect of this file, that every test of the document sees
	}
	return text
}
