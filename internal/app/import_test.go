package app_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writeFiles writes files into a new folder, and returns it.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// tableOf reads a CSV file that begins with a byte order mark.
func tableOf(t *testing.T, path string) [][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := bytes.CutPrefix(text, []byte("\ufeff"))
	if !marked {
		t.Errorf("%s has no byte order mark", path)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// places are where an import runs: into a store, or through a server.
func importPlaces(t *testing.T) map[string][]string {
	t.Helper()
	server := startServer(t)
	return map[string][]string{
		"store":  {"--store", filepath.Join(t.TempDir(), "my.db")},
		"server": {"--server", server.url, "--key", testKey},
	}
}

const (
	actorHead = "id,kind,group,name_fr,founded\n"
	ministry  = "min,organisation,government,Ministère de l’Emploi,\n"
)

func TestTheFileOfErrorsHoldsWhatWasFoundWithItsPlaces(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{
		"first/actors.csv":  actorHead + ministry,
		"second/actors.csv": actorHead + ",organisation,government,Ministère de l’Emplois,\nbad,organisation,martians,X,\n",
	})
	second := filepath.Join(folder, "second")
	table := filepath.Join(second, "actors.csv")
	for name, place := range importPlaces(t) {
		errorFile := filepath.Join(t.TempDir(), "errors.csv")
		if code, out, errs := run(t, nil, append([]string{"import", filepath.Join(folder, "first")}, place...)...); code != 0 {
			t.Fatalf("%s: %d %s%s", name, code, out, errs)
		}
		args := append([]string{"import", second, "--errors", errorFile}, place...)
		code, _, errs := run(t, nil, args...)
		want := table + ":2:4 (name_fr): ministere-de-l-emplois may be min (Ministère de l’Emploi); say so in the column same_as: min, or new\n"
		if code != 1 || !strings.Contains(errs, want) || !strings.HasSuffix(errs, "dalil: 1 error; nothing was written\n") {
			t.Errorf("%s: exit %d, wants %s:\n%s", name, code, want, errs)
		}
		rows := tableOf(t, errorFile)
		if len(rows) != 3 || !slices.Equal(rows[1][:5], []string{table, "", "3", "3", "group"}) || rows[1][5] == "" ||
			!slices.Equal(rows[2][:6], []string{table, "", "2", "4", "name_fr", ""}) || !slices.Equal(rows[2][7:], []string{"ministere-de-l-emplois", "min"}) {
			t.Errorf("%s: %q", name, rows)
		}
		code, out, errs := run(t, nil, append(args, "--keep-going")...)
		if code != 1 || !strings.Contains(out, "imported: 1 created, 0 changed, 0 unchanged, 1 refused") ||
			!strings.Contains(errs, "and was created; if it is the same, archive ministere-de-l-emplois") ||
			!strings.HasSuffix(errs, "dalil: 1 error; the rest was imported\n") {
			t.Errorf("%s: exit %d, %s%s", name, code, out, errs)
		}
	}
}

func TestAFileOfErrorsThatCannotBeIsToldBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{"actors.csv": actorHead + ministry})
	file, store := filepath.Join(folder, "actors.csv"), filepath.Join(folder, "my.db")
	for _, tt := range []struct {
		path string
		code int
	}{{filepath.Join(folder, "no-such", "errors.csv"), 1}, {folder, 1}, {file, 2}} {
		code, out, errs := run(t, nil, "import", file, "--store", store, "--errors", tt.path)
		if code != tt.code || !strings.Contains(errs, "--errors") || out != "" {
			t.Errorf("%s: exit %d, %s%s", tt.path, code, out, errs)
		}
	}
	if _, err := os.Stat(store); err == nil {
		t.Error("a store was made")
	}
	unused := filepath.Join(folder, "unused.csv")
	wants(t, 1, "does not exist", "import", file, "--store", filepath.Join(folder, "none", "my.db"), "--errors", unused)
	if _, err := os.Stat(unused); err == nil {
		t.Error("a file of errors was left of an import that did not begin")
	}
}

func TestAnImportIsToldOfAsDoneThoughItsErrorsCannotBeKept(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	folder := writeFiles(t, map[string]string{"actors.csv": actorHead + ministry})
	code, out, errs := run(t, nil, "import", folder, "--store", filepath.Join(folder, "my.db"), "--errors", "/dev/full")
	if code != 1 || !strings.Contains(out, "imported: 1 created") || !strings.Contains(errs, "writing the errors") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}

func TestARefusedImportSaysThatItMadeAnEmptyStore(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{"actors.csv": actorHead + "bad,organisation,martians,X,\n"})
	store := filepath.Join(folder, "fresh.db")
	wants(t, 1, "dalil: 1 error; nothing was written; the empty store "+store+" was made\n", "import", folder, "--store", store)
	wants(t, 1, "dalil: 1 error; nothing was written\n", "import", folder, "--store", store)
	wants(t, 1, "dalil: 1 error; nothing was written\n", "import", folder, "--store", filepath.Join(folder, "other.db"), "--dry-run")
}

func TestRowsBelowAWrongHeaderAreCountedByThemselves(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{
		"actors.csv": "id,kind,group,name_fr,nonsense\na,organisation,government,Un,x\nb,organisation,government,Deux,y\n",
	})
	for name, place := range importPlaces(t) {
		_, _, errs := run(t, nil, append([]string{"import", folder}, place...)...)
		if !strings.Contains(errs, "dalil: 1 error; 2 more rows could not be taken because of the header; nothing was written") {
			t.Errorf("%s: %s", name, errs)
		}
	}
}

func TestAllErrorsAreToldThroughAServerToo(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString(actorHead)
	for i := range 2_500 {
		fmt.Fprintf(&text, "a-%d,organisation,martians,Nom %d,\n", i, i)
	}
	folder := writeFiles(t, map[string]string{"actors.csv": text.String()})
	for name, place := range importPlaces(t) {
		errorFile := filepath.Join(t.TempDir(), "errors.csv")
		code, _, errs := run(t, nil, append([]string{"import", folder, "--errors", errorFile}, place...)...)
		lines, rows := strings.Count(errs, "(group)"), tableOf(t, errorFile)
		if code != 1 || lines != 2_500 || len(rows) != 2_501 || rows[2_500][2] != "2501" || !strings.HasPrefix(errs[strings.LastIndex(errs, "dalil:"):], "dalil: 2500 errors; nothing") {
			t.Errorf("%s: exit %d, %d lines, %d rows", name, code, lines, len(rows))
		}
	}
}

func TestFilesOfOneNameAreToldApart(t *testing.T) {
	t.Parallel()
	wrong := actorHead + "x,organisation,government,X,2001-02-30\n"
	folder := writeFiles(t, map[string]string{"pA/actors.csv": wrong, "pB/actors.csv": strings.Replace(wrong, "x,", "y,", 1)})
	paths := []string{filepath.Join(folder, "pA"), filepath.Join(folder, "pB")}
	for name, place := range importPlaces(t) {
		code, out, errs := run(t, nil, append([]string{"import", paths[0], paths[1], "--keep-going"}, place...)...)
		for _, path := range paths {
			if !strings.Contains(errs, filepath.Join(path, "actors.csv")+":2:5 (founded)") {
				t.Errorf("%s: %s is not told of: %s", name, path, errs)
			}
		}
		if code != 1 || !strings.Contains(errs, "dalil: 2 errors") || !strings.Contains(out, "2 refused") {
			t.Errorf("%s: exit %d, %s%s", name, code, out, errs)
		}
	}
	wants(t, 2, "is named twice", "import", paths[0], paths[0])
}

func TestADryRunSaysOfEachRowWhatItWouldDo(t *testing.T) {
	t.Parallel()
	first := writeFiles(t, map[string]string{"actors.csv": actorHead + ministry + "ins,organisation,government,Institut,\n"})
	second := writeFiles(t, map[string]string{
		"actors.csv":  "id,kind,group,name_fr,website\nmin,organisation,government,Ministère de l’Inclusion,https://min.example.org/\nins,organisation,government,Institut,\nnew,organisation,academia,École,\n",
		"sources.csv": "id,title,kind\ns,T,law\n",
	})
	actors, sources := filepath.Join(second, "actors.csv"), filepath.Join(second, "sources.csv")
	want := fmt.Sprintf("%s:2 sources/s created\n%s:2 actors/min changed (name, website)\n%s:4 actors/new created\n", sources, actors, actors)
	for name, place := range importPlaces(t) {
		if code, out, errs := run(t, nil, append([]string{"import", first}, place...)...); code != 0 || strings.Contains(out, "actors/") {
			t.Fatalf("%s: %d %s%s", name, code, out, errs)
		}
		code, out, errs := run(t, nil, append([]string{"import", second, "--dry-run"}, place...)...)
		if code != 0 || !strings.HasPrefix(out, want) || !strings.Contains(out, "\nsources: 1 created, 0 changed, 0 unchanged\n") ||
			!strings.Contains(out, "\nactors: 1 created, 1 changed, 1 unchanged\nwould import: 2 created, 1 changed, 1 unchanged, 0 refused") {
			t.Errorf("%s: exit %d, %s%s; want\n%s", name, code, out, errs, want)
		}
	}
}

func TestImportSpeaksTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	folder := writeFiles(t, map[string]string{"sources.csv": "id,title,kind\ns,,law\n"})
	said := map[string]string{"en": "This is required.", "fr": "Ceci est obligatoire.", "ar": "هذا الحقل إلزامي."}
	for name, place := range importPlaces(t) {
		for _, tt := range []struct {
			env  map[string]string
			args []string
			lang string
		}{
			{nil, nil, "en"},
			{map[string]string{"LANG": "fr_MA.UTF-8"}, nil, "fr"},
			{map[string]string{"LANG": "fr_FR", "LC_ALL": "ar_MA"}, nil, "ar"},
			{map[string]string{"LANG": "fra"}, nil, "en"},
			{map[string]string{"LANG": "C"}, nil, "en"},
			{map[string]string{"LANG": "ar", "DALIL_LANG": "en"}, nil, "en"},
			{map[string]string{"LANG": "ar"}, []string{"--lang", "fr"}, "fr"},
		} {
			args := append(append([]string{"import", folder, "--dry-run"}, place...), tt.args...)
			if code, _, errs := run(t, tt.env, args...); code != 1 || !strings.Contains(errs, said[tt.lang]) {
				t.Errorf("%s %v %v: exit %d, %s", name, tt.env, tt.args, code, errs)
			}
		}
	}
	wants(t, 2, "--lang", "import", folder, "--lang", "es")
}
