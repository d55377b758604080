package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// onStoreOrServer are the commands that work on a store or through a server, with what else they need.
func onStoreOrServer(folder string) [][]string {
	return [][]string{
		{"import", filepath.Join(folder, "sources.csv")},
		{"export", "--out", filepath.Join(folder, "exported")},
		{"backup", "--out", filepath.Join(folder, "dalil.backup")},
		{"stats"},
		{"key", "list"},
		{"key", "create", "--name", "x"},
		{"key", "revoke", "x"},
	}
}

func TestAStoreAndAServerAreNotGivenBoth(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, args := range onStoreOrServer(folder) {
		code, _, errs := run(t, nil, append(args, "--store", filepath.Join(folder, "x.db"), "--server", "http://127.0.0.1:1")...)
		if code != 2 || !strings.Contains(errs, "give --server or --store, not both") {
			t.Errorf("%v: exit %d, %s", args, code, errs)
		}
	}
	wants(t, 2, "give --in or --store, not both", "verify", "--in", "x", "--store", "y")
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAStoreThatIsNamedComesBeforeAServerOfTheEnvironment(t *testing.T) {
	t.Parallel()
	server, folder := startServer(t), t.TempDir()
	store := filepath.Join(folder, "mine.db")
	if err := os.WriteFile(filepath.Join(folder, "sources.csv"), []byte("id,title,kind\nmine,Mine,report\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"DALIL_SERVER": server.url, "DALIL_KEY": testKey, "DALIL_IN": "no-such.backup"}
	for _, args := range onStoreOrServer(folder)[:6] {
		if code, out, errs := run(t, env, append(args, "--store", store)...); code != 0 {
			t.Errorf("%v: exit %d, %s%s", args, code, out, errs)
		}
	}
	if code, out, errs := run(t, env, "verify", "--store", store); code != 0 || !strings.Contains(out, store) {
		t.Errorf("verify: exit %d, %s%s", code, out, errs)
	}
	if _, body := server.get(t, "/api/v1/sources"); !strings.Contains(body, `"total":0,`) {
		t.Errorf("the server was written to: %s", body)
	}
	// And the other way round: a server that is named comes before a store of the environment.
	env = map[string]string{"DALIL_STORE": store, "DALIL_KEY": testKey}
	if code, out, errs := run(t, env, "stats", "--server", server.url); code != 0 || !strings.Contains(out, server.url) {
		t.Errorf("stats: exit %d, %s%s", code, out, errs)
	}
}

func TestCompactMakesNoStore(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "nope.db")
	wants(t, 1, "There is no store at "+store, "compact", "--store", store)
	if _, err := os.Stat(store); err == nil {
		t.Error("a store was made")
	}
}

func TestConfigTellsOfEverySecretThatIsSetAndShowsNone(t *testing.T) {
	t.Parallel()
	env := map[string]string{"DALIL_KEY": "hunter1", "DALIL_BOOTSTRAP_KEY_FILE": "hunter2", "DALIL_WEBHOOK_KEY": "hunter3"}
	code, out, errs := run(t, env, "config")
	if code != 0 || strings.Contains(out+errs, "hunter") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	for _, from := range []string{"DALIL_KEY", "DALIL_BOOTSTRAP_KEY_FILE", "DALIL_WEBHOOK_KEY"} {
		if !strings.Contains(out, "(hidden)") || !strings.Contains(out, from+"\n") {
			t.Errorf("it does not say that %s is set:\n%s", from, out)
		}
	}
	code, out, _ = run(t, map[string]string{"DALIL_WEBHOOK_KEY_FILE": "/run/secrets/webhook"}, "config")
	if code != 0 || !strings.Contains(out, "DALIL_WEBHOOK_KEY_FILE\n") {
		t.Errorf("exit %d: %s", code, out)
	}
}
