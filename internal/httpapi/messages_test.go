package httpapi_test

import (
	"html"
	"strings"
	"testing"

	"dalil/internal/fault"
)

func TestMessagesReadAsSentences(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.create("actors", actor("min", "Ministère", ""))
	s.create("actors", `{"id":"dir","kind":"unit","parent":"min","group":"government","name":{"fr":"Direction"}}`)
	tests := []struct {
		ask  *request
		want string
	}{
		{s.get("/roles?function=POL"), "POL est inconnu ici ; attendu : une valeur que liste /functions."},
		{s.get("/roles?function=POL&lang=en"), "POL is not known here; expected: a value that /functions lists."},
		{s.get("/roles?function=POL&lang=ar"), "قيمة من قائمة \u200e/functions\u200e."},
		{s.get("/roles?territory=XX&lang=en"), "XX is not known here; expected: a value that /vocabularies/"},
		{s.send("POST", "/batch", `{"items":[{"op":"create"}]}`), "\"\" est inconnu ici ; attendu : "},
		{s.send("POST", "/keys?lang=en", `{"name":"n","scope":"bogus","clearance":"partners"}`), "bogus is not known here; expected: read, write, admin."},
		{s.send("POST", "/keys?lang=en", `{"name":"n","scope":"read"}`), "This is required."},
		{s.send("DELETE", "/actors/min", "").with("If-Match", "*"), "Fiches actives qui y renvoient : 1 ; archivez-les avec elle ou avant."},
		{s.get("/vocabularies/zzz"), "Il n’y a rien à cette adresse."},
	}
	for _, test := range tests {
		answer := test.ask.do()
		p := new(problem)
		answer.decode(p)
		said := p.Detail
		if len(p.Errors) > 0 {
			said = p.Errors[0].Detail
		}
		if !strings.Contains(said, test.want) {
			t.Errorf("%s: said %q, want %q", answer.asked, said, test.want)
		}
	}
}

func TestThePagesOfProblemsHaveNoOpenPlaceholders(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, lang := range []string{"fr", "ar", "en"} {
		page := html.UnescapeString(s.ask("GET", "/problems?lang="+lang).expect(200).Body.String())
		if left := openPlaceholder.FindString(page); left != "" {
			t.Errorf("%s: the list shows %s", lang, left)
		}
		if one := s.ask("GET", "/problems/"+string(fault.CodeTooLong)+"?lang="+lang).expect(200).Body.String(); !strings.Contains(one, "…") {
			t.Errorf("%s: %s", lang, one)
		}
	}
}
