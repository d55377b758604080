package httpapi

import (
	"net/http"

	"dalil/internal/directory"
)

// citationWords says what the operations are.
var citationWords = map[string]operationWords{
	"createCitation": {"citations", "Cite an answer", "Freezes a question, a read of this API with its query, so that it can be cited: the ledger position, the day, the language " +
		"and the clearance that its answer depends on, and the SHA-256 of that answer in canonical JSON (RFC 8785). Whatever takes `known_at` can be cited but an export, up to 8 MB; " +
		"`cursor` and `format` are refused. Without `clearance` it is asked as the caller; `public` makes it one that everybody can verify."},
	"listCitations": {"citations", "List your citations", "The citations that the caller's key has made, the newest first, as far as it may see what they were made of."},
	"getCitation":   {"citations", "Read a citation", "What was asked, at which position and on which day, by whom and when. To who may see less than it was made of there is no such citation."},
	"getCitedAnswer": {"citations", "Verify a citation", "Asks the question again at the same position and day, at the clearance of the citation, and says whether the answer is still the one that " +
		"was cited. It is, whatever was written or archived since. It is not when what the question names was hidden or erased since (`withheld`: there is no answer), or something of the " +
		"answer was (`altered`). To who may see less than it was made of there is no such citation."},
}

// citationSuccesses describes the answers.
func citationSuccesses(r Route) []success {
	switch r.ID {
	case "createCitation":
		return []success{
			succeed(http.StatusOK, "CitationRehearsed", "With `dry_run`: the citation as it would be.", inJSON("Citation")),
			succeed(http.StatusCreated, "CitationCreated", "The citation.", inJSON("Citation"), "LocationOfRecord", "DalilReplayed"),
		}
	case "listCitations":
		return []success{succeed(http.StatusOK, "CitationsListed", "A page of the caller's citations, the newest first.", inJSON("CitationList"), "Link")}
	case "getCitation":
		return []success{succeed(http.StatusOK, "CitationRead", "The citation.", inJSON("Citation"), "ETag"), notModified()}
	default:
		return []success{succeed(http.StatusOK, "CitationAnswered", "The answer, and whether it verifies.", inJSON("CitedAnswer"), "ETag"), notModified()}
	}
}

func (s *schemas) adjustCitations() {
	clearance := schema{"type": "string", "enum": []any{string(directory.Public), string(directory.Partners), string(directory.Ministry)}}
	sum := schema{"type": "string", "pattern": "^[0-9a-f]{64}$"}
	s.set("CitationSpec", "path", schema{"type": "string", "pattern": "^/api/v1/", "maxLength": maxCitedPath})
	s.set("CitationSpec", "clearance", clearance)
	s.set("CitationSpec", "title", schema{"type": "string", "minLength": 1, "maxLength": 500, "pattern": lineForm})
	s.all["CitationSpec"]["required"] = []any{"path"}
	s.set("Citation", "clearance", clearance)
	s.set("Citation", "checksum", sum)
	s.set("CitedAnswer", "checksum", sum)
	s.set("CitedAnswer", "why", schema{"type": "string", "enum": []any{whyWithheld, whyAltered}})
	s.set("CitedAnswer", "answer", schema{"type": []any{"object", "null"}})
}

func exampleCitationSpec() map[string]any {
	return map[string]any{"path": "/api/v1/actors?group=workers&facets=country", "clearance": "public", "title": "Trade unions, November 2026"}
}

func exampleCitation() map[string]any {
	made := exampleCitationSpec()
	made["id"], made["link"] = "citation-4jyq2z6d3lwj", citationsPath+"/citation-4jyq2z6d3lwj"
	made["answer"] = citationsPath + "/citation-4jyq2z6d3lwj/answer"
	made["path"] = "/api/v1/actors?group=workers&facets=country&known_at=512&lang=en"
	made["known_at"], made["at"], made["as_of"], made["day"], made["lang"] = 512, exampleTime, "any", "2026-11-24", "en"
	made["checksum"] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	made["created"] = map[string]any{"at": exampleTime, "by": "bootstrap", "seq": 513}
	return made
}

func exampleCitedAnswer() map[string]any {
	return map[string]any{
		"citation": exampleCitation(), "verified": true, "checksum": exampleCitation()["checksum"], "seq": 600,
		"answer": map[string]any{"items": []any{}, "total": 0, "hidden_by_date": 0, "facets": map[string]any{}, "as_of": "any", "seq": 512},
	}
}
