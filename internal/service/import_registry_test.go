package service_test

import (
	"io"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/ledger"
	"dalil/internal/service"
)

// organisations reads the excerpt of the registry.
func organisations(tb testing.TB) []interchange.Item {
	tb.Helper()
	const path = "../interchange/testdata/ror.ndjson"
	in := interchange.Input{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
	items, faults, err := interchange.Read(tb.Context(), []interchange.Input{in}, interchange.ReadOptions{})
	if err != nil || len(faults) > 0 {
		tb.Fatal(err, faults)
	}
	return items
}

func TestTheRegistrysFileIsImportedOnceAndComesOutTheSame(t *testing.T) {
	t.Parallel()
	onceAndTheSame(t, newMemoryLedger())
}

func TestTheRegistrysFileIsImportedIntoAFile(t *testing.T) {
	t.Parallel()
	onceAndTheSame(t, openBolt(t))
}

func TestTheRegistrysFileIsImportedIntoMongoDB(t *testing.T) {
	t.Parallel()
	_, uri := newMongoDatabase(t)
	onceAndTheSame(t, openMongo(t, uri))
}

// onceAndTheSame imports the excerpt twice, reads the store again, and takes what comes out of it into another one.
func onceAndTheSame(t *testing.T, l ledger.Ledger) {
	t.Helper()
	s := openService(t, l)
	items := organisations(t)
	if report := take(t, s, items, service.ImportOptions{}); report.Created != len(items) {
		t.Errorf("%+v of %d", report, len(items))
	}
	checkRules(t, checkChain(t, l)[1:])
	head := s.Head()
	if report := take(t, s, organisations(t), service.ImportOptions{}); report.Unchanged != len(items) || s.Head() != head {
		t.Errorf("the second time: %+v", report)
	}
	if diff := cmp.Diff(exported(head), exported(openService(t, l).Head())); diff != "" {
		t.Error("the store holds something else: ", diff)
	}
	other := openService(t, newMemoryLedger())
	take(t, other, rows(t, exported(head)...), service.ImportOptions{})
	if diff := cmp.Diff(contents(t, head), contents(t, other.Head())); diff != "" {
		t.Error(diff)
	}
}

func TestAnOrganisationThatTheDirectoryKnowsByAnIdentifierIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	l := newMemoryLedger()
	s := openService(t, l)
	take(t, s, rows(t, actorRow(`"id":"office","name":{"fr":"Bureau"},"identifiers":[{"scheme":"ror","value":"0aaaaaa02"}]`)), service.ImportOptions{})
	items := organisations(t)
	report := take(t, s, items, service.ImportOptions{})
	if report.Created != len(items)-1 || report.Changed != 1 {
		t.Errorf("%+v of %d", report, len(items))
	}
	if _, made := s.Head().Find(actorRef("ror-0aaaaaa02")); made {
		t.Error("it was made again")
	}
	entry, _ := s.Head().Find(actorRef("office"))
	office, _ := entry.Record().(*directory.Actor)
	if office == nil || office.Group != "government" || office.Name["en"] == "" || office.Name["fr"] != "Bureau" {
		t.Errorf("%s", entry.JSON())
	}
	below, _ := s.Head().Find(actorRef("ror-0aaaaaa05"))
	if child, _ := below.Record().(*directory.Actor); child == nil || child.Parent != "office" {
		t.Errorf("%s", below.JSON())
	}
	checkRules(t, checkChain(t, l)[1:])
	if report := take(t, s, organisations(t), service.ImportOptions{}); report.Unchanged != len(items) {
		t.Errorf("the second time: %+v", report)
	}
}

func TestARowOfATableChangesTheMembersWhoseColumnsItHas(t *testing.T) {
	t.Parallel()
	s := openService(t, newMemoryLedger())
	take(t, s, rows(t, actorRow(`"id":"a","name":{"en":"A","ar":"أ"},"country":"MA","website":"https://example.org","email":"a@example.org"`)), service.ImportOptions{})
	table := itemsIn(t, "actors.csv", "id,kind,group,name_en,country,website\na,organisation,other,A,,https://example.org/new\n")
	if report := take(t, s, table, service.ImportOptions{}); report.Changed != 1 {
		t.Errorf("%+v", report)
	}
	entry, _ := s.Head().Find(actorRef("a"))
	a, _ := entry.Record().(*directory.Actor)
	if a == nil || a.Group != "other" || a.Country != "" || a.Website != "https://example.org/new" || a.Email != "a@example.org" || a.Name["ar"] != "أ" {
		t.Errorf("%s", entry.JSON())
	}
	if report := take(t, s, table, service.ImportOptions{}); report.Unchanged != 1 {
		t.Errorf("the second time: %+v", report)
	}
}
