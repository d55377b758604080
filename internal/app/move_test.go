package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/internal/sample"
)

// sampleStore returns a store that holds the sample content.
func sampleStore(t *testing.T) string {
	t.Helper()
	folder, store := t.TempDir(), filepath.Join(t.TempDir(), "sample.db")
	if err := os.CopyFS(folder, sample.Morocco()); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := run(t, nil, "import", folder, "--store", store); code != 0 {
		t.Fatalf("import: %d %s %s", code, out, errs)
	}
	return store
}

// wants runs a command and wants its exit code, and a text in what it printed.
func wants(t *testing.T, code int, text string, args ...string) {
	t.Helper()
	got, out, errs := run(t, nil, args...)
	if got != code || !strings.Contains(out+errs, text) {
		t.Errorf("%v: exit %d, want %d and %q:\n%s%s", args, got, code, text, out, errs)
	}
}

func TestAStoreIsCopiedBackedUpAndRestored(t *testing.T) {
	t.Parallel()
	store, folder := sampleStore(t), t.TempDir()
	copied, restored, file := filepath.Join(folder, "copy.db"), filepath.Join(folder, "restored.db"), filepath.Join(folder, "dalil.backup")
	wants(t, 0, "2 commits, 1021 changes, position 2", "copy", "--from", store, "--to", copied)
	wants(t, 0, "0 commits, 0 changes, position 2; 2 commits were there before", "copy", "--from", store, "--to", copied)
	wants(t, 0, "position 2", "backup", "--store", copied, "--out", file)
	wants(t, 0, " 0 findings", "verify", "--in", file)
	wants(t, 0, "2 commits, 1021 changes, position 2", "restore", "--in", file, "--store", restored)
	wants(t, 0, "0 commits, 0 changes, position 2", "restore", "--in", file, "--store", restored)
	wants(t, 0, " 0 findings", "verify", "--store", restored)
	for _, text := range []string{"149 published", "commits       2", "first commit", "bytes", "ledger "} {
		wants(t, 0, text, "stats", "--store", restored)
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAServedStoreIsBackedUpThroughItsServer(t *testing.T) {
	t.Parallel()
	server, folder := startServer(t, "--sample"), t.TempDir()
	file, restored := filepath.Join(folder, "dalil.backup"), filepath.Join(folder, "restored.db")
	env := map[string]string{"DALIL_KEY": testKey}
	code, out, errs := run(t, env, "backup", "--server", server.url, "--out", file)
	if code != 0 || !strings.Contains(out, "checked") || strings.Contains(out+errs, testKey) {
		t.Fatalf("backup: %d %s %s", code, out, errs)
	}
	wants(t, 0, "restored", "restore", "--in", file, "--store", restored)
	if code, out, errs = run(t, env, "stats", "--server", server.url); code != 0 || !strings.Contains(out, "149 published") {
		t.Errorf("stats: %d %s %s", code, out, errs)
	}
	wants(t, 2, "DALIL_KEY", "backup", "--server", server.url, "--out", file)
	wants(t, 1, "401", "backup", "--server", server.url, "--key", "dalil_wrong_0123456789", "--out", file)
	wants(t, 0, " 0 findings", "verify", "--in", file) // a refused backup leaves the old one
}

func TestAServerTellsOfItsStoreWhatTheStoreItselfTells(t *testing.T) {
	t.Parallel()
	store := sampleStore(t)
	lines := `{"kind":"sources","record":{"id":"old","kind":"report","title":"Old","status":"archived"}}` + "\n" +
		`{"kind":"sources","record":{"id":"new","kind":"report","title":"New","status":"draft"}}` + "\n"
	file := filepath.Join(t.TempDir(), "more.ndjson")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	wants(t, 0, "2 created", "import", file, "--store", store)
	_, key, _ := run(t, nil, "key", "create", "--store", store, "--name", "chief", "--scope", "admin", "--clearance", "ministry")
	env := map[string]string{"DALIL_KEY": strings.TrimSpace(key[strings.LastIndex(strings.TrimSpace(key), "\n")+1:])}
	code, alone, errs := run(t, nil, "stats", "--store", store)
	if code != 0 || !strings.Contains(alone, "1 archived, 1 draft") {
		t.Fatalf("exit %d: %s%s", code, alone, errs)
	}
	server := startOn(t, store)
	code, served, errs := run(t, env, "stats", "--server", server.url)
	_, alone, _ = strings.Cut(alone, "\n") // the first line names the place
	if _, served, _ = strings.Cut(served, "\n"); code != 0 || served != alone {
		t.Errorf("exit %d %s: the server tells\n%s\nthe store\n%s", code, errs, served, alone)
	}
	_, weak, _ := run(t, env, "key", "create", "--server", server.url, "--name", "reader", "--scope", "read")
	env["DALIL_KEY"] = strings.TrimSpace(weak[strings.LastIndex(strings.TrimSpace(weak), "\n")+1:])
	if code, out, errs := run(t, env, "stats", "--server", server.url); code != 1 || !strings.Contains(errs, "403") {
		t.Errorf("a reader: %d %s%s", code, out, errs)
	}
}

func TestAServedStoreSaysHowItIsReached(t *testing.T) {
	t.Parallel()
	store, folder := filepath.Join(t.TempDir(), "dalil.db"), t.TempDir()
	startOn(t, store)
	wants(t, 1, "--server", "backup", "--store", store, "--out", filepath.Join(folder, "b"))
	wants(t, 1, "--server", "copy", "--from", store, "--to", filepath.Join(folder, "c"))
	wants(t, 1, "--server", "stats", "--store", store)
	wants(t, 1, "--server", "verify", "--store", store)
}

func TestMovingRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	store, other, folder := sampleStore(t), sampleStore(t), t.TempDir()
	file, half, junk := filepath.Join(folder, "b"), filepath.Join(folder, "half"), filepath.Join(folder, "junk")
	wants(t, 0, "checked", "backup", "--store", store, "--out", file)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{half: whole[:len(whole)/2], junk: bytes.Repeat([]byte("minister "), 900)} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(folder, "link.db")
	if err := os.Symlink(store, link); err != nil {
		t.Fatal(err)
	}
	missing, fresh := filepath.Join(folder, "missing.db"), filepath.Join(folder, "fresh.db")
	for _, tt := range []struct {
		code int
		want string
		args []string
	}{
		{1, "same store", []string{"copy", "--from", store, "--to", store}},
		{1, "same store", []string{"copy", "--from", store, "--to", link}},
		{1, "same store", []string{"backup", "--store", store, "--out", link}},
		{1, "another ledger", []string{"copy", "--from", store, "--to", other}},
		{1, "another ledger", []string{"restore", "--in", file, "--store", other}},
		{1, "There is no store", []string{"copy", "--from", missing, "--to", fresh}},
		{1, "There is no store", []string{"verify", "--store", missing}},
		{1, "the rest of it is missing", []string{"restore", "--in", half, "--store", fresh}},
		{1, "the rest of it is missing", []string{"verify", "--in", half}},
		{1, "not a Dalil backup", []string{"verify", "--in", junk}},
		{1, "not a Dalil backup", []string{"restore", "--in", store, "--store", fresh}},
		{1, "no such file", []string{"verify", "--in", missing}},
		{2, "--from", []string{"copy", "--to", fresh}},
		{2, "--out", []string{"backup", "--store", store}},
		{2, "--in", []string{"restore", "--store", fresh}},
		{2, "not both", []string{"verify", "--store", store, "--in", file}},
		{2, "not both", []string{"backup", "--store", store, "--server", "http://localhost:1", "--out", file}},
		{2, "unknown flag", []string{"copy", "--no-such"}},
	} {
		wants(t, tt.code, tt.want, tt.args...)
	}
	for _, path := range []string{missing, fresh} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was made", path)
		}
	}
	wants(t, 0, " 0 findings", "verify", "--store", other)
}

func TestTheSettingsAreShownWithWhereTheyComeFromAndNoSecret(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"DALIL_STORE": "mongodb://user:hunter2@db/dalil", "DALIL_LOG_LEVEL": "warn", "DALIL_KEY": "dalil_hunter2", "DALIL_BOOTSTRAP_KEY_FILE": "/run/key",
	}
	code, out, errs := run(t, env, "config", "--listen", ":9090")
	if code != 0 || strings.Contains(out+errs, "hunter2") {
		t.Fatalf("exit %d: %s %s", code, out, errs)
	}
	table := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{
		"--store mongodb://db/dalil DALIL_STORE", "--log-level warn DALIL_LOG_LEVEL", "--listen :9090 flag", "--log-format json default",
		"DALIL_KEY (hidden) DALIL_KEY", "DALIL_BOOTSTRAP_KEY (hidden) DALIL_BOOTSTRAP_KEY_FILE",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is missing:\n%s", want, out)
		}
	}
	wants(t, 2, "--listen", "config", "--listen", "nowhere")
}
