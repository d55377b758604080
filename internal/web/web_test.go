package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
	"dalil/internal/web"
)

// directoryOf returns a state with one public source and one for the ministry.
func directoryOf(t *testing.T) *readmodel.Snapshot {
	t.Helper()
	c := &ledger.Commit{At: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
	for id, visibility := range map[string]directory.Visibility{"open": directory.Public, "closed": directory.Ministry} {
		s := &directory.Source{Title: id, Kind: "other"}
		s.ID, s.Version, s.Visibility, s.Status = id, 1, visibility, directory.Published
		text, err := directory.Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		c.Changes = append(c.Changes, ledger.Change{
			Op: ledger.Put, Ref: directory.Ref{Kind: directory.Sources, ID: id}, Version: 1, JSON: text,
		})
	}
	c.Seal(ledger.Position{})
	edit := readmodel.Empty().Edit()
	if err := edit.Apply(c); err != nil {
		t.Fatal(err)
	}
	return edit.Snapshot()
}

// ask returns the page for a query and an Accept-Language.
func ask(t *testing.T, query, accept string) (http.Header, string) {
	t.Helper()
	state := directoryOf(t)
	home, err := web.NewHome(func() *readmodel.Snapshot { return state })
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/"+query, http.NoBody)
	req.Header.Set("Accept-Language", accept)
	rec := httptest.NewRecorder()
	home.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		t.Fatalf("status %d", rec.Code)
	}
	return rec.Header(), rec.Body.String()
}

func TestThePageSpeaksTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	tests := []struct{ query, accept, lang, dir, says string }{
		{"", "", "fr", "ltr", "Qui fait quoi"},
		{"", "ar-MA,ar;q=0.9,fr;q=0.5", "ar", "rtl", "من يفعل ماذا"},
		{"", "en-GB", "en", "ltr", "Who does what"},
		{"?lang=en", "ar", "en", "ltr", "Who does what"},
		{"", "not a language;;", "fr", "ltr", "Qui fait quoi"},
	}
	for _, tt := range tests {
		header, page := ask(t, tt.query, tt.accept)
		if header.Get("Content-Language") != tt.lang || !strings.Contains(page, `<html lang="`+tt.lang+`" dir="`+tt.dir+`">`) ||
			!strings.Contains(page, tt.says) {
			t.Errorf("%q %q: not in %s (%s)", tt.query, tt.accept, tt.lang, header.Get("Content-Language"))
		}
	}
}

func TestOnlyWhatIsPublicIsCounted(t *testing.T) {
	t.Parallel()
	_, page := ask(t, "?lang=en", "")
	if !strings.Contains(page, `<a href="/api/v1/sources"><b>1</b> sources</a>`) {
		t.Errorf("two sources, one of them public, are told as\n%s", page)
	}
}

func TestThePolicyAllowsThePagesOwnStyleAndNothingElse(t *testing.T) {
	t.Parallel()
	header, page := ask(t, "", "")
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)
	if style == nil {
		t.Fatal("the page has no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	policy := header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy %s", policy)
	}
	if strings.Contains(page, "<script") || strings.Contains(page, " style=") {
		t.Error("the page has a script or a style that its policy does not allow")
	}
}
