package httpapi

import (
	"strconv"
	"strings"

	"dalil/internal/directory"
)

// operationWords is what the document says of an operation.
type operationWords struct{ tag, summary, description string }

// fixedWords are of the operations that are not about records of a kind.
var fixedWords = map[string]operationWords{
	"livez":            {"operations", "Does the process answer?", "It answers as long as the process does, whatever the state of the store."},
	"readyz":           {"operations", "May this node be sent requests?", "Not before it has read the ledger (`loading`), not while the store is away, and not once it is stopping: 503 says why."},
	"metrics":          {"operations", "Metrics", "Counts and times of requests and writes, for Prometheus."},
	"home":             {"pages", "The first page", "What this is, what it holds, and where to go on, in French, Arabic or English."},
	"swagger":          {"pages", "This document, to read and try", "Swagger UI, at `/swagger/index.html`."},
	"swaggerDoor":      {"pages", "The way to Swagger UI", "Leads to `/swagger/index.html`, as `/swagger/` does."},
	"openapi":          {"pages", "This document as JSON", "The OpenAPI 3.1 document of this API."},
	"openapiYAML":      {"pages", "This document as YAML", "The OpenAPI 3.1 document of this API."},
	"listProblems":     {"pages", "Every problem code", "A page that says what each `code` of a problem document means."},
	"getProblem":       {"pages", "What a problem code means", "A page about one `code`. The `type` of a problem document points here."},
	"listVocabularies": {"vocabularies", "List the vocabularies", "The code lists that records use, with their titles."},
	"getVocabulary":    {"vocabularies", "Read a vocabulary", "Codes with their labels in French, Arabic and English, in order; role types with their RACI letters, relation types with their inverses."},
	"batch": {
		"batch", "Write many records", "Up to 1,000 items of any kinds, applied in order. Atomic unless said otherwise: one commit or none, references " +
			"judged at the end; a refusal's pointers start with `/items/N`. With `atomic=false`, each item is a commit of its own, and 207 says that some were refused.",
	},
	"listChanges": changesWords,
	"suggest":     suggestWords,

	"export": {
		"files", "Take the whole directory as a file", "Every record that the caller may see, archived ones included, as `import` reads it back: JSON lines, " +
			"each with its kind; a zip of CSV files; or a workbook with a sheet for each kind. JSON lines carry everything.",
	},

	"backup": {
		"operations", "Take a backup", "Everything up to the position of the start, as one file that `dalil verify --in FILE` checks and `dalil restore` reads: " +
			"a plain first line, a zstd stream, and a seal at the end, without which it is not whole. Only for keys of the scope admin and the clearance " +
			"ministry. Writers do not wait for it.",
	},

	"getStats": {
		"operations", "See what the store holds", "The ledger's id, commits and their times, the size of a file store, and the records of each kind by status, those " +
			"out of use too. Only for keys of the scope admin and the clearance ministry. `dalil stats` prints it.",
	},

	"listKeys":  {"keys", "List the API keys", "The live keys, by id. Only for keys of the scope admin."},
	"getKey":    {"keys", "Read an API key", "What the key may do, and when it was last used."},
	"createKey": {"keys", "Create an API key", "The secret is in the answer, this once, and kept nowhere. A retry with the same Idempotency-Key answers 409 `secret_shown_once`."},
	"revokeKey": {"keys", "Revoke an API key", "For good. The last valid admin key cannot be revoked."},
}

// recordWords are of the operations about records, by what they do; {one} and {many} stand for the kind.
var recordWords = map[string]operationWords{
	"list": {"", "List {many}", "Filters, exact totals, facets, sorting and paging by cursor.\n\n" +
		"A filter is repeated for several values, which are alternatives; different filters must all hold. `!value` excludes, `none` " +
		"asks for absence, `!none` for presence."},
	"get":      {"", "Read {one}", "Whatever its dates. 410 once it is archived, 308 to the survivor once it is merged."},
	"create":   {"", "Create {one}", "Without an `id` one is made. The id of an archived record may be used again; its versions go on."},
	"replace":  {"", "Replace {one}", "The whole record, of which Dalil's own members may be left out. Never creates. What changes nothing makes no version."},
	"patch":    {"", "Change {one}", "JSON Merge Patch (RFC 7396): null takes a member out. What changes nothing makes no version."},
	"archive":  {"", "Archive {one}", "Refused while live records refer to it: 409 names the first 20 of them."},
	"restore":  {"", "Restore {one}", "As it was before it was archived."},
	"versions": {"", "List the versions of {one}", "When each was written, by whom and why, and what changed, the newest first. Archived records have theirs, too."},
	"version":  {"", "Read {one} as it was", "The record as it was at a version, archived or not."},
}

// throughRoles is added where filters go through other records.
var throughRoles = map[directory.Kind]string{
	directory.Actors: "\n\n`type`, `raci`, `function`, `initiative` and `framework` go through roles: what they ask must hold of one and the same role, " +
		"today unless `as_of` says otherwise.",
	directory.Initiatives: "\n\n`actor` goes through roles: those of today unless `as_of` says otherwise.",
}

// wordsOf says an operation in words.
func wordsOf(r Route) operationWords {
	if w, ok := fixedWords[r.ID]; ok {
		return w
	}
	if w, ok := importWords[r.ID]; ok {
		return w
	}
	if w, ok := citationWords[r.ID]; ok {
		return w
	}
	if w, ok := webhookWords[r.ID]; ok {
		return w
	}
	if d, ok := analysisDocOf(r.ID); ok {
		return d.operation()
	}
	act := actOf(r)
	w := recordWords[act]
	w.tag = string(r.Kind)
	w.summary = strings.NewReplacer("{one}", article(noun(r.Kind)), "{many}", string(r.Kind)).Replace(w.summary)
	if act == "list" {
		w.description += throughRoles[r.Kind]
	}
	return w
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// tags are the parts that the operations are shown in.
func tags() []specTag {
	return []specTag{
		{string(directory.Actors), "Organisations, units, networks and committees."},
		{string(directory.Initiatives), "Strategies, programmes, projects, agreements, laws and events."},
		{string(directory.Functions), "The taxonomy of governance functions."},
		{string(directory.Roles), "Who does what, where, from when to when."},
		{string(directory.Relations), "Typed links between actors."},
		{string(directory.Sources), "The evidence."},
		{analysisTag, "Who does what, where, and where is nobody."},
		{"search", "Find by name."},
		{"batch", "Many writes at once."},
		{"changes", "Keep a copy in step."},
		{"files", "The directory as files, in and out."},
		{"vocabularies", "Code lists with labels."},
		{"keys", "API keys, for administrators."},
		{"citations", "Answers that can be cited, and verified later."},
		{"webhooks", "Where changes are told, for administrators."},
		{"operations", "For those who run it."},
		{"pages", "For people."},
	}
}

// describe says what the API is, and what holds everywhere.
func describe() specInfo {
	return specInfo{
		Title:   "Dalil",
		Version: "1",
		Summary: "Who does what in labour-migration governance, where, since when, and on what evidence.",
		Description: "Public records are open to read; everything else needs `Authorization: Bearer <API key>`.\n\n" +
			"**Strictness.** An unknown parameter, an unknown member or a wrong type is refused, never passed over.\n\n" +
			"**Position.** Every answer carries `Dalil-Seq`, the ledger position it is true at; send it back as `Dalil-Min-Seq` to read " +
			"your own writes on any node.\n\n" +
			"**Entity tags.** `If-Match` compares what stands before `;`, the version, so the ETag of any representation will do; " +
			"`If-None-Match` compares the whole.\n\n" +
			"**Errors** are problem documents (RFC 9457) with a stable `code`. Those that this document does not list are given before any " +
			"operation is reached: 404 and 405 for other addresses and methods, and, as plain text, 400 for what is not HTTP and 431 for " +
			"a request line and headers of more than " + strconv.Itoa(maxHeaderBytes>>10) + " KiB together.\n\n" +
			"**HEAD** answers what GET does, without the body; OPTIONS answers 204 with `Allow`. Scripts of any site may read (CORS). Large " +
			"answers are packed with zstd or gzip for whoever accepts it.",
		License: specLicense{"Apache-2.0", "Apache-2.0"},
	}
}
