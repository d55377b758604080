package httpapi

import "slices"

// headerParameters describes the request headers that an address reads.
func headerParameters(r Route) (names []string, params []specParameter) {
	add := func(component string, p specParameter) {
		p.In = "header"
		names, params = append(names, component), append(params, p)
	}
	if r.Condition {
		add(ifMatch(r))
	}
	if answersCopies(r) {
		add("IfNoneMatch", specParameter{
			Name: "If-None-Match", Schema: schema{"type": "string"}, Example: `"3;open"`,
			Description: "The ETag of the copy at hand; 304 when that still holds.",
		})
	}
	if slices.Contains(r.Answers, mediaEvents) {
		add("LastEventID", lastEventID())
	}
	if r.Idempotent {
		add("IdempotencyKey", specParameter{
			Name: "Idempotency-Key", Schema: schema{"type": "string", "pattern": `^[!-~]{1,255}$`}, Example: "b1946ac9-2d1c-4f0e",
			Description: "A name for this request, kept for 24 hours for the caller and the address: a retry is answered with the first outcome, and writes nothing.",
		})
	}
	return names, params
}

// entityTagList is the form of If-Match.
const entityTagList = `^(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)$`

// ifMatch is required where a write would otherwise overwrite what its caller has not seen.
func ifMatch(r Route) (component string, p specParameter) {
	p = specParameter{Name: "If-Match", Schema: schema{"type": "string", "pattern": entityTagList}}
	switch {
	case needsCondition(r):
		p.Required, p.Example = true, `"1"`
		p.Description = "The ETag of the version that the change was made on, of any of its representations, a list of them, or `*`. 428 without, 412 when the record has moved on."
		return "IfMatch", p
	case r.Scope != "":
		p.Description = "The ETag of the version that is restored, a list of them, or `*`. 412 when the record has moved on."
		return "IfMatchToRestore", p
	default:
		p.Description = "The ETag that the record must still have, a list of them, or `*`. 412 when it has moved on."
		return "IfMatchToRead", p
	}
}

// sharedParameters are those that every address takes; a path names them once for all its methods.
func sharedParameters() (names []string, params []specParameter) {
	lang := commonParameter("lang")
	lang.Name, lang.In = "lang", "query"
	return []string{"Lang", "AcceptLanguage", "DalilMinSeq", "XRequestID"}, []specParameter{
		lang,
		{
			Name: "Accept-Language", In: "header", Schema: schema{"type": "string"}, Example: "ar, fr;q=0.8",
			Description: "The languages of labels and messages that are liked best; `lang` goes first.",
		},
		{
			Name: "Dalil-Min-Seq", In: "header", Schema: schema{"type": "integer", "format": "int64", "minimum": 0}, Example: 1,
			Description: "Answer from a state at or after this position: the Dalil-Seq of an earlier answer. Waits up to 2 s, then 503.",
		},
		{
			Name: "X-Request-Id", In: "header", Schema: schema{"type": "string", "pattern": requestIDPattern.String()},
			Description: "A name for the request in the log. Another form is passed over, and a name is made.",
		},
	}
}

// answerHeader is a header of answers. One header has several components where it is not always there, or means
// something else.
type answerHeader struct {
	component, name string
	always          bool
	words           string
	example         any
}

// answerHeaders are the headers of answers.
var answerHeaders = []answerHeader{
	{"CacheControl", "Cache-Control", true, "no-cache, with private when signed in; no-store for keys.", "no-cache"},
	{"DalilSeq", "Dalil-Seq", true, "The ledger position that the answer is true at.", 512},
	{"Vary", "Vary", true, "The request headers that the answer depends on.", "Accept, Accept-Encoding, Accept-Language, Authorization"},
	{"XRequestID", "X-Request-Id", true, "The name of the request in the log.", exampleRequestID},

	{"ContentDispositionOfFile", "Content-Disposition", false, "A name for the file, when it is one.", `attachment; filename="actors.csv"`},
	{"ContentDisposition", "Content-Disposition", true, "A name for the file.", `attachment; filename="dalil-512.backup"`},
	{"ContentLanguage", "Content-Language", false, "The language of labels and messages.", "fr"},
	{"DalilReplayed", "Dalil-Replayed", false, "true when the answer is the outcome of an earlier request with the same Idempotency-Key.", "true"},
	{"ETag", "ETag", true, "The entity tag: the version or the position, then what else the representation depends on.", `"3;open"`},
	{"ETagUnlessDryRun", "ETag", false, "The entity tag of the record as it is now: its version. A dry run has none.", `"4"`},
	{"ETagUnlessStream", "ETag", false, "The entity tag of a page; a stream has none.", `"s512;9Zt-pVbA3kcT"`},
	{"Link", "Link", false, "Where the next page is, when there is one.", `</api/v1/actors?cursor=q83v&limit=50>; rel="next"`},
	{"LocationOfRecord", "Location", true, "Where the new record is.", "/api/v1/actors/anapec-agadir"},
	{"LocationOfPage", "Location", true, "Where the page is.", "/swagger/index.html"},
	{"LocationOfSurvivor", "Location", true, "The same question of the record that this one was merged into.", "/api/v1/actors/miepeec"},
	{"RateLimit", "RateLimit", false, "What is left of the quota, and for how long (IETF draft, RateLimit header fields for HTTP).", `"anonymous";r=59;t=1`},
	{"RateLimitPolicy", "RateLimit-Policy", false, "The quota: requests in a window of seconds.", `"anonymous";q=600;w=60`},
	{"RetryAfter", "Retry-After", true, "Seconds after which the next request is admitted.", 1},
	{"RetryAfterIfKnown", "Retry-After", false, "Seconds after which trying again may help.", 1},
	{"XAccelBuffering", "X-Accel-Buffering", false, "no for a stream: proxies are to hand on each event at once.", "no"},
	{"WWWAuthenticate", "WWW-Authenticate", true, "How to say who you are.", `Bearer realm="dalil"`},
}

// spec describes the header.
func (h answerHeader) spec() specHeader {
	s := schema{"type": "string"}
	if _, ok := h.example.(int); ok {
		s = schema{"type": "integer", "format": "int64", "minimum": 0}
	}
	return specHeader{Description: h.words, Required: h.always, Schema: s, Example: h.example}
}

// headersOf names the headers of an answer: those that every answer has, then its own.
func headersOf(own ...string) map[string]specRef {
	all := make(map[string]specRef)
	for _, h := range answerHeaders {
		if slices.Contains(own, h.component) || slices.Contains(onEveryAnswer, h.component) {
			all[h.name] = refTo("headers", h.component)
		}
	}
	return all
}

var onEveryAnswer = []string{"CacheControl", "DalilSeq", "Vary", "XRequestID"}
