package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dalil/internal/app"
	"dalil/internal/sample"
)

// openPlaceholder is what a message says where nothing was given to fill it.
var openPlaceholder = regexp.MustCompile(`\{[a-z_]+\}`)

// run runs a command and returns its exit code and what it printed.
func run(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = app.Run(t.Context(), args, environment(env), &out, &errs)
	if left := openPlaceholder.FindString(errs.String()); left != "" {
		t.Errorf("%v: a message is not filled, %s is left: %s", args, left, errs.String())
	}
	return code, out.String(), errs.String()
}

func TestTheSampleIsServedWholeAndAgainAfterARestart(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "dalil.db")
	first := startOn(t, store, "--sample")
	totals := map[string]string{
		"actors": "149", "initiatives": "92", "functions": "56", "roles": "387", "relations": "132", "sources": "204",
	}
	for kind, total := range totals {
		status, body := first.get(t, "/api/v1/"+kind+"?limit=1")
		if status != http.StatusOK || !strings.Contains(body, `"total":`+total+`,`) {
			t.Errorf("%s: %d %.200s", kind, status, body)
		}
	}
	status, body := first.call(t, http.MethodPost, "/api/v1/sources", `{"id":"kept","title":"Kept","kind":"other"}`)
	if status != http.StatusCreated {
		t.Fatalf("creating: %d %s", status, body)
	}
	if code := first.stop(); code != 0 {
		t.Fatalf("the first server ended with %d", code)
	}
	second := startOn(t, store, "--sample")
	if status, body := second.get(t, "/api/v1/sources?limit=1"); !strings.Contains(body, `"total":205,`) {
		t.Errorf("after the restart: %d %.200s", status, body)
	}
	if code := second.stop(); code != 0 {
		t.Errorf("the second server ended with %d", code)
	}
	if code, out, errs := run(t, nil, "verify", "--store", store); code != 0 || !strings.Contains(out, " 0 findings") {
		t.Errorf("verify: %d %s %s", code, out, errs)
	}
}

func TestAWriteMovesTheWritersCountersOfAServer(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	for commits := 1; commits <= 3; commits++ { // the first is the store's own
		want := fmt.Sprintf("\ndalil_writer_commits_total %d\n", commits)
		if status, body := server.get(t, "/metrics"); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("after %d commits: %d, no line %s", commits, status, want)
		}
		status, body := server.call(t, http.MethodPost, "/api/v1/sources", `{"title":"Counted","kind":"other"}`)
		if status != http.StatusCreated {
			t.Fatalf("creating: %d %s", status, body)
		}
	}
}

func TestAFileThatIsNotThereIsToldByName(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "new.db")
	code, _, errs := run(t, nil, "import", "nope.csv", "--store", store)
	if code != 1 || errs != "dalil: There is no file or folder nope.csv.\n" {
		t.Errorf("exit %d: %q", code, errs)
	}
	if _, err := os.Stat(store); !os.IsNotExist(err) {
		t.Errorf("a store was made: %v", err)
	}
}

func TestImportingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	folder, store := t.TempDir(), filepath.Join(t.TempDir(), "my.db")
	if err := os.CopyFS(folder, sample.Morocco()); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, nil, "import", folder, "--store", store, "--dry-run")
	if code != 0 || !strings.Contains(out, "would import") || !strings.Contains(out, "1020 created") {
		t.Fatalf("dry run: %d %s %s", code, out, errs)
	}
	if code, out, errs = run(t, nil, "import", folder, "--store", store); code != 0 || !strings.Contains(out, "1020 created, 0 changed, 0 unchanged, 0 refused, position 2") {
		t.Fatalf("first: %d %s %s", code, out, errs)
	}
	if code, out, errs = run(t, nil, "import", folder, "--store", store); code != 0 || !strings.Contains(out, "0 created, 0 changed, 1020 unchanged, 0 refused, position 2") {
		t.Errorf("second: %d %s %s", code, out, errs)
	}
}

func TestAFaultyFolderIsRefusedWholeWithEveryPlace(t *testing.T) {
	t.Parallel()
	folder, store := t.TempDir(), filepath.Join(t.TempDir(), "my.db")
	sources := "id,title,kind\ns-1,One,report\ns-2,,report\n"
	actors := "id,kind,group,name_fr,parent,founded,source_ids\na-1,organisation,martians,Un,,2001-02-30,s-1\na-2,unit,government,Deux,nobody,,s-9\n"
	for name, text := range map[string]string{"sources.csv": sources, "actors.csv": actors} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, _, errs := run(t, nil, "import", folder, "--store", store)
	if code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	for _, want := range []string{"sources.csv:3", "actors.csv:2:3 (group)", "actors.csv:2:6 (founded)"} {
		if !strings.Contains(errs, want) {
			t.Errorf("the refusal does not name %s:\n%s", want, errs)
		}
	}
	if code, out, _ := run(t, nil, "verify", "--store", store); code != 0 || !strings.Contains(out, "1 commits") {
		t.Errorf("something was written: %s", out)
	}
}

func TestADanglingReferenceIsNamedAtItsCell(t *testing.T) {
	t.Parallel()
	folder, store := t.TempDir(), filepath.Join(t.TempDir(), "my.db")
	actors := "id,kind,group,name_fr,parent\na-1,unit,government,Un,nobody\n"
	if err := os.WriteFile(filepath.Join(folder, "actors.csv"), []byte(actors), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := run(t, nil, "import", folder, "--store", store)
	if code != 1 || !strings.Contains(errs, "actors.csv:2:5 (parent)") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestWrongUsageIsSaidAndEndsWith2(t *testing.T) {
	t.Parallel()
	tests := []struct {
		env  map[string]string
		args []string
		want string
	}{
		{nil, []string{"serve", "--listen", "nowhere"}, "--listen"},
		{nil, []string{"serve", "--no-such"}, "no-such"},
		{nil, []string{"serve", "extra"}, "extra"},
		{map[string]string{"DALIL_SAMPLE": "perhaps"}, []string{"serve"}, "DALIL_SAMPLE"},
		{nil, []string{"import"}, "dalil import needs a PATH"},
		{nil, []string{"frob"}, `unknown command "frob"`},
		{nil, []string{"key", "frob"}, `unknown command "frob"`},
		{nil, []string{"help", "frob"}, `unknown command "frob"`},
		{nil, []string{"help", "key", "frob"}, `unknown command "frob"`},
		{nil, []string{"key", "revoke"}, "dalil key revoke needs the ID"},
		{nil, []string{"key", "revoke", "a", "b"}, `"b" is one too many`},
		{nil, []string{"backup"}, "--out"},
		{nil, []string{"export"}, "--out"},
		{nil, []string{"export", "--out", "x", "--format", "pdf"}, "pdf"},
		{nil, []string{"restore"}, "--in"},
		{nil, []string{"copy", "--from", "x"}, "--to"},
		{map[string]string{"DALIL_LOG_LEVEL": "loud"}, []string{"import", "x.csv"}, "DALIL_LOG_LEVEL"},
		{map[string]string{"DALIL_LOG_FORMAT": "xml"}, []string{"stats"}, "DALIL_LOG_FORMAT"},
		{nil, []string{"compact", "--store", "mongodb://localhost/x"}, "MongoDB"},
		{nil, []string{"key", "list", "--server", "http://localhost:1"}, "DALIL_KEY"},
	}
	for _, tt := range tests {
		code, _, errs := run(t, tt.env, tt.args...)
		if code != 2 || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: exit %d, %q does not say %s", tt.args, code, errs, tt.want)
		}
	}
}

func TestAStoreInUseIsNamedWithinItsTime(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "dalil.db")
	startOn(t, store)
	code, _, errs := run(t, nil, "key", "list", "--store", store)
	if code != 1 || !strings.Contains(errs, "open in another process") || !strings.Contains(errs, store) {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestAFileThatIsNotAStoreIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, bytes.Repeat([]byte("Dear minister, "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := run(t, nil, "verify", "--store", path)
	if code != 1 || !strings.Contains(errs, "not a Dalil store") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestKeysAreMadeListedAndRevokedThroughTheServer(t *testing.T) {
	t.Parallel()
	server := startServer(t)
	env := map[string]string{"DALIL_KEY": testKey}
	code, out, errs := run(t, env, "key", "create", "--server", server.url, "--name", "sync", "--scope", "write", "--days", "30")
	if code != 0 || !strings.Contains(out, "sync, write, partners") {
		t.Fatalf("create: %d %s %s", code, out, errs)
	}
	id, _, _ := strings.Cut(out, "\t")
	secret := strings.TrimSpace(out[strings.LastIndex(strings.TrimSpace(out), "\n"):])
	other := running{url: server.url, key: secret}
	if status, body := other.call(t, http.MethodPost, "/api/v1/sources", `{"title":"By key","kind":"other"}`); status != http.StatusCreated {
		t.Errorf("writing with the new key: %d %s", status, body)
	}
	if code, out, _ = run(t, env, "key", "list", "--server", server.url); code != 0 || !strings.Contains(out, id) || strings.Contains(out, secret) {
		t.Errorf("list: %d %s", code, out)
	}
	if code, out, errs = run(t, env, "key", "revoke", id, "--server", server.url); code != 0 {
		t.Fatalf("revoke: %d %s %s", code, out, errs)
	}
	if status, _ := other.call(t, http.MethodPost, "/api/v1/sources", `{"title":"Again","kind":"other"}`); status != http.StatusUnauthorized {
		t.Errorf("a revoked key answers %d", status)
	}
	if code, _, errs = run(t, env, "key", "revoke", "bootstrap", "--server", server.url); code != 1 || !strings.Contains(errs, "last valid admin key") {
		t.Errorf("revoking the last admin key: %d %s", code, errs)
	}
}

func TestTheFirstKeyIsPrintedOnceAndWorks(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "dalil.db")
	code, out, errs := run(t, nil, "key", "list", "--store", store)
	if code != 0 || strings.Count(out, "dalil_") != 1 {
		t.Fatalf("first: %d %s %s", code, out, errs)
	}
	if code, out, _ = run(t, nil, "key", "list", "--store", store); code != 0 || strings.Contains(out, "dalil_") {
		t.Errorf("second: %d %s", code, out)
	}
}

func TestAPasswordOfAStoreIsNeverShown(t *testing.T) {
	t.Parallel()
	code, out, errs := run(t, nil, "verify", "--store", "mongodb://user:hunter2@127.0.0.1:1/x?serverSelectionTimeoutMS=50&connectTimeoutMS=50")
	if code != 1 || strings.Contains(out+errs, "hunter2") {
		t.Errorf("exit %d: %s %s", code, out, errs)
	}
}
