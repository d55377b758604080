package httpapi_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// form makes a form of files by their names.
func form(t *testing.T, files map[string]string) (body io.Reader, media string) {
	t.Helper()
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for name, content := range files {
		part, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = io.WriteString(part, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &text, w.FormDataContentType()
}

// importFiles begins an import and waits for its end.
func (s *server) importFiles(t *testing.T, query string, files map[string]string) map[string]any {
	t.Helper()
	r := s.send(http.MethodPost, "/imports"+query, "")
	body, media := form(t, files)
	r.body = body
	r.header.Set("Content-Type", media)
	at := r.expect(http.StatusAccepted).head("Location")
	for {
		job := s.ask(http.MethodGet, at).as(adminKey).expect(http.StatusOK).object()
		if job["state"] != "waiting" && job["state"] != "running" {
			return job
		}
		time.Sleep(time.Millisecond) // a job tells nobody that it has ended
	}
}

func TestFilesAreImportedOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t)
	files := map[string]string{
		"roles.csv":     "actor,role,function\nmin,lead,POL\n",
		"actors.csv":    "id,kind,group,name_fr\nmin,organisation,government,Ministère\n",
		"functions.csv": "code,label_fr\nPOL,Politique\n",
	}
	dry := s.importFiles(t, "?dry_run=true", files)
	if dry["state"] != "done" || dry["created"] != 3.0 || s.get("/actors").page().Total != 0 {
		t.Errorf("the dry run says %v", dry)
	}
	for _, created := range []float64{3, 0} {
		if job := s.importFiles(t, "", files); job["state"] != "done" || job["created"] != created || job["unchanged"] != 3-created {
			t.Errorf("the import says %v", job)
		}
	}
	if got := s.get("/roles?actor=min&function=pol").page().Total; got != 1 {
		t.Errorf("%d roles, want 1", got)
	}
}

func TestARefusedImportTellsEveryCellAndWritesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	files := map[string]string{
		"actors.csv": "id,kind,group,name_fr\nmin,organisation,government,Ministère\nbad id,organisation,government,X\nother,organisation,gov,Y\n",
		"roles.csv":  "actor,role,initiative\nnobody,lead,nothing\n",
	}
	job := s.importFiles(t, "", files)
	errors, _ := job["errors"].([]any)
	if job["state"] != "refused" || len(errors) < 3 || job["detail"] == "" || s.get("/actors").page().Total != 0 {
		t.Errorf("the import says %v", job)
	}
	job = s.importFiles(t, "?keep_going=true", files)
	if job["state"] != "done" || job["created"] != 1.0 || s.get("/actors").page().Total != 1 {
		t.Errorf("the import says %v", job)
	}
}

func TestTheListsOfAnImportAreToldInPages(t *testing.T) {
	t.Parallel()
	s := start(t)
	var text strings.Builder
	text.WriteString("id,title,kind\n")
	for i := range 2_300 {
		fmt.Fprintf(&text, "s%d,T,nothing\n", i)
	}
	job := s.importFiles(t, "", map[string]string{"sources.csv": text.String()})
	id, _ := job["id"].(string)
	row := 2.0
	for _, page := range []struct {
		after  string
		errors int
		next   any
	}{{"", 1000, 1000.0}, {"?after=0", 1000, 1000.0}, {"?after=1000", 1000, 2000.0}, {"?after=2000", 300, nil}, {"?after=2300", 0, nil}} {
		if page.after == "?after=0" {
			row = 2
		}
		told := s.ask(http.MethodGet, "/api/v1/imports/"+id+page.after).as(adminKey).expect(http.StatusOK).object()
		errors, _ := told["errors"].([]any)
		if len(errors) != page.errors || told["next"] != page.next || told["error_count"] != 2300.0 {
			t.Errorf("%s: %d errors, next %v, %v in all", page.after, len(errors), told["next"], told["error_count"])
		}
		for _, e := range errors {
			if entry, _ := e.(map[string]any); entry["row"] != row {
				t.Fatalf("%s: row %v, want %v", page.after, entry["row"], row)
			}
			row++
		}
	}
	for _, after := range []string{"-1", "x", "100001"} {
		s.ask(http.MethodGet, "/api/v1/imports/"+id+"?after="+after).as(adminKey).expect(http.StatusBadRequest)
	}
}

func TestADryRunTellsOfEachRowWhatItWouldDo(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.importFiles(t, "", map[string]string{"sources.csv": "id,title,kind\na,A,law\nb,B,law\n"})
	job := s.importFiles(t, "?dry_run=true", map[string]string{"sources.csv": "id,title,kind\na,A2,report\nb,B,law\nc,C,law\n"})
	want := []any{
		map[string]any{"file": "sources.csv", "row": 2.0, "kind": "sources", "id": "a", "created": false, "members": []any{"kind", "title"}},
		map[string]any{"file": "sources.csv", "row": 4.0, "kind": "sources", "id": "c", "created": true},
	}
	if diff := cmp.Diff(want, job["changes"]); diff != "" || job["change_count"] != 2.0 {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"sources": map[string]any{"created": 1.0, "changed": 1.0, "unchanged": 1.0}}, job["by_kind"]); diff != "" {
		t.Errorf("by kind (-want +got):\n%s", diff)
	}
	job = s.importFiles(t, "", map[string]string{"sources.csv": "id,title,kind\nc,C,law\n"})
	if changes, _ := job["changes"].([]any); len(changes) != 0 || job["created"] != 1.0 {
		t.Errorf("an import that was no dry run lists %v", changes)
	}
}

func TestFilesOfOneNameInOneFormAreToldApart(t *testing.T) {
	t.Parallel()
	s := start(t)
	var body strings.Builder
	for _, name := range []string{"actors.csv", "actors.csv", `b\\x/actors.csv`} {
		body.WriteString("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\nid,kind,group,name_fr\n" +
			"a,organisation,none,N\r\n")
	}
	r := s.send(http.MethodPost, "/imports", "")
	r.body = strings.NewReader(body.String() + "--x--\r\n")
	r.header.Set("Content-Type", "multipart/form-data; boundary=x")
	at := r.expect(http.StatusAccepted).head("Location")
	job := map[string]any{}
	for job["state"] == nil || job["state"] == "waiting" || job["state"] == "running" {
		job = s.ask(http.MethodGet, at).as(adminKey).expect(http.StatusOK).object()
		time.Sleep(time.Millisecond) // as above
	}
	files := make(map[any]bool)
	for _, e := range job["errors"].([]any) {
		if entry, _ := e.(map[string]any); entry["code"] != "id_taken" {
			files[entry["file"]] = true
		}
	}
	if diff := cmp.Diff(map[any]bool{"actors.csv": true, "2/actors.csv": true, `b\x/actors.csv`: true}, files); diff != "" || job["refused"] != 3.0 {
		t.Errorf("refused %v, files (-want +got):\n%s", job["refused"], diff)
	}
	for _, name := range []string{"a\tb.csv", strings.Repeat("n", 1100) + ".csv"} {
		r := s.send(http.MethodPost, "/imports", "").undescribed()
		r.body = strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\nid\r\n--x--\r\n")
		r.header.Set("Content-Type", "multipart/form-data; boundary=x")
		if got := r.do(); got.Code != http.StatusBadRequest {
			t.Errorf("%.20q: status %d", name, got.Code)
		}
	}
}

func TestAnImportIsSeenByWhoStartedItOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	job := s.importFiles(t, "", map[string]string{"sources.csv": "id,title,kind\ns,T,law\n"})
	id, _ := job["id"].(string)
	s.get("/imports/" + id).expect(http.StatusUnauthorized)
	s.get("/imports/none-such").as(adminKey).expect(http.StatusNotFound)
	other := s.key("other", "write", "ministry")
	s.get("/imports/" + id).as(other).expect(http.StatusNotFound)
}

func TestAFormThatHoldsNoFilesIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	for name, tt := range map[string]struct {
		media, body string
		status      int
	}{
		"JSON":          {"application/json", "{}", http.StatusUnsupportedMediaType},
		"no boundary":   {"multipart/form-data", "", http.StatusUnsupportedMediaType},
		"cut off":       {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nid", http.StatusBadRequest},
		"another field": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n", http.StatusBadRequest},
		"no part":       {"multipart/form-data; boundary=x", "--x--\r\n", http.StatusUnprocessableEntity},
	} {
		r := s.send(http.MethodPost, "/imports", "").undescribed()
		r.body = strings.NewReader(tt.body)
		r.header.Set("Content-Type", tt.media)
		if got := r.do(); got.Code != tt.status {
			t.Errorf("%s: status %d, want %d: %s", name, got.Code, tt.status, got.Body)
		}
	}
	s.ask(http.MethodPost, "/api/v1/imports").with("Content-Type", "multipart/form-data; boundary=x").expect(http.StatusUnauthorized)
}

func TestADownloadOfSomeFieldsIsEditedAndImportedAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.importFiles(t, "", map[string]string{"actors.csv": "id,kind,group,name_fr,website,country\n" +
		"a,organisation,workers,Un,https://a.example,MA\nb,network,workers,Deux,https://b.example,FR\nc,network,government,Trois,,MA\n"})
	for _, format := range []string{"csv", "xlsx"} {
		file := s.get("/actors?group=workers&fields=name,website&format=" + format).expect(http.StatusOK).Body.String()
		job := s.importFiles(t, "", map[string]string{"actors." + format: file})
		if job["state"] != "done" || job["unchanged"] != 2.0 {
			t.Errorf("%s as it was: %v", format, job)
		}
	}
	file := s.get("/actors?group=workers&fields=name,website&format=csv").expect(http.StatusOK).Body.String()
	job := s.importFiles(t, "", map[string]string{"actors.csv": strings.Replace(file, "https://b.example", "https://new.example", 1)})
	if job["state"] != "done" || job["changed"] != 1.0 || job["unchanged"] != 1.0 {
		t.Errorf("edited: %v", job)
	}
	b := s.get("/actors/b").expect(http.StatusOK).object()
	if b["website"] != "https://new.example" || b["kind"] != "network" || b["country"] != "FR" {
		t.Errorf("%v", b)
	}
}

func TestWhatIsWrongIsToldInTheOrderOfTheRows(t *testing.T) {
	t.Parallel()
	s := start(t)
	job := s.importFiles(t, "", map[string]string{
		"roles.csv":  "id,actor,role,function,start\nr,nobody,lead,POL,\nr2,a,leed,none,44762\nr,a,lead,none,\n",
		"actors.csv": "id,kind,group,name_fr,parent\na,unit,workers,A,\nb,network,wurkers,B,nobody\n,network,workers,C,\n,network,workers,C,\n",
	})
	errors, _ := job["errors"].([]any)
	var got []string
	for _, e := range errors {
		one, _ := e.(map[string]any)
		got = append(got, fmt.Sprint(one["file"], " ", one["row"], " ", one["column"], " ", one["code"]))
		if one["code"] == "row_twice" && !strings.Contains(fmt.Sprint(one["detail"]), "2 de roles.csv") && one["file"] == "roles.csv" {
			t.Errorf("%v does not say where the first row is", one)
		}
	}
	want := []string{
		"actors.csv 2 5 unit_needs_parent", "actors.csv 3 3 unknown_code_near", "actors.csv 3 5 dangling_reference", "actors.csv 5 <nil> row_twice",
		"roles.csv 2 2 dangling_reference", "roles.csv 2 4 dangling_reference", "roles.csv 3 3 unknown_code_near", "roles.csv 3 4 dangling_reference",
		"roles.csv 3 5 serial_date", "roles.csv 4 1 row_twice", "roles.csv 4 4 dangling_reference",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
