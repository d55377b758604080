package app_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// pageLink is an address of this server on a page.
var pageLink = regexp.MustCompile(`href="(/[^"]*)"`)

func TestEveryLinkOfTheFirstPageIsAnswered(t *testing.T) {
	t.Parallel()
	for _, content := range []struct {
		args         []string
		holdsMorocco bool
	}{{nil, false}, {[]string{"--sample"}, true}} {
		server := startServer(t, content.args...)
		for lang, morocco := range map[string]string{"fr": "Maroc", "ar": "المغرب", "en": "Morocco"} {
			status, page := server.get(t, "/?lang="+lang)
			if status != http.StatusOK || strings.Contains(page, morocco) != content.holdsMorocco {
				t.Errorf("%s %v: status %d, or the sample is spoken of and not there, or the other way round", lang, content.args, status)
			}
			links, questions := pageLink.FindAllStringSubmatch(page, -1), 0
			for _, link := range links {
				address := html.UnescapeString(link[1])
				status, answer := server.get(t, address)
				if status != http.StatusOK {
					t.Errorf("%s %v: %s answers %d: %.300s", lang, content.args, address, status, answer)
				}
				if !strings.Contains(address, "?") || !strings.HasPrefix(address, "/api/") {
					continue
				}
				questions++
				if content.holdsMorocco && strings.Contains(answer, `"items":[]`) {
					t.Errorf("%s: the sample holds nothing for %s", lang, address)
				}
			}
			if questions != 5 {
				t.Errorf("%s: %d questions, want 5", lang, questions)
			}
		}
	}
}
