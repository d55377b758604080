package httpapi_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// onASmallDisk marks the process of a test that has no room for large files.
const onASmallDisk = "DALIL_TEST_ON_A_SMALL_DISK"

// alone tells whether a test runs in a process of its own. When it does not, one is run for it.
func alone(t *testing.T) bool {
	t.Helper()
	if os.Getenv(onASmallDisk) != "" {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), onASmallDisk+"=1", "TMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process of its own: %v\n%s", err, out)
	}
	return false
}

// limitFiles makes the system refuse to write files of this process beyond a size, which needs no rights, unlike a small
// disk. It returns what lifts the limit.
func limitFiles(t *testing.T, size uint64) (lift func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ) // an error of the write is what a full disk gives
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	set := func(size uint64) {
		t.Helper()
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: limit.Max}); err != nil {
			t.Fatal(err)
		}
	}
	set(size)
	return func() { set(limit.Cur) }
}

func TestADiskThatFillsDuringAnUploadIsTold(t *testing.T) { //nolint:paralleltest // the limit holds for the whole process
	if !alone(t) {
		return
	}
	s := start(t)
	s.create("actors", actor("oit", "OIT", ""))
	const bodies = 80
	rows := []string{"id,kind,group,name_fr,summary_fr\n"}
	for i := range bodies {
		name := fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i)})) // near no other
		rows = append(rows, fmt.Sprintf("b-%d,organisation,government,%s,%s\n", i, name, strings.Repeat("a", 20_000)))
	}
	files := map[string]string{"actors.csv": strings.Join(rows, "")}
	lift := limitFiles(t, 1<<20)
	for range 10 { // more than may wait: a refused upload keeps no place
		r := s.send(http.MethodPost, "/imports?lang=en", "")
		body, media := form(t, files)
		r.body = body
		r.header.Set("Content-Type", media)
		r.refused(http.StatusServiceUnavailable, "upload_full", "")
	}
	if left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "dalil-import-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	s.get("/actors/oit").expect(http.StatusOK)
	s.create("actors", actor("oim", "OIM", "")) // the server goes on writing
	if total := s.get("/actors").page().Total; total != 2 {
		t.Errorf("%d actors", total)
	}
	lift()
	if job := s.importFiles(t, "", files); job["state"] != "done" || job["created"] != float64(bodies) {
		t.Errorf("with room the import says %v", job)
	}
}
