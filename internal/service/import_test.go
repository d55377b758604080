package service_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/sample"
	"dalil/internal/service"
)

// stock fills a new service with what rows are to be found beside.
func stock(tb testing.TB) *service.Service {
	tb.Helper()
	return stockOn(tb, newMemoryLedger())
}

func stockOn(tb testing.TB, l ledger.Ledger) *service.Service {
	tb.Helper()
	s := openService(tb, l)
	take(tb, s, rows(tb,
		functionRow("POL", ""),
		actorRow(`"id":"oit","name":{"fr":"Organisation internationale du Travail"},"identifiers":[{"scheme":"wikidata","value":"Q54129"}]`),
		actorRow(`"id":"twin-1","name":{"en":"Twin"},"country":"MA"`),
		actorRow(`"id":"twin-2","name":{"en":"Twin"},"country":"MA"`),
		actorRow(`"id":"ministry","name":{"en":"Ministry of Labour"},"country":"MA"`),
		`{"kind":"initiatives","record":{"id":"thamm","kind":"programme","name":{"en":"THAMM"}}}`,
		`{"kind":"sources","record":{"id":"web","kind":"report","title":"On the web","url":"https://example.org/a"}}`,
		`{"kind":"sources","record":{"id":"paper","kind":"report","title":"On paper","date":"2022"}}`,
		roleRow(`"id":"lead","actor":"oit","type":"lead","function":"pol","territories":["MA-05","MA-04"]`),
		roleRow(`"id":"host-1","actor":"oit","type":"host","function":"pol","start":"2010","end":"2011"`),
		roleRow(`"id":"host-2","actor":"oit","type":"host","function":"pol","start":"2020"`),
		`{"kind":"relations","record":{"id":"funds-1","from":"oit","type":"funds","to":"ministry"}}`,
	), service.ImportOptions{})
	return s
}

func TestARowFindsItsRecordByWhatMakesItTheOneItIs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, row string
		id        string     // of the record that the row is about; "+" before a new one
		code      fault.Code // or of the refusal
	}{
		{"an id", actorRow(`"id":"oit","name":{"en":"ILO"}`), "oit", ""},
		{"an id that is new", actorRow(`"id":"oim","name":{"en":"IOM"}`), "+oim", ""},
		{"an identifier", actorRow(`"name":{"en":"ILO"},"identifiers":[{"scheme":"wikidata","value":"q 54129"}]`), "", fault.CodeBadIdentifier},
		{"the identifier itself", actorRow(`"name":{"en":"ILO"},"identifiers":[{"scheme":"wikidata","value":"Q54129"}]`), "oit", ""},
		{"an exact name", actorRow(`"name":{"fr":"Organisation internationale du Travail"}`), "oit", ""},
		{"the name in another language", actorRow(`"name":{"en":"Organisation internationale du Travail"}`), "+organisation-internationale-du-travail", ""},
		{"the name in another country", actorRow(`"name":{"en":"Ministry of Labour"},"country":"FR"`), "+ministry-of-labour", ""},
		{"several of a name", actorRow(`"name":{"en":"Twin"}`), "", fault.CodeSeveralMatches},
		{"same_as", `{"kind":"actors","same_as":"twin-2","record":{"kind":"organisation","group":"other","name":{"en":"Twin"}}}`, "twin-2", ""},
		{"same_as nobody", `{"kind":"actors","same_as":"nobody","record":{"kind":"organisation","group":"other","name":{"en":"Twin"}}}`, "", fault.CodeSameAsUnknown},
		{"new", `{"kind":"actors","same_as":"new","record":{"kind":"organisation","group":"other","name":{"en":"Twin"}}}`, "+twin", ""},
		{"an initiative's name", `{"kind":"initiatives","record":{"kind":"project","name":{"en":"THAMM"}}}`, "thamm", ""},
		{"a notation", functionRow("Pol", `,"definition":{"en":"Policy"}`), "pol", ""},
		{"a source's address", `{"kind":"sources","record":{"kind":"law","title":"Renamed","url":"https://example.org/a"}}`, "web", ""},
		{"title and date", `{"kind":"sources","record":{"kind":"law","title":"On paper","date":"2022"}}`, "paper", ""},
		{"title and another date", `{"kind":"sources","record":{"kind":"law","title":"On paper","date":"2023"}}`, "+on-paper", ""},
		{"title and date at another address", `{"kind":"sources","record":{"kind":"law","title":"On the web","url":"https://example.org/b"}}`, "+on-the-web", ""},
		{"what a role says", roleRow(`"actor":"oit","type":"lead","function":"POL","territories":["MA-04","MA-05"],"start":"2022"`), "lead", ""},
		{"a role elsewhere", roleRow(`"actor":"oit","type":"lead","function":"POL","territories":["MA-04"]`), "+oit-lead-", ""},
		{"one role of several, by its period", roleRow(`"actor":"oit","type":"host","function":"pol","start":"2020","confidence":"low"`), "host-2", ""},
		{"several roles", roleRow(`"actor":"oit","type":"host","function":"pol"`), "", fault.CodeSeveralMatches},
		{"what a relation says", `{"kind":"relations","record":{"from":"oit","type":"funds","to":"ministry","start":"2022"}}`, "funds-1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := stock(t)
			before := s.Head()
			items := rows(t, tt.row)
			report, err := s.Import(t.Context(), write("import"), items, service.ImportOptions{})
			if tt.code != "" {
				if !fault.Is(err, fault.CodeImportRefused) || len(report.Faults) != 1 || report.Faults[0].Code != tt.code {
					t.Errorf("%v, %+v; want %s", err, report.Faults, tt.code)
				}
				if s.Head() != before {
					t.Error("something was written")
				}
				return
			}
			if err != nil {
				t.Fatalf("%v: %+v", err, report.Faults)
			}
			id, isNew := strings.CutPrefix(tt.id, "+")
			if isNew != (report.Created == 1) || report.Created+report.Changed != 1 {
				t.Errorf("%+v, want a new one: %v", report, isNew)
			}
			for entry := range s.Head().Entries(items[0].Record.RecordKind()) {
				if entry.Seq == report.Seq && !strings.HasPrefix(entry.Ref().ID, id) {
					t.Errorf("%s was written, want %s", entry.Ref(), id)
				}
			}
			again := take(t, s, rows(t, tt.row), service.ImportOptions{})
			if again.Unchanged != 1 || again.Seq != report.Seq {
				t.Errorf("the same row again: %+v", again)
			}
		})
	}
}

func TestImportingTheSampleTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	s := openService(t, newMemoryLedger())
	items, faults, err := interchange.ReadFolder(sample.Morocco())
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	first := take(t, s, items, service.ImportOptions{})
	if first.Created != len(items) {
		t.Fatalf("%+v of %d rows", first, len(items))
	}
	head := s.Head()
	again := take(t, s, items, service.ImportOptions{})
	if again.Unchanged != len(items) || again.Created+again.Changed != 0 || s.Head() != head {
		t.Errorf("%+v, and the head went from %d to %d", again, head.Position().Seq, s.Head().Position().Seq)
	}
}

func TestARecordThatWasExportedIsTakenInAgainAsItWas(t *testing.T) {
	t.Parallel()
	s := stock(t)
	for _, ref := range []directory.Ref{
		{Kind: directory.Relations, ID: "funds-1"}, {Kind: directory.Actors, ID: "ministry"}, {Kind: directory.Sources, ID: "web"},
	} {
		w := write("archiving")
		w.IfMatch = service.Condition{Given: true, Any: true}
		if _, err := s.Archive(t.Context(), w, ref); err != nil {
			t.Fatal(err)
		}
	}
	lines := exported(s.Head())
	other := openService(t, newMemoryLedger())
	report := take(t, other, rows(t, lines...), service.ImportOptions{})
	if report.Created != len(lines) {
		t.Errorf("%+v of %d", report, len(lines))
	}
	if diff := cmp.Diff(contents(t, s.Head()), contents(t, other.Head())); diff != "" {
		t.Error(diff)
	}
	for _, same := range []*service.Service{s, other} {
		if report := take(t, same, rows(t, lines...), service.ImportOptions{}); report.Unchanged != len(lines) {
			t.Errorf("taken in again: %+v", report)
		}
	}
	out, err := other.Restore(t.Context(), write("restoring"), actorRef("ministry"))
	if err != nil {
		t.Fatal(err)
	}
	if entry, _ := other.Head().Find(actorRef("ministry")); entry.Archived() || out.Version != 2 {
		t.Errorf("restored as %s", out.JSON)
	}
}

func TestAllFaultsOfAllRowsAreTold(t *testing.T) {
	t.Parallel()
	s := stock(t)
	head := s.Head()
	items := rows(t,
		actorRow(`"id":"bad","name":{"en":"Bad"},"website":"nowhere","country":"XX"`),
		actorRow(`"id":"below","name":{"en":"Below"},"parent":"bad"`), // not told: its parent's row is
		actorRow(`"id":"orphan","name":{"en":"Orphan"},"parent":"nobody","sources":["none-such"]`),
		actorRow(`"id":"taker","name":{"en":"Taker"},"identifiers":[{"scheme":"wikidata","value":"Q54129"}]`),
		actorRow(`"id":"up","name":{"en":"Up"},"parent":"down"`),
		actorRow(`"id":"down","name":{"en":"Down"},"parent":"up"`),
		actorRow(`"id":"good","name":{"en":"Good"}`),
		actorRow(`"id":"one","name":{"en":"One"},"identifiers":[{"scheme":"wikidata","value":"Q1"}]`),
		actorRow(`"id":"two","name":{"en":"Two"},"identifiers":[{"scheme":"wikidata","value":"Q1"}]`),
		functionRow("ALPHA", ""),
		functionRow("BETA", `,"id":"alpha"`), // the notation of the row above
	)
	report, err := s.Import(t.Context(), write("import"), items, service.ImportOptions{})
	wantFault(t, err, fault.Invalid, fault.CodeImportRefused)
	var got []string
	for _, f := range report.Faults {
		got = append(got, fmt.Sprintf("%d %s %s", f.Item, f.Pointer, f.Code))
	}
	want := []string{
		"0 /country unknown_code", "0 /website bad_url",
		"2 /parent dangling_reference", "2 /sources/0 dangling_reference",
		"3 /identifiers/0 identifier_taken", "4 /parent parent_cycle", "5 /parent parent_cycle",
		"8 /identifiers/0 identifier_taken", "10 /id notation_taken",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if report.Refused != 7 || s.Head() != head {
		t.Errorf("%d rows refused, head %d", report.Refused, s.Head().Position().Seq)
	}
}

func TestKeepingGoingLeavesOutTheFaultyRowsAndThoseThatNeedThem(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	s := stockOn(t, l)
	items := rows(t,
		actorRow(`"id":"bad","name":{"en":"Bad"},"website":"nowhere"`),
		actorRow(`"id":"below","name":{"en":"Below"},"parent":"bad"`),
		actorRow(`"id":"lower","name":{"en":"Lower"},"parent":"below"`),
		roleRow(`"id":"r-lower","actor":"lower","type":"lead","function":"pol"`),
		roleRow(`"id":"r-good","actor":"good","type":"lead","function":"NEW"`),
		roleRow(`"id":"r-oit","actor":"oit","type":"partner","function":"pol"`),
		actorRow(`"id":"good","name":{"en":"Good"}`),
		functionRow("NEW", ""),
		actorRow(`"id":"oit","name":{"en":"ILO"},"parent":"lower"`), // a change that is left out: oit stays as it was
		functionRow("LOST", `,"parent":"NOWHERE"`),
		roleRow(`"id":"r-lost","actor":"good","type":"lead","function":"LOST"`),
	)
	report := take(t, s, items, service.ImportOptions{KeepGoing: true})
	var got []string
	for _, f := range report.Faults {
		got = append(got, fmt.Sprintf("%d %s %s", f.Item, f.Pointer, f.Code))
	}
	want := []string{
		"0 /website bad_url", "1 /parent needs_refused_row", "2 /parent needs_refused_row",
		"3 /actor needs_refused_row", "8 /parent needs_refused_row", "9 /parent dangling_reference",
		"10 /function needs_refused_row",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if report.Created != 4 || report.Refused != 7 {
		t.Errorf("%+v", report)
	}
	checkRules(t, checkChain(t, l)[1:])
}

func TestNamesCloseToAnExistingActorAreTold(t *testing.T) {
	t.Parallel()
	s := stock(t)
	report := take(t, s, rows(t,
		actorRow(`"id":"ilo-2","name":{"fr":"Organisation internationale du Travail"}`),
		`{"kind":"actors","same_as":"new","record":{"id":"ilo-3","kind":"organisation","group":"other","name":{"fr":"Organisation internationale du travail"}}}`,
		actorRow(`"id":"far","name":{"en":"Quite another body"}`),
	), service.ImportOptions{})
	at := interchange.Place{File: "rows.ndjson", Row: 1, Name: "/record/name"}
	want := []service.PossibleDuplicate{{Item: 0, At: at, ID: "ilo-2", Candidates: []service.Named{
		{Kind: directory.Actors, ID: "oit", Label: "Organisation internationale du Travail"},
	}}}
	if diff := cmp.Diff(want, report.Duplicates); diff != "" {
		t.Error(diff)
	}
}

func TestARehearsalSaysWhatWouldBeAndWritesNothing(t *testing.T) {
	t.Parallel()
	s := stock(t)
	head := s.Head()
	w := write("import")
	w.DryRun = true
	report, err := s.Import(t.Context(), w, rows(t,
		actorRow(`"id":"oim","name":{"en":"IOM"}`), actorRow(`"id":"oit","name":{"en":"ILO"}`),
	), service.ImportOptions{})
	if err != nil || report.Created != 1 || report.Changed != 1 || s.Head() != head {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestTheSameImportTwiceAtOnceIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s := openService(t, newMemoryLedger())
	var lines []string
	for i := range 300 {
		lines = append(lines, actorRow(fmt.Sprintf(`"name":{"en":"Body number %d of many"}`, i)))
	}
	var wait sync.WaitGroup
	reports := make([]service.ImportReport, 4)
	for i := range reports {
		items := rows(t, lines...)
		wait.Go(func() {
			var err error
			if reports[i], err = s.Import(context.WithoutCancel(t.Context()), write("import"), items, service.ImportOptions{}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	created := 0
	for _, r := range reports {
		if r.Created != 0 && r.Created != len(lines) || r.Created+r.Unchanged != len(lines) {
			t.Errorf("half: %+v", r)
		}
		created += r.Created
	}
	if n := s.Head().Count(directory.Actors, directory.Ministry); created != len(lines) || n != len(lines) {
		t.Errorf("%d created, %d held", created, n)
	}
}

func TestAnImportThatIsCalledOffLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, stage := range []service.ImportStage{service.StageCheck, service.StageJudge, service.StageSize} {
		s := stock(t)
		head := s.Head()
		ctx, cancel := context.WithCancel(t.Context())
		var lines []string
		for i := range 2000 {
			lines = append(lines, actorRow(fmt.Sprintf(`"id":"a%d","name":{"en":"A%d"}`, i, i)))
		}
		_, err := s.Import(ctx, write("import"), rows(t, lines...), service.ImportOptions{
			Progress: func(at service.ImportStage, _, _ int) {
				if at == stage {
					cancel()
				}
			},
		})
		cancel()
		if fault.CodeOf(err) != fault.CodeTimeout || s.Head() != head {
			t.Errorf("called off at %s: %v, head %d", stage, err, s.Head().Position().Seq)
		}
	}
}

func TestACallerImportsNoMoreThanItMaySee(t *testing.T) {
	t.Parallel()
	s := stock(t)
	take(t, s, rows(t, actorRow(`"id":"hidden","name":{"en":"Hidden"},"visibility":"ministry"`)), service.ImportOptions{})
	w := write("import")
	w.Caller.Clearance = directory.Partners
	report, _ := s.Import(t.Context(), w, rows(t,
		actorRow(`"id":"secret","name":{"en":"Secret"},"visibility":"ministry"`),
		actorRow(`"id":"hidden","name":{"en":"Found"}`),
		actorRow(`"id":"child","name":{"en":"Child"},"parent":"hidden"`),
		actorRow(`"name":{"en":"Hidden"}`),
	), service.ImportOptions{KeepGoing: true})
	var got []fault.Code
	for _, f := range report.Faults {
		got = append(got, f.Code)
	}
	want := []fault.Code{fault.CodeForbidden, fault.CodeIDTaken, fault.CodeDanglingReference}
	if !slices.Equal(got, want) || report.Created != 1 {
		t.Errorf("%v, %+v", got, report)
	}
	w.Caller.Scope = "read"
	if _, err := s.Import(t.Context(), w, nil, service.ImportOptions{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("a reader: %v", err)
	}
}

func TestRowsThatNameARowWhichIsAnotherRecordNameThatRecord(t *testing.T) {
	t.Parallel()
	s := stock(t)
	lines := []string{
		roleRow(`"id":"r","actor":"ilo","type":"partner","function":"POL"`),
		`{"kind":"actors","same_as":"oit","record":{"id":"ilo","kind":"organisation","group":"international","name":{"en":"ILO"}}}`,
	}
	if report := take(t, s, rows(t, lines...), service.ImportOptions{}); report.Created != 1 || report.Changed != 1 {
		t.Errorf("%+v", report)
	}
	entry, _ := s.Head().Find(directory.Ref{Kind: directory.Roles, ID: "r"})
	if role, _ := entry.Record().(*directory.Role); role == nil || role.Actor != "oit" || role.Function != "pol" {
		t.Errorf("%s", entry.JSON())
	}
	if report := take(t, s, rows(t, lines...), service.ImportOptions{}); report.Unchanged != 2 {
		t.Errorf("the second time: %+v", report)
	}
}

func TestARowArchivesARecordUnlessItIsStillReferredTo(t *testing.T) {
	t.Parallel()
	s := stock(t)
	const web = `{"kind":"sources","record":{"id":"web","status":"archived","kind":"report","title":"On the web","url":"https://example.org/a"}}`
	const oit = `{"kind":"actors","record":{"id":"oit","status":"archived","kind":"organisation","group":"government","name":{"en":"ILO"}}}`
	report, err := s.Import(t.Context(), write("import"), rows(t, web, oit), service.ImportOptions{KeepGoing: true})
	if err != nil || report.Changed != 1 || len(report.Faults) != 1 || report.Faults[0].Item != 1 || report.Faults[0].Code != fault.CodeStillReferred {
		t.Errorf("%+v, %v", report, err)
	}
	if entry, _ := s.Head().Find(sourceRef("web")); !entry.Archived() {
		t.Error("the source is still live")
	}
	back := strings.Replace(web, `"status":"archived",`, "", 1)
	if report := take(t, s, rows(t, back), service.ImportOptions{}); report.Created != 1 {
		t.Errorf("back again: %+v", report)
	}
}
