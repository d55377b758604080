package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/httpapi"
	"dalil/internal/service"
)

// country makes a small directory: a ministry with a directorate, two employers, one hidden, one of the past.
func country(t *testing.T, settings ...setting) *server {
	t.Helper()
	s := start(t, settings...)
	s.create("functions", `{"notation":"POL","label":{"fr":"Politique","ar":"السياسة"}}`)
	s.create("actors", actor("min", "Ministère de l’Emploi", `,"country":"MA","founded":"1956"`))
	s.create("actors", `{"id":"dir","kind":"unit","parent":"min","group":"government","name":{"fr":"Direction"},"country":"MA"}`)
	s.create("actors", `{"id":"cgem","kind":"organisation","group":"employers","name":{"fr":"CGEM"},"country":"MA","founded":"1947"}`)
	s.create("actors", `{"id":"fipe","kind":"organisation","group":"employers","name":{"fr":"Fédération"},"country":"MA","visibility":"ministry"}`)
	s.create("actors", `{"id":"old","kind":"organisation","group":"employers","name":{"fr":"Ancienne union"},"country":"FR","founded":"1930","dissolved":"1999"}`)
	s.create("roles", `{"id":"r1","actor":"min","type":"lead","function":"pol","start":"2022"}`)
	s.create("roles", `{"id":"r2","actor":"cgem","type":"social_partner","function":"pol","start":"2015","end":"2020"}`)
	return s
}

func TestAListIsFilteredCountedAndSorted(t *testing.T) {
	t.Parallel()
	s := country(t)
	tests := []struct {
		query string
		ids   string
	}{
		{"", "cgem dir min old"},
		{"group=employers", "cgem old"},
		{"group=employers&group=government", "cgem dir min old"},
		{"group=!employers", "dir min"},
		{"group=employers&country=MA", "cgem"},
		{"parent=none", "cgem min old"},
		{"parent=!none", "dir"},
		{"under=min", "dir min"},
		{"sort=-founded", "min cgem old dir"},
		{"sort=name", "old cgem dir min"},
		{"sort=-version,-name", "min dir cgem old"},
		{"sort=-version&sort=-name", "min dir cgem old"},
		{"as_of=2026", "cgem dir min"},
		{"as_of=1960", "cgem dir min old"},
		{"as_of=1960&dates=strict", "cgem min old"},
		{"as_of=today", "cgem dir min"},
		{"type=lead", "min"},
		{"type=social_partner", ""},
		{"type=social_partner&as_of=any", "cgem"},
		{"type=social_partner&as_of=2018-06-30", "cgem"},
		{"function=POL", "min"},
		{"limit=2", "cgem dir"},
	}
	for _, test := range tests {
		l := s.get("/actors?" + test.query).page()
		if got := strings.Join(l.ids(), " "); got != test.ids {
			t.Errorf("%s: %q, want %q", test.query, got, test.ids)
		}
	}
}

func TestAListSaysWhatItIsOf(t *testing.T) {
	t.Parallel()
	s := country(t)
	l := s.get("/actors?facets=group,country&facets=function&lang=ar&as_of=2026-11&limit=1").page()
	if l.Total != 3 || l.Hidden != 1 || l.AsOf != "2026-11" || l.Seq != 9 || l.Next == "" || len(l.Items) != 1 {
		t.Errorf("list: %+v", l)
	}
	if f := l.Facets["group"]; len(f) != 2 || f[0].Value != "government" || f[0].Count != 2 || f[1].Count != 1 {
		t.Errorf("facet group: %v", f)
	}
	if f := l.Facets["function"]; len(f) != 1 || f[0].Label != "السياسة" || f[0].Count != 1 {
		t.Errorf("facet function: %v", f)
	}
	if l := s.get("/actors").page(); l.AsOf != "any" || l.Hidden != 0 || len(l.Facets) != 0 {
		t.Errorf("plain list: %+v", l)
	}
	if l := s.get("/actors?as_of=today").page(); l.AsOf != "2026-11-24" {
		t.Errorf("as_of=today is said as %q", l.AsOf)
	}
	got := s.get("/actors?lang=ar").expect(200)
	got.wantHead("Content-Language", "ar").wantHead("Content-Type", "application/json")
	var keys map[string]any
	got.decode(&keys)
	if _, there := keys["next_cursor"]; there {
		t.Error("the last page has a cursor")
	}
}

func TestTodayIsThatOfTheDirectorysPlace(t *testing.T) {
	t.Parallel()
	late := func() time.Time { return time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC) }
	s := start(t, func(o *httpapi.Options, below *service.Options) {
		o.Now, below.Now, below.Location = late, late, time.FixedZone("ahead", 3600)
	})
	if l := s.get("/actors?as_of=today").page(); l.AsOf != "2027-01-01" {
		t.Errorf("today is %q, want the day at the directory's place", l.AsOf)
	}
}

func TestAListHoldsTheRecordsOwnBytes(t *testing.T) {
	t.Parallel()
	s := country(t)
	for _, key := range []string{"", adminKey} {
		list, one := s.get("/actors?limit=1"), s.get("/actors/cgem")
		if key != "" {
			list, one = list.as(key), one.as(key)
		}
		page, record := list.expect(200).Body.String(), one.expect(200).Body.String()
		if !strings.HasPrefix(page, `{"items":[`+record+`],`) {
			t.Errorf("the record is %s, the list %s", record, page)
		}
	}
}

func TestFieldsCutRecordsToSomeMembers(t *testing.T) {
	t.Parallel()
	s := country(t)
	want := `{"country":"MA","id":"cgem","name":{"fr":"CGEM"},"version":1}`
	for _, target := range []string{"/actors/cgem?fields=name,country", "/actors/cgem?fields=country&fields=name,id"} {
		if got := s.get(target).expect(200).Body.String(); got != want {
			t.Errorf("%s: %s", target, got)
		}
	}
	got := s.get("/actors?limit=1&fields=name,country").expect(200).Body.String()
	if !strings.HasPrefix(got, `{"items":[`+want+`],`) {
		t.Errorf("list: %s", got)
	}
	hard := `{"a":{"b":"}\"]","c":[1,{"d":"\\"}]},"e":"\\\",","f":[],"id":"x","version":12}`
	for fields, want := range map[string]string{
		"a": `{"a":{"b":"}\"]","c":[1,{"d":"\\"}]}}`, "e": `{"e":"\\\","}`, "f id": `{"f":[],"id":"x"}`,
		"version": `{"version":12}`, "zz": `{}`,
	} {
		if got := string(httpapi.Projected([]byte(hard), strings.Fields(fields))); got != want {
			t.Errorf("fields %s: %s, want %s", fields, got, want)
		}
	}
}

func TestEveryMemberOfEveryKindMayBeChosen(t *testing.T) {
	t.Parallel()
	s := country(t)
	for _, kind := range []string{"actors", "roles", "functions"} {
		l := s.get("/" + kind + "?limit=1").page()
		record := s.get("/" + kind + "/" + l.Items[0].ID).expect(200).object()
		names := []string{"status", "attested", "merged_into", "tags"}
		for name := range record {
			names = append(names, name)
		}
		chosen := s.get("/" + kind + "/" + l.Items[0].ID + "?fields=" + strings.Join(names, ",")).expect(200).object()
		if diff := cmp.Diff(record, chosen); diff != "" {
			t.Errorf("%s with all its members differs:\n%s", kind, diff)
		}
	}
}

func TestHiddenRecordsAreInNoListAndNoCount(t *testing.T) {
	t.Parallel()
	s := country(t)
	if l := s.get("/actors?group=employers&facets=country").page(); l.Total != 2 {
		t.Errorf("anybody counts %d employers", l.Total)
	}
	l := s.get("/actors?group=employers").as(adminKey).page()
	if diff := cmp.Diff([]string{"cgem", "fipe", "old"}, l.ids()); diff != "" || l.Total != 3 {
		t.Errorf("the administrator sees (-want +got):\n%s", diff)
	}
	hidden, nobody := s.get("/roles?actor=fipe").refused(400, "bad_parameter", ""), s.get("/roles?actor=nobody").refused(400, "bad_parameter", "")
	if a, b := hidden.Errors[0].Detail, nobody.Errors[0].Detail; strings.ReplaceAll(a, "fipe", "") != strings.ReplaceAll(b, "nobody", "") {
		t.Errorf("a hidden id is refused otherwise than one that does not exist: %q, %q", a, b)
	}
}

// walk follows the link to the next page until the end, and returns the ids in order.
func walk(t *testing.T, s *server, target string) []string {
	t.Helper()
	var ids []string
	target = "/api/v1" + target
	for range 1000 {
		got := s.ask(http.MethodGet, target).expect(200)
		l := new(list)
		got.decode(l)
		ids = append(ids, l.ids()...)
		link := got.head("Link")
		if link == "" {
			if l.Next != "" {
				t.Errorf("a cursor without a link: %s", target)
			}
			return ids
		}
		next, ok := strings.CutPrefix(link, "<")
		next, rel, ok2 := strings.Cut(next, ">")
		if !ok || !ok2 || rel != `; rel="next"` || !strings.Contains(next, l.Next) {
			t.Fatalf("Link is %q", link)
		}
		target = next
	}
	t.Fatal("the list does not end")
	return nil
}

func TestPagesFollowEachOtherWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	s := start(t)
	var items, want []string
	for i := range 25 {
		id := fmt.Sprintf("s%02d", i)
		want = append(want, id)
		items = append(items, fmt.Sprintf(`{"op":"create","kind":"sources","record":{"id":"%s","title":"T%d","kind":"report"}}`, id, i%3))
	}
	s.send("POST", "/batch", `{"items":[`+strings.Join(items, ",")+`]}`).expect(200)
	for _, query := range []string{"?limit=1", "?limit=7", "?limit=25", "?limit=1000&kind=report", "?limit=4&kind=!law&fields=title"} {
		if diff := cmp.Diff(want, walk(t, s, "/sources"+query)); diff != "" {
			t.Errorf("%s: pages differ (-want +got):\n%s", query, diff)
		}
	}
	got := walk(t, s, "/sources?limit=4&sort=-id")
	slices.Reverse(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("backwards: pages differ (-want +got):\n%s", diff)
	}
}

func TestACursorHoldsItsList(t *testing.T) {
	t.Parallel()
	s := country(t)
	const query = "/actors?group=government&group=employers&sort=name&as_of=any&limit=1&lang=ar"
	next := s.get(query).page().Next
	want := s.get(strings.Replace(query, "limit=1", "limit=4", 1)).page().ids()[1:2]
	for _, more := range []string{
		"", "&limit=1", "&group=employers&group=government&as_of=any&sort=name", "&facets=group", "&fields=name", "&lang=ar",
	} {
		l := s.get("/actors?limit=1&cursor=" + next + strings.Replace(more, "&limit=1", "", 1)).page()
		if diff := cmp.Diff(want, l.ids()); diff != "" {
			t.Errorf("with %q: page differs:\n%s", more, diff)
		}
	}
	for _, more := range []string{
		"&group=government", "&group=government&group=employers", "&sort=-name", "&as_of=today",
		"&group=employers&group=government&as_of=any&sort=name&tag=x", "&lang=fr",
	} {
		s.get("/actors?cursor="+next+more).refused(400, "bad_parameter", "cursor cursor_mismatch")
	}
	s.get("/roles?cursor="+next).refused(400, "bad_parameter", "cursor cursor_mismatch")
}

func TestACursorThatWasTamperedWithIsRefused(t *testing.T) {
	t.Parallel()
	s := country(t)
	next := s.get("/actors?limit=1&sort=name").page().Next
	bad := []string{"x", "AAAA", next[:len(next)-2], next + "AA", strings.ToUpper(next), next + "=", url.QueryEscape("é")}
	for i := 0; i < len(next); i += 7 {
		other := byte('A')
		if next[i] == other {
			other = 'B'
		}
		bad = append(bad, next[:i]+string(other)+next[i+1:])
	}
	for _, cursor := range bad {
		s.get("/actors?cursor="+cursor).refused(400, "bad_parameter", "cursor bad_cursor")
	}
	other := country(t)
	other.get("/actors?cursor="+next).refused(400, "bad_parameter", "cursor bad_cursor")
}

func TestACursorKeepsTheDayOfItsFirstPage(t *testing.T) {
	t.Parallel()
	now, later := movingClock(time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC))
	s := country(t, func(o *httpapi.Options, below *service.Options) { o.Now, below.Now = now, now })
	next := s.get("/actors?as_of=today&limit=1").page().Next
	later(2 * time.Hour)
	if l := s.get("/actors?limit=1&cursor=" + next).page(); l.AsOf != "2026-12-31" {
		t.Errorf("the second page is of %s", l.AsOf)
	}
	if l := s.get("/actors?as_of=today").page(); l.AsOf != "2027-01-01" {
		t.Errorf("a new list is of %s", l.AsOf)
	}
}

func TestTheTagOfAListCoversAllThatItDependsOn(t *testing.T) {
	t.Parallel()
	s := country(t)
	partner := s.key("p", "read", "partners")
	next := s.get("/actors?limit=1").page().Next
	third := s.get("/actors?limit=1&cursor=" + next).page().Next
	seen := map[string]string{}
	for name, r := range map[string]*request{
		"plain":    s.get("/actors"),
		"filter":   s.get("/actors?group=employers"),
		"value":    s.get("/actors?group=government"),
		"two":      s.get("/actors?group=government&country=MA"),
		"order":    s.get("/actors?sort=name"),
		"as of":    s.get("/actors?as_of=2026"),
		"facets":   s.get("/actors?facets=group"),
		"fields":   s.get("/actors?fields=name"),
		"limit":    s.get("/actors?limit=1"),
		"cursor":   s.get("/actors?limit=1&cursor=" + next),
		"third":    s.get("/actors?limit=1&cursor=" + third),
		"lang":     s.get("/actors?lang=ar"),
		"header":   s.get("/actors").with("Accept-Language", "en"),
		"partner":  s.get("/actors").as(partner),
		"ministry": s.get("/actors").as(adminKey),
		"gzip":     s.get("/actors").with("Accept-Encoding", "gzip"),
		"kind":     s.get("/roles"),
	} {
		tag := r.expect(200).head("Etag")
		if other, taken := seen[tag]; taken {
			t.Errorf("%s and %s have the tag %s", name, other, tag)
		}
		seen[tag] = name
		r.with("If-None-Match", tag).expect(304)
	}
	before := s.get("/actors").expect(200).head("Etag")
	s.create("sources", `{"title":"T","kind":"report"}`)
	s.get("/actors").with("If-None-Match", before).expect(200)
	same := s.get("/actors?group=employers&group=government").expect(200).head("Etag")
	s.get("/actors?group=government&group=employers").expect(200).wantHead("Etag", same)
}
