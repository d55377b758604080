package bench_test

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

const lines = `{"id":"https://ror.org/000025p04","status":"active","types":["funder","government"],"established":2019,` +
	`"names":[{"lang":null,"types":["acronym"],"value":"TSRI"},{"lang":"th","types":["label"],"value":"สำนัก"},` +
	`{"lang":"en","types":["ror_display","label"],"value":"Thailand Science"},` +
	`{"lang":"en","types":["alias"],"value":"Thai Science"}],` +
	`"locations":[{"geonames_details":{"name":"Bangkok","country_code":"TH","lat":13.5,"lng":100.5}}],` +
	`"links":[{"type":"wikipedia","value":"https://en.wikipedia.org/"},{"type":"website","value":"not an address"}],` +
	`"external_ids":[{"type":"fundref","preferred":"5011","all":["5011"]},{"type":"isni","preferred":null,"all":["12"]},` +
	`{"type":"ukprn","preferred":null,"all":["77"]}],` +
	`"relationships":[{"type":"child","id":"https://ror.org/00003ef66"},{"type":"parent","id":"https://ror.org/00003ef66"}]}
{"id":"https://ror.org/00003ef66","status":"inactive","types":["education"],"established":null,` +
	`"names":[{"lang":"fr","types":["label","ror_display"],"value":"École"}],` +
	`"locations":[{"geonames_details":{"name":"Rabat","country_code":"MA","country_subdivision_code":"04"}}],` +
	`"links":[],"external_ids":[],"relationships":[{"type":"parent","id":"https://ror.org/000025p04"}]}
`

func TestOrganisationsBecomeValidActorsWithoutCyclesOfParents(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "organisations.ndjson.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	packed := gzip.NewWriter(file)
	if _, err := packed.Write([]byte(lines)); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := bench.Organisations(path)
	if err != nil {
		t.Fatal(err)
	}
	north, east := 13.5, 100.5
	first := &directory.Actor{
		Kind: "organisation", Group: "foreign_government", State: "active", Founded: "2019", Country: "TH",
		Name: directory.Text{"en": "Thailand Science", "th": "สำนัก"}, Acronym: directory.Text{"und": "TSRI"},
		OtherNames:  []directory.OtherName{{Value: "Thai Science", Lang: "en", Type: "alias"}},
		Territories: []string{"TH"},
		Locations:   []directory.Location{{City: "Bangkok", Territory: "TH", Lat: &north, Lon: &east}},
		Identifiers: []directory.Identifier{
			{Scheme: "ror", Value: "000025p04", Preferred: true},
			{Scheme: "fundref", Value: "5011", Preferred: true},
			{Scheme: "other", Value: "77", Issuer: "ukprn"},
		},
	}
	first.ID, first.Status, first.Visibility = "ror-000025p04", "published", "public"
	first.Tags = []string{"funder", "government"}
	second := &directory.Actor{
		Kind: "organisation", Group: "academia", State: "dissolved", Country: "MA", Parent: "ror-000025p04",
		Name: directory.Text{"fr": "École"}, Territories: []string{"MA-04"},
		Locations:   []directory.Location{{City: "Rabat", Territory: "MA-04"}},
		Identifiers: []directory.Identifier{{Scheme: "ror", Value: "00003ef66", Preferred: true}},
	}
	second.ID, second.Status, second.Visibility = "ror-00003ef66", "published", "public"
	second.Tags = []string{"education"}
	if diff := cmp.Diff([]directory.Record{first, second}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheRegistrysOwnFileIsReadWhole(t *testing.T) {
	t.Parallel()
	records := bench.Actors(t)
	if len(records) != 51370 {
		t.Errorf("%d organisations, not 51,370", len(records))
	}
	for _, r := range records {
		if err := directory.Validate(r); err != nil {
			t.Errorf("%s: %v", r.Head().ID, err)
		}
	}
}
