package httpapi

import (
	"net/http"

	"dalil/internal/directory"
)

// exampleInput is a record as one would send it; every example is of the sample's content.
func exampleInput(kind directory.Kind) node {
	switch kind {
	case directory.Actors:
		return node{
			"id": "example-office", "kind": "unit", "group": "government", "parent": "anapec", "country": "MA",
			"name": node{"fr": "Bureau de l’exemple", "en": "Example office"}, "sources": []any{"snmpi-communique"},
		}
	case directory.Initiatives:
		return node{
			"id": "example-event", "kind": "event", "parent": "snmpi", "start": "2022-07-20", "end": "2022-07-21",
			"name": node{"fr": "Séminaire de l’exemple"}, "frameworks": []any{node{"framework": "SDG", "code": "8"}},
		}
	case directory.Functions:
		return node{"notation": "POL-EXA", "parent": "pol", "label": node{"fr": "Exemple", "en": "Example", "ar": "مثال"}}
	case directory.Roles:
		return node{
			"actor": "miepeec", "type": "lead", "function": "POL-STR", "initiative": "snmpi", "territories": []any{"MA"},
			"start": "2022-07", "sources": []any{"snmpi-communique"}, "confidence": "high",
		}
	case directory.Relations:
		return node{"from": "miepeec", "type": "supervises", "to": "anapec", "start": "2000-06-05"}
	default:
		return node{"title": "Communiqué", "publisher": "MIEPEEC", "date": "2022-07", "kind": "communique", "language": "fr"}
	}
}

// exampleAnswer is a record as it is answered.
func exampleAnswer(kind directory.Kind) node {
	answer := exampleInput(kind)
	stamp := node{"at": "2026-11-24T09:00:00.000Z", "by": "bootstrap", "seq": 2}
	answer["version"], answer["status"], answer["visibility"] = 1, "published", "public"
	answer["created"], answer["updated"] = stamp, stamp
	if answer["id"] == nil {
		answer["id"] = exampleID(kind)
	}
	return answer
}

func exampleBatch() node {
	return node{"items": []any{
		node{"op": "create", "kind": "actors", "record": exampleInput(directory.Actors)},
		node{"op": "patch", "kind": "actors", "id": "miepeec", "if_match": "1", "record": node{"tags": []any{"to-check"}}},
	}}
}

// exampleProblem is a refusal with the status.
func exampleProblem(status int) node {
	return node{
		"type": problemPath + "/" + exampleCodes[status], "title": http.StatusText(status), "status": status,
		"detail": "What was wrong, in the caller's language.", "instance": basePath + "/actors",
		"code": exampleCodes[status], "request_id": "01JEXAMPLE",
	}
}

var exampleCodes = map[int]string{
	308: "merged", 400: "bad_parameter", 401: "unauthenticated", 403: "forbidden", 404: "not_found",
	406: "not_acceptable", 409: "id_taken", 410: "gone", 412: "stale", 413: "too_large", 414: "uri_too_long",
	415: "unsupported_media_type", 422: "invalid", 428: "condition_required", 429: "too_many_requests",
	431: "headers_too_large", 500: "internal", 503: "unavailable", 504: "timeout",
}
