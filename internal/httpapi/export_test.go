package httpapi

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/readmodel"
)

// StatusOf is the table from kinds to statuses.
func StatusOf(kind fault.Kind) int { return statusOf(kind) }

// TitleOf names a kind of refusal.
func TitleOf(kind fault.Kind, lang string) string { return titleOf(kind, lang) }

// Coding picks the coding of an answer.
func Coding(header string) string { return coding(header) }

// Accepts tells whether an Accept allows a media type.
func Accepts(header, media string) bool { return acceptWeight(header, media) > 0 }

// Network is what stands for one client.
func Network(address string) string { return network(address) }

// Projected cuts a record to some members.
func Projected(json []byte, fields []string) []byte { return projected(json, fields) }

// MaxBuckets is how many callers the rate limit remembers.
const MaxBuckets = maxBuckets

// Buckets is how many callers the rate limit remembers now.
func (a *API) Buckets() int { return len(a.limits.buckets) }

// MaxStreamsEach is how many streams one caller may have open.
const MaxStreamsEach = maxStreamsEach

// Streams is how many streams are open.
func (a *API) Streams() int { return a.streams.open() }

// Table returns the rows of the routes.
func (a *API) Table() []Route { return a.table }

// Add puts a route for a test beside the others. It answers through the whole chain of middlewares.
func (a *API) Add(path string, answer func(w http.ResponseWriter, r *http.Request) error) {
	serve := a.serve(&Route{Method: http.MethodGet, Path: path, Query: withLang(nil), handle: func(c *call) error { return answer(c.out, c.req) }})
	a.engine.GET(path, serve)
	a.engine.HEAD(path, serve)
	a.engine.POST(path, serve)
}

// CursorTexts returns a cursor as it is sealed, and as the JSON library writes it.
func CursorTexts(list, lang, last string, day directory.Day, seq uint64, chosen, values []string) (sealed, usual []byte, err error) {
	at := &cursor{List: list, Select: chosen, Lang: lang, Day: day, Values: values, Last: last, Seq: seq}
	usual, err = json.Marshal(at)
	return at.append(nil), usual, err
}

// GapTexts returns the members of gaps as they are written, and as the JSON library writes them.
func GapTexts(found *readmodel.Gaps) (written, usual []byte, err error) {
	usual, err = json.Marshal(found, json.Deterministic(true))
	return append([]byte{'{'}, appendGaps(nil, found)[1:]...), usual, err
}

// SuggestionTexts returns suggestions as they are written, and as the JSON library writes them.
func SuggestionTexts(found []readmodel.Suggestion, position uint64) (written, usual []byte, err error) {
	list := suggestionList{Items: make([]suggestion, len(found)), AsOf: "2026-11-24", HiddenByDate: 2, Seq: position}
	for i := range found {
		f := &found[i]
		list.Items[i] = suggestion{f.Ref.Kind, f.Ref.ID, f.Label, match{f.Match.Field, f.Match.Lang, f.Match.Value, f.Match.How, f.Match.Score}}
	}
	usual, err = json.Marshal(list)
	return list.append(nil, found), usual, err
}
