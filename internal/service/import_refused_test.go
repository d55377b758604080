package service_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
	"dalil/internal/fault"
	"dalil/internal/interchange"
	"dalil/internal/service"
)

// textFile is a file of an import.
type textFile struct{ name, text string }

// importTexts imports files as the commands do, wrong rows and all, and returns what is said of them beside the report.
func importTexts(t *testing.T, s *service.Service, keepGoing bool, files ...textFile) (service.ImportReport, []string, error) {
	t.Helper()
	inputs := make([]interchange.Input, len(files))
	for i, f := range files {
		inputs[i] = interchange.Input{Name: f.name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(f.text)), nil }}
	}
	opts := service.ImportOptions{KeepGoing: keepGoing}
	items, faults, err := interchange.Read(t.Context(), inputs, interchange.ReadOptions{
		Refused: func(row interchange.Item) { opts.Refused = append(opts.Refused, row) },
	})
	if err != nil {
		t.Fatal(err)
	}
	opts.Unread = faults
	report, err := s.Import(t.Context(), write("import"), items, opts)
	var said []string
	for _, f := range report.Told(faults) {
		line := f.Place.String() + " " + string(f.Code)
		if row, ok := f.Args["row"]; ok {
			line += fmt.Sprintf(" row %v of %v", row, f.Args["file"])
		}
		said = append(said, line)
	}
	if !slices.IsSortedFunc(report.Faults, func(a, b service.ImportFault) int { return a.At.Compare(b.At) }) {
		t.Errorf("not in the order of the rows: %v", report.Faults)
	}
	return report, said, err
}

const (
	actorHead = "id,kind,group,name_en,parent,country,wikidata\n"
	roleHead  = "id,actor,role,function,source_ids,start\n"
)

func TestRowsThatReferToRefusedOnesAreNotToldThatTheseDoNotExist(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		files         []textFile
		plain, going  []string // what is told without and with keep-going
		refused, left int      // rows, without and with
		created       int      // with keep-going
	}{
		{
			"a wrong cell",
			[]textFile{
				{"actors.csv", actorHead + "new,organisation,government,New,,XX,\nbelow,organisation,government,Below,new,,\n"},
				{"roles.csv", roleHead + "r1,new,lead,POL,,\nr2,below,lead,POL,,\nr3,oit,lead,POL,none-such,\nr4,oit,host,POL,,\n"},
			},
			[]string{"actors.csv:2:6 (country) unknown_code", "roles.csv:4:5 (source_ids) dangling_reference"},
			[]string{
				"actors.csv:2:6 (country) unknown_code", "actors.csv:3:5 (parent) needs_refused_row row 2 of actors.csv",
				"roles.csv:2:2 (actor) needs_refused_row row 2 of actors.csv", "roles.csv:3:2 (actor) needs_refused_row row 3 of actors.csv",
				"roles.csv:4:5 (source_ids) dangling_reference",
			},
			2, 5, 1,
		},
		{
			"all that is wrong with a row",
			[]textFile{
				{"actors.csv", actorHead + "new,organisation,governmint,New,nobody,,Q54129\nnew-2,unit,government,New 2,,XX,\n"},
				{"roles.csv", roleHead + "r1,nobody,leed,,none-such,44762\n"},
			},
			[]string{
				"actors.csv:2:3 (group) unknown_code_near", "actors.csv:2:5 (parent) dangling_reference", "actors.csv:2:7 (wikidata) identifier_taken",
				"actors.csv:3:5 (parent) unit_needs_parent", "actors.csv:3:6 (country) unknown_code",
				"roles.csv:2:2 (actor) dangling_reference", "roles.csv:2:3 (role) unknown_code_near", "roles.csv:2:4 (function) function_or_initiative_required",
				"roles.csv:2:5 (source_ids) dangling_reference", "roles.csv:2:6 (start) serial_date",
			},
			nil, 3, 3, 0,
		},
		{
			"what is wrong by itself and beside others",
			[]textFile{{"actors.csv", actorHead + "new,unit,government,New,,,Q54129\nup,organisation,government,Up,nobody,,Q 1\n"}},
			[]string{
				"actors.csv:2:5 (parent) unit_needs_parent", "actors.csv:2:7 (wikidata) identifier_taken", "actors.csv:3:5 (parent) dangling_reference",
				"actors.csv:3:7 (wikidata) bad_identifier",
			},
			nil, 2, 2, 0,
		},
		{
			"a good row before a wrong one that wants the same",
			[]textFile{{"actors.csv", actorHead + "bad,organisation,government,Bad,,XX,Q1\ngood,organisation,government,Good,,,Q1\n"}},
			[]string{"actors.csv:2:6 (country) unknown_code", "actors.csv:2:7 (wikidata) identifier_taken"},
			nil, 1, 1, 1,
		},
		{
			"a row without an id",
			[]textFile{{"functions.csv", "code,label_en,order\nNEW,New,first\n"}, {"roles.csv", roleHead + "r1,oit,lead,New,,\n"}},
			[]string{"functions.csv:2:3 (order) bad_number"},
			[]string{"functions.csv:2:3 (order) bad_number", "roles.csv:2:4 (function) needs_refused_row row 2 of functions.csv"},
			1, 2, 0,
		},
		{
			"a row that can be named only",
			[]textFile{{"actors.csv", actorHead + "new,organisation\n"}, {"roles.csv", roleHead + "r1,new,lead,POL,,\n"}},
			[]string{"actors.csv:2 wrong_width"},
			[]string{"actors.csv:2 wrong_width", "roles.csv:2:2 (actor) needs_refused_row row 2 of actors.csv"},
			1, 2, 0,
		},
		{
			"a row that cannot be named",
			[]textFile{{"actors.csv", actorHead + "good,organisation,government,Good,,,\n\"n\"ew\n"}, {"roles.csv", roleHead + "r1,new,lead,POL,,\n"}},
			[]string{"actors.csv:3 bad_row", "roles.csv:2:2 (actor) needs_unread_row"},
			nil, 2, 2, 1,
		},
		{
			"a file that cannot be read",
			[]textFile{{"actors.csv", "kind,nom\norganisation,New\n"}, {"roles.csv", roleHead + "r1,new,lead,POL,none-such,\n"}},
			[]string{
				"actors.csv:1:2 (nom) unknown_column", "roles.csv:2:5 (source_ids) dangling_reference",
			},
			[]string{
				"actors.csv:1:2 (nom) unknown_column", "roles.csv:2:2 (actor) needs_unread_row",
				"roles.csv:2:5 (source_ids) dangling_reference",
			},
			2, 2, 0,
		},
		{
			"a record that is there, and its row refused",
			[]textFile{{"actors.csv", actorHead + "oit,organisation,government,ILO,,XX,\n"}, {"roles.csv", roleHead + "r1,oit,trainer,POL,,\n"}},
			[]string{"actors.csv:2:6 (country) unknown_code"},
			nil, 1, 1, 1,
		},
		{
			"an id twice",
			[]textFile{{"actors.csv", actorHead + "new,organisation,government,New,,,\nnew,organisation,government,Else,nobody,,\n"}},
			[]string{"actors.csv:3:1 (id) row_twice row 2 of actors.csv", "actors.csv:3:5 (parent) dangling_reference"},
			nil, 1, 1, 1,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := stock(t)
			head := s.Head()
			report, said, err := importTexts(t, s, false, tt.files...)
			wantFault(t, err, fault.Invalid, fault.CodeImportRefused)
			if diff := cmp.Diff(tt.plain, said); diff != "" {
				t.Error(diff)
			}
			if report.Refused != tt.refused || s.Head() != head {
				t.Errorf("%d rows refused, want %d; head %d", report.Refused, tt.refused, s.Head().Position().Seq)
			}
			report, said, err = importTexts(t, s, true, tt.files...)
			want := tt.going
			if want == nil {
				want = tt.plain
			}
			if diff := cmp.Diff(want, said); diff != "" {
				t.Errorf("with keep-going: %s", diff)
			}
			if err != nil || report.Refused != tt.left || report.Created != tt.created {
				t.Errorf("with keep-going: %+v, %v", report, err)
			}
		})
	}
}

func TestOnceTheWrongCellIsRightNothingElseIsTold(t *testing.T) {
	t.Parallel()
	roles := textFile{"roles.csv", roleHead + "r1,new,lead,POL,web,2020\n"}
	s := stock(t)
	if _, said, _ := importTexts(t, s, false, textFile{"actors.csv", actorHead + "new,organisation,government,New,oit,XX,Q2\n"}, roles); len(said) != 1 {
		t.Fatal(said)
	}
	report, said, err := importTexts(t, s, false, textFile{"actors.csv", actorHead + "new,organisation,government,New,oit,MA,Q2\n"}, roles)
	if err != nil || report.Created != 2 || len(said) > 0 {
		t.Errorf("%+v, %v, %v", report, err, said)
	}
	if entry, _ := s.Head().Find(directory.Ref{Kind: directory.Roles, ID: "r1"}); entry == nil {
		t.Error("the role is not there")
	}
}
