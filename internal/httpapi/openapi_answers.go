package httpapi

import (
	"net/http"
	"strconv"
	"strings"

	"dalil/internal/directory"
)

// success is an answer that is no refusal: its status and the component that describes it.
type success struct {
	status    int
	component string
	specResponse
}

// succeed describes an answer; limits are on every one but those of the probes.
func succeed(status int, component, words string, content map[string]specMedia, headers ...string) success {
	headers = append(headers, "RateLimit", "RateLimitPolicy")
	return success{status, component, specResponse{Description: words, Headers: headersOf(headers...), Content: content}}
}

// successesOf describes the answers of an address that are no refusals.
func successesOf(r Route) []success {
	if r.tabular {
		return analysisSuccesses(r)
	}
	if r.Kind != "" {
		return recordSuccesses(r)
	}
	switch r.ID {
	case "batch":
		return batchSuccesses()
	case "listKeys", "getKey", "createKey", "revokeKey":
		return keySuccesses(r)
	case "suggest":
		return []success{
			succeed(http.StatusOK, "Suggested", "What may be meant, the likeliest first.", inJSON("SuggestionList"), "ETag", "ContentLanguage"), notModified(),
		}
	case "listChanges":
		return changesSuccesses()
	case "listWebhooks", "getWebhook", "createWebhook", "deleteWebhook", "testWebhook":
		return webhookSuccesses(r)
	case "listCitations", "createCitation", "getCitation", "getCitedAnswer":
		return citationSuccesses(r)
	case "startImport", "getImport":
		return importSuccesses(r)
	case "export":
		content := inText(mediaCSV, mediaXLSX, mediaNDJSON, mediaZip)
		return []success{succeed(http.StatusOK, "Exported", "The file.", content, "ETag", "ContentDisposition"), notModified()}
	case "getStats":
		return []success{succeed(http.StatusOK, "StatsRead", "What the store holds.", inJSON("StoreStats"))}
	case "backup":
		file := map[string]specMedia{mediaBinary: {Schema: schema{}}}
		return []success{succeed(http.StatusOK, "Backup", "The file, as it is made.", file, "ContentDisposition")}
	case "listVocabularies":
		return []success{
			succeed(http.StatusOK, "VocabulariesListed", "The vocabularies.", inJSON("VocabularyList"), "ETag"), notModified(),
		}
	case "getVocabulary":
		return []success{
			succeed(http.StatusOK, "VocabularyRead", "The vocabulary.", inJSON("Vocabulary"), "ETag"), notModified(),
		}
	default:
		return pageSuccesses(r)
	}
}

// recordSuccesses describes the answers about records.
func recordSuccesses(r Route) []success {
	name := typeName(r.Kind)
	whole := inJSON(name)
	written := succeed(http.StatusOK, name+"Written", "The record as it is now, or with `dry_run` would be.", whole, "ETagUnlessDryRun", "DalilReplayed")
	switch actOf(r) {
	case "list":
		page := inJSON(name + "List")
		for _, f := range fileFormats {
			page[f.media] = specMedia{Schema: schema{"type": "string"}}
		}
		return []success{
			succeed(http.StatusOK, camel(string(r.Kind))+"Page", "A page of the list, or the whole of it as a file.", page,
				"ETag", "Link", "ContentLanguage", "ContentDispositionOfFile"), notModified(),
		}
	case "get", "version":
		return []success{succeed(http.StatusOK, name+"Read", "The record.", whole, "ETag"), notModified()}
	case "versions":
		page := inJSON("VersionList")
		return []success{succeed(http.StatusOK, "VersionsPage", "A page of the versions, the newest first.", page, "ETag", "Link"), notModified()}
	case "create":
		return []success{
			written, succeed(http.StatusCreated, name+"Created", "The new record.", whole, "ETag", "LocationOfRecord", "DalilReplayed"),
		}
	default:
		return []success{written}
	}
}

func notModified() success {
	return succeed(http.StatusNotModified, "NotModified", "The copy at hand still holds.", nil, "ETag", "ContentLanguage", "Link")
}

func batchSuccesses() []success {
	return []success{
		succeed(http.StatusOK, "BatchDone", "Every item succeeded.", inJSON("BatchResults"), "DalilReplayed"),
		succeed(http.StatusMultiStatus, "BatchPartlyDone", "With `atomic=false`: some items were refused, each with its problem.",
			map[string]specMedia{mediaJSON: media("BatchResults", "BatchResultsMixed")}, "DalilReplayed"),
	}
}

func keySuccesses(r Route) []success {
	switch r.ID {
	case "listKeys":
		return []success{succeed(http.StatusOK, "KeysListed", "The live keys.", inJSON("KeyList"))}
	case "getKey":
		return []success{succeed(http.StatusOK, "KeyRead", "The key, without its secret.", inJSON("Key"))}
	case "createKey":
		return []success{
			succeed(http.StatusOK, "KeyRehearsed", "With `dry_run`: the key as it would be.", inJSON("Key")),
			succeed(http.StatusCreated, "KeyCreated", "The key and its secret, which is told this once.", inJSON("NewKey"), "LocationOfRecord"),
		}
	default:
		return []success{
			succeed(http.StatusOK, "KeyRevocationRehearsed", "With `dry_run`: the key that would let nobody in any more.", inJSON("Key")),
			succeed(http.StatusNoContent, "KeyRevoked", "The key lets nobody in any more.", nil),
		}
	}
}

// pageSuccesses describes the answers of the addresses outside the API proper.
func pageSuccesses(r Route) []success {
	switch r.ID {
	case "livez":
		return []success{succeed(http.StatusOK, "Alive", "The process answers.", inJSON("Health"))}
	case "readyz":
		return []success{succeed(http.StatusOK, "Ready", "This node may be sent requests.", inJSON("Health"))}
	case "metrics":
		return []success{
			succeed(http.StatusOK, "Metrics", "The metrics, in the Prometheus format that Accept asks for.", inText("text/plain", "application/vnd.google.protobuf")),
		}
	case "home":
		return []success{succeed(http.StatusOK, "HomePage", "The page.", inText("text/html"), "ContentLanguage")}
	case "listProblems", "getProblem":
		return []success{succeed(http.StatusOK, "ProblemPage", "What the codes mean, in words.", inText("text/html"), "ContentLanguage")}
	case "openapi":
		document := map[string]specMedia{mediaJSON: {Schema: schema{"type": "object"}}}
		return []success{succeed(http.StatusOK, "Document", "This document.", document, "ETag"), notModified()}
	case "openapiYAML":
		return []success{succeed(http.StatusOK, "DocumentInYAML", "This document.", map[string]specMedia{mediaYAML: {Schema: schema{"type": "object"}}}, "ETag"), notModified()}
	default:
		content := inText("text/html", "text/css", "text/javascript", "image/png")
		return []success{
			succeed(http.StatusOK, "DocumentationPage", "The file.", content, "ETag"), notModified(),
			succeed(http.StatusFound, "DocumentationElsewhere", "The page is at the address in Location.", nil, "LocationOfPage"),
		}
	}
}

// answersCopies tells whether an address answers 304 to whoever holds its answer already.
func answersCopies(r Route) bool {
	for _, s := range successesOf(r) {
		if s.status == http.StatusNotModified {
			return true
		}
	}
	return false
}

// media is JSON of a schema, with an example.
func media(name, example string) specMedia {
	return specMedia{Schema: ref(name), Examples: map[string]specRef{"example": refTo("examples", example)}}
}

// inJSON is an answer in JSON, with the example that has the name of its schema.
func inJSON(name string) map[string]specMedia {
	return map[string]specMedia{mediaJSON: media(name, name)}
}

// inText is an answer that is no JSON.
func inText(types ...string) map[string]specMedia {
	content := make(map[string]specMedia)
	for _, t := range types {
		content[t] = specMedia{Schema: schema{"type": "string"}}
	}
	return content
}

// actOf says what an address does with records of its kind, in one word; of other addresses it is their operation.
func actOf(r Route) string {
	switch {
	case r.Kind == "":
		return r.ID
	case strings.HasSuffix(r.ID, "Versions"):
		return "versions"
	case strings.HasSuffix(r.ID, "Version"):
		return "version"
	default:
		return r.ID[:strings.IndexFunc(r.ID, func(c rune) bool { return c < 'a' })]
	}
}

func isHistory(r Route) bool { return actOf(r) == "versions" }

// needsCondition tells whether an address answers 428 to a write without If-Match.
func needsCondition(r Route) bool {
	return r.Condition && r.Scope != "" && r.Method != http.MethodPost
}

// typeName is the name of a record of a kind: actors → Actor.
func typeName(kind directory.Kind) string {
	if kind == "" {
		return "Key"
	}
	return strings.TrimSuffix(camel(string(kind)), "s")
}

// noun is what a record of a kind is called: actor.
func noun(kind directory.Kind) string { return strings.ToLower(typeName(kind)) }

// statusText writes a status as the document's responses are named.
func statusText(status int) string { return strconv.Itoa(status) }
