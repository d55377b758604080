package httpapi

import (
	"net/http"
	"strconv"
	"strings"
)

// responses describes what an address may answer.
func (s *schemas) responses(r Route, head bool) node {
	all := node{}
	for status, answer := range s.successes(r) {
		if head {
			delete(answer, "content")
		}
		all[status] = answer
	}
	for _, status := range refusals(r) {
		all[strconv.Itoa(status)] = node{"$ref": "#/components/responses/" + responseName(status)}
	}
	return all
}

// successes describes the answers that are no refusals.
func (s *schemas) successes(r Route) map[string]node {
	headers := []string{"Dalil-Seq", "X-Request-Id"}
	if !r.free {
		headers = append(headers, "RateLimit", "RateLimit-Policy")
	}
	answer := func(description string, content node, more ...string) node {
		a := node{"description": description, "headers": headerRefs(append(headers, more...))}
		if content != nil {
			a["content"] = content
		}
		return a
	}
	isJSON := func(name string) node { return node{mediaJSON: node{"schema": ref(name)}} }
	switch r.ID {
	case "livez", "readyz":
		return map[string]node{"200": answer("It is.", isJSON("Health"))}
	case "metrics":
		return map[string]node{"200": answer("Metrics in Prometheus' text format.", anyText("text/plain"))}
	case "home", "swagger":
		return map[string]node{"200": answer("A page for people.", anyText("text/html"))}
	case "openapi":
		return map[string]node{"200": answer("This document.", node{mediaJSON: node{"schema": node{"type": "object"}}})}
	case "openapiYAML":
		return map[string]node{"200": answer("This document.", anyText("application/yaml"))}
	case "listProblems", "getProblem":
		return map[string]node{"200": answer("What the codes mean, in words.", anyText("text/html", "text/plain"))}
	case "batch":
		return map[string]node{
			"200": answer("Every item succeeded.", isJSON("BatchResults"), "Dalil-Replayed"),
			"207": answer("Some items were refused.", isJSON("BatchResults"), "Dalil-Replayed"),
		}
	case "createKey":
		return map[string]node{
			"200": answer("The key as it would be.", isJSON("NewKey")),
			"201": answer("The key, and its secret, this once.", isJSON("NewKey"), "Location"),
		}
	case "revokeKey":
		return map[string]node{"204": answer("It lets nobody in any more.", nil)}
	}
	return s.recordAnswers(r, answer, isJSON)
}

// recordAnswers describes the answers about records, keys and code lists.
func (s *schemas) recordAnswers(r Route, answer func(string, node, ...string) node, isJSON func(string) node) map[string]node {
	name := map[string]string{
		"listVocabularies": "VocabularyList", "getVocabulary": "Vocabulary", "listKeys": "KeyList", "getKey": "Key",
	}[r.ID]
	description := "The answer."
	headers := []string{"ETag", "Content-Language"}
	switch {
	case name != "":
	case strings.HasSuffix(r.ID, "Versions"):
		name, description, headers = "VersionList", "The versions, the newest first.", append(headers, "Link")
	case strings.HasPrefix(r.ID, "list"):
		name, description, headers = typeName(r.Kind)+"List", "One page.", append(headers, "Link")
	default:
		name, description = typeName(r.Kind), "The record."
	}
	content := isJSON(name)
	if r.Method == http.MethodGet && strings.HasPrefix(r.ID, "get") && r.Kind != "" {
		content[mediaJSON].(node)["example"] = exampleAnswer(r.Kind) //nolint:errcheck,forcetypeassert // made by isJSON
	}
	all := map[string]node{"200": answer(description, content, headers...)}
	if r.Method == http.MethodGet {
		all["304"] = answer("The copy at hand still holds.", nil, "ETag")
	}
	if r.Method == http.MethodPost && strings.HasPrefix(r.ID, "create") {
		all["201"] = answer("Created.", isJSON(name), append(headers, "Location", "Dalil-Replayed")...)
	}
	return all
}

func anyText(media ...string) node {
	content := node{}
	for _, m := range media {
		content[m] = node{"schema": node{"type": "string"}}
	}
	return content
}

// refusals are the statuses of the problem documents that an address may answer with.
func refusals(r Route) []int {
	list := []int{400, 414, 431, 500, 503, 504}
	if !r.free {
		list = append(list, 401, 429)
	}
	if r.Answers != "" {
		list = append(list, 406)
	}
	if r.Scope != "" {
		list = append(list, 403)
	}
	if strings.Contains(r.Path, ":") || strings.Contains(r.Path, "*") {
		list = append(list, 404)
	}
	if r.Kind != "" && strings.Contains(r.Path, ":id") {
		list = append(list, 410)
		if r.Method == http.MethodGet {
			list = append(list, 308)
		}
	}
	if r.Method != http.MethodGet {
		list = append(list, 404, 409, 410, 413, 422)
	}
	if r.Condition {
		list = append(list, 412, 428)
	}
	if r.ID == "batch" {
		list = append(list, 412, 428)
	}
	if r.Body != nil {
		list = append(list, 415)
	}
	return list
}

// problemResponses are the refusals, each once.
func problemResponses() node {
	all := node{}
	for _, status := range []int{308, 400, 401, 403, 404, 406, 409, 410, 412, 413, 414, 415, 422, 428, 429, 431, 500, 503, 504} {
		headers := []string{"X-Request-Id", "Content-Language"}
		switch status {
		case 308:
			headers = append(headers, "Location")
		case 429, 503:
			headers = append(headers, "Retry-After")
		case 401:
			headers = append(headers, "WWW-Authenticate")
		}
		all[responseName(status)] = node{
			"description": http.StatusText(status),
			"headers":     headerRefs(headers),
			"content":     node{mediaProblem: node{"schema": ref("Problem"), "example": exampleProblem(status)}},
		}
	}
	return all
}

func responseName(status int) string {
	return "Problem" + strings.ReplaceAll(strings.ReplaceAll(http.StatusText(status), " ", ""), "-", "")
}

func headerRefs(names []string) node {
	all := node{}
	for _, name := range names {
		all[name] = node{"$ref": "#/components/headers/" + name}
	}
	return all
}

func headerComponents() node {
	text := func(description string) node {
		return node{"description": description, "schema": node{"type": "string"}}
	}
	number := func(description string) node {
		return node{"description": description, "schema": node{"type": "integer", "minimum": 0}}
	}
	return node{
		"Dalil-Seq":        number("The ledger position that the answer is true at."),
		"Dalil-Replayed":   text("true when the answer is that of an earlier request with the same Idempotency-Key."),
		"X-Request-Id":     text("The request's id, as the log has it."),
		"RateLimit":        text("What is left of the quota (IETF draft, RateLimit header fields for HTTP)."),
		"RateLimit-Policy": text("The quota."),
		"ETag":             text("The entity tag: the version, then what else the representation depends on."),
		"Content-Language": text("Language of labels and messages."),
		"Link":             text(`The next page: <…>; rel="next".`),
		"Location":         text("Where it is."),
		"Retry-After":      number("Seconds after which trying again may help."),
		"WWW-Authenticate": text("How to say who you are."),
	}
}
