package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnExportThroughAServerIsTheSameAsOfTheStore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := filepath.Join(folder, "dalil.db")
	server := startOn(t, store, "--sample")
	files := map[string][]string{
		"csv":    {"e/actors.csv", "e/roles.csv", "e/sources.csv"},
		"xlsx":   {"e.xlsx"},
		"ndjson": {"e.ndjson"},
	}
	outs := map[string]string{"csv": "e", "xlsx": "e.xlsx", "ndjson": "e.ndjson"}
	said := make(map[string]string)
	for format, out := range outs {
		path := filepath.Join(folder, "remote", out)
		if err := os.MkdirAll(filepath.Join(folder, "remote"), 0o750); err != nil {
			t.Fatal(err)
		}
		code, stdout, errs := run(t, nil, "export", "--server", server.url, "--key", testKey, "--format", format, "--out", path)
		if code != 0 || !strings.Contains(stdout, "exported 1020 records to "+path+", position 2") || strings.Contains(errs, "/version") == (format == "ndjson") {
			t.Fatalf("%s: exit %d, %s%s", format, code, stdout, errs)
		}
		said[format] = errs
	}
	if code := server.stop(); code != 0 {
		t.Fatalf("the server ended with %d", code)
	}
	for format, out := range outs {
		path := filepath.Join(folder, out)
		code, stdout, errs := run(t, nil, "export", "--store", store, "--format", format, "--out", path)
		if code != 0 || !strings.Contains(stdout, "exported 1020 records") || errs != said[format] {
			t.Fatalf("%s: exit %d, %s%s", format, code, stdout, errs)
		}
		for _, name := range files[format] {
			here, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			there, err := os.ReadFile(filepath.Join(folder, "remote", name))
			if err != nil || string(here) != string(there) {
				t.Errorf("%s differs through the server (%v)", name, err)
			}
		}
		wants(t, 0, "0 created, 0 changed, 1020 unchanged", "import", path, "--store", store)
	}
}

func TestAnExportSaysWhatItCannotBeWrittenOver(t *testing.T) {
	t.Parallel()
	store, folder := sampleStore(t), t.TempDir()
	file := filepath.Join(folder, "e.xlsx")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	wants(t, 2, "is a file, and csv is a folder of files", "export", "--store", store, "--format", "csv", "--out", file)
	for _, format := range []string{"xlsx", "ndjson"} {
		wants(t, 2, "is a folder, and "+format+" is one file", "export", "--store", store, "--format", format, "--out", folder)
	}
	wants(t, 2, "is a file, and csv is a folder of files", "export", "--server", "http://127.0.0.1:1", "--key", "k", "--out", file)
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file is %q, %v", text, err)
	}
}
