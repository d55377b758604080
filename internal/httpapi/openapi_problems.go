package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// refusal is a status of problem documents: what it means here, the headers it brings, and an example.
type refusal struct {
	status  int
	words   string
	headers []string
	example *fault.Error
}

// refusals are the statuses that problem documents come with. 405 is not among them: it answers methods that an
// address does not have, and so no operation of this document.
func refusals() []refusal {
	return []refusal{
		{http.StatusPermanentRedirect, "The record was merged into another: ask that one.", []string{"LocationOfSurvivor"}, mergedExample()},
		{
			http.StatusBadRequest, "The query or a header is wrong, or the body is not JSON, repeats a key, or has an unknown member or a wrong type.", nil,
			fault.AtParameter("limit", fault.CodeBadInteger, fault.Args{"min": 1, "max": maxLimit}),
		},
		{
			http.StatusUnauthorized, "The key is missing where one is needed, unknown, expired or revoked.",
			[]string{"WWWAuthenticate"},
			fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, nil),
		},
		{http.StatusForbidden, "The key's scope or clearance does not allow this.", nil, fault.New(fault.Forbidden, fault.CodeForbidden, nil)},
		{http.StatusNotFound, "There is no such thing, or the caller may not see it.", nil, fault.New(fault.NotFound, fault.CodeNotFound, nil)},
		{
			http.StatusNotAcceptable, "Accept excludes what is served here.", nil,
			fault.New(fault.NotAcceptable, fault.CodeNotAcceptable, fault.Args{"offered": mediaJSON}),
		},
		{
			http.StatusConflict, "It clashes with what the directory holds: see `code`, and `candidates` or `referrers`.", nil,
			nearNameExample(),
		},
		{http.StatusGone, "The record was archived: `archived` says when, why, and to signed-in callers by whom.", nil, goneExample()},
		{
			http.StatusPreconditionFailed, "The record has changed since the version that If-Match names.", nil,
			fault.New(fault.Stale, fault.CodeStale, fault.Args{"version": 4}),
		},
		{
			http.StatusRequestEntityTooLarge, "The body is too large.", nil,
			fault.New(fault.TooLarge, fault.CodeTooLarge, fault.Args{"max": fault.Size(maxBodyBytes)}),
		},
		{
			http.StatusRequestURITooLong, "The address is too long.", nil,
			fault.New(fault.URITooLong, fault.CodeURITooLong, fault.Args{"max": fault.Size(maxURIBytes)}),
		},
		{
			http.StatusUnsupportedMediaType, "The body is of another media type than those listed, or packed.", nil,
			fault.AtHeader(fault.Unsupported, "Content-Type", fault.CodeUnsupportedMedia, fault.Args{"expected": mediaJSON}),
		},
		{
			http.StatusUnprocessableEntity, "The body breaks rules: `errors` names every faulty place. Or the Idempotency-Key was used for another request.", nil,
			fault.AtPointer("/actor", fault.CodeDanglingReference, fault.Args{"ref": directory.Ref{Kind: directory.Actors, ID: "nobody"}}),
		},
		{
			http.StatusPreconditionRequired, "If-Match is missing.", nil,
			fault.New(fault.NoCondition, fault.CodeConditionRequired, nil),
		},
		{
			http.StatusTooManyRequests, "The quota is used up.",
			[]string{"RetryAfter"},
			fault.New(fault.TooMany, fault.CodeTooManyRequests, nil),
		},
		{
			http.StatusInternalServerError, "A defect of the server; the log tells more by the request id.", nil,
			fault.New(fault.Internal, fault.CodeInternal, nil),
		},
		{
			http.StatusServiceUnavailable, "The store is away, this node lags behind, or, with `outcome_unknown`, nobody knows yet whether it was written.",
			[]string{"RetryAfterIfKnown"},
			&fault.Error{
				Kind: fault.Unavailable, Code: fault.CodePositionNotReached, Args: fault.Args{"want": 520, "have": 512},
				RetryAfter: time.Second,
			},
		},
		{http.StatusGatewayTimeout, "It took too long.", nil, fault.New(fault.Timeout, fault.CodeTimeout, nil)},
	}
}

func mergedExample() *fault.Error {
	return &fault.Error{
		Kind: fault.Moved, Code: fault.CodeMerged, Args: fault.Args{"survivor": "miepeec"}, Members: map[string]any{"survivor": "miepeec"},
	}
}

func nearNameExample() *fault.Error {
	candidate := map[string]any{"kind": "actors", "id": "anapec", "label": "Agence nationale de promotion de l’emploi et des compétences"}
	return &fault.Error{
		Kind: fault.Conflict, Code: fault.CodeNearName, Members: map[string]any{"candidates": []any{candidate}},
	}
}

func goneExample() *fault.Error {
	note := map[string]any{"at": exampleTime, "reason": "Fermé", "by": "bootstrap"}
	return &fault.Error{Kind: fault.Gone, Code: fault.CodeGone, Members: map[string]any{"archived": note}}
}

// problemResponses are the refusals, each once.
func problemResponses() map[string]specResponse {
	all := make(map[string]specResponse)
	for _, r := range refusals() {
		name := problemName(r.status)
		all[name] = specResponse{
			Description: r.words,
			Headers:     headersOf(append([]string{"ContentLanguage", "RateLimit", "RateLimitPolicy"}, r.headers...)...),
			Content:     map[string]specMedia{mediaProblem: media("Problem", name)},
		}
	}
	return all
}

// problemName names the component of a status.
func problemName(status int) string {
	return "Problem" + strings.ReplaceAll(strings.ReplaceAll(http.StatusText(status), " ", ""), "-", "")
}

// refusalsOf are the statuses of the problem documents that an address may answer with.
func refusalsOf(r Route) []int {
	list := []int{400, 413, 414, 500, 503, 504}
	if !r.free {
		list = append(list, 401, 429)
	}
	if len(r.Answers) > 0 {
		list = append(list, 406)
	}
	if r.Scope != "" {
		list = append(list, 403)
	}
	if strings.ContainsAny(r.Path, ":*") {
		list = append(list, 404)
	}
	if r.Body != nil {
		list = append(list, 415)
	}
	if needsCondition(r) {
		list = append(list, 428)
	}
	list = append(list, ownRefusals(r)...)
	slices.Sort(list)
	return slices.Compact(list)
}

// ownRefusals are those that depend on what an address does.
func ownRefusals(r Route) []int {
	switch actOf(r) {
	case "get":
		return []int{308, 410, 412}
	case "create":
		return []int{409, 410, 422} // 410: the first outcome of a retry was erased
	case "replace", "patch", "archive", "restore":
		return []int{409, 410, 412, 422}
	case "batch":
		return []int{404, 409, 410, 412, 422, 428}
	case "startImport":
		return []int{422}
	case "createKey", "createWebhook", "createCitation":
		return []int{409, 422}
	case "revokeKey", "listChanges":
		return []int{409}
	default:
		return nil
	}
}

// addRefusals adds what an address may refuse with to what it may answer.
func addRefusals(r Route, all map[string]specRef) {
	for _, status := range refusalsOf(r) {
		all[statusText(status)] = refTo("responses", problemName(status))
	}
}
