// Package web has one duty: the pages for people, rendered on the server in French, Arabic and English.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"golang.org/x/text/language"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

//go:embed home.html home.css
var files embed.FS

// Home answers GET / with what this is, what it holds, and where to go on.
type Home struct {
	head   func() *readmodel.Snapshot
	page   *template.Template
	style  template.CSS
	policy string // Content-Security-Policy: no script, no style but the page's own, no picture but its icon
}

// NewHome returns the page; head gives the state of the directory that it counts.
func NewHome(head func() *readmodel.Snapshot) (*Home, error) {
	page, err := template.ParseFS(files, "home.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the home page: %w", err)
	}
	style, err := files.ReadFile("home.css")
	if err != nil {
		return nil, fmt.Errorf("reading the home page's style: %w", err)
	}
	sum := sha256.Sum256(style)
	policy := "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src data:; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'"
	return &Home{head: head, page: page, style: template.CSS(style), policy: policy}, nil //nolint:gosec // our own file
}

// tile is a kind of record with its number.
type tile struct {
	Label string
	Count string
	Link  string
}

// view is what the template shows.
type view struct {
	Text   words
	Sample bool // the directory holds the sample content
	Tiles  []tile
	Seq    uint64
	Style  template.CSS
	Langs  []words
}

// ServeHTTP writes the page in the language asked for: lang=, else Accept-Language, else French.
func (h *Home) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := wordsFor(r)
	head := h.head()
	v := view{Text: text, Sample: holdsSample(head), Seq: head.Position().Seq, Style: h.style, Langs: everyLanguage()}
	for i, kind := range shown() {
		v.Tiles = append(v.Tiles, tile{
			Label: text.Kinds[i], Count: strconv.Itoa(head.Count(kind, directory.Public)), Link: "/api/v1/" + string(kind),
		})
	}
	var page bytes.Buffer
	if err := h.page.Execute(&page, v); err != nil {
		http.Error(w, "the page could not be rendered", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", text.Lang)
	header.Set("Content-Security-Policy", h.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-cache")
	_, _ = w.Write(page.Bytes()) // a reader who has gone needs no answer
}

// holdsSample tells whether the strategy that the sample content begins with is there for anybody to read.
func holdsSample(head *readmodel.Snapshot) bool {
	strategy, ok := head.Lookup(directory.Ref{Kind: directory.Initiatives, ID: "snmpi"}, directory.Public)
	return ok && !strategy.Archived()
}

// shown are the kinds in the order of the page.
func shown() []directory.Kind {
	return []directory.Kind{
		directory.Actors, directory.Initiatives, directory.Roles, directory.Relations, directory.Functions, directory.Sources,
	}
}

// wordsFor picks the language of a request.
func wordsFor(r *http.Request) words {
	all := everyLanguage()
	asked := r.URL.Query().Get("lang")
	for _, w := range all {
		if w.Lang == asked {
			return w
		}
	}
	matcher := language.NewMatcher([]language.Tag{language.French, language.Arabic, language.English})
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return all[0]
	}
	_, i, _ := matcher.Match(tags...)
	return all[i]
}
