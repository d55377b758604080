package app_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/app"
	"dalil/internal/raced"
)

// manyActors writes a folder with a file of so many actors, each below the one before it in its hundred.
func manyActors(t *testing.T, n int) string {
	t.Helper()
	folder := t.TempDir()
	var text bytes.Buffer
	text.WriteString("id,kind,group,name_fr,name_en,parent,country,website\n")
	for i := range n {
		parent := ""
		if i%100 > 0 {
			parent = fmt.Sprintf("body-%d", i-1)
		}
		fmt.Fprintf(&text, "body-%d,organisation,government,Organisme numéro %d,Body number %d,%s,MA,https://body-%d.example.org/\n", i, i, i, parent, i)
	}
	if err := os.WriteFile(filepath.Join(folder, "actors.csv"), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// wholeOrNothing sees that a store is sound and holds all of an import of so many actors, or nothing of it.
func wholeOrNothing(t *testing.T, store string, actors int) (whole bool) {
	t.Helper()
	wants(t, 0, " 0 findings", "verify", "--store", store)
	_, out, errs := run(t, nil, "stats", "--store", store)
	switch {
	case strings.Contains(out, fmt.Sprintf("actors        %d ", actors)):
		return true
	case strings.Contains(errs, "The store holds nothing"): // not even its first commit
	case !strings.Contains(out, "actors        0\n"):
		t.Fatalf("half of an import: %s%s", out, errs)
	}
	return false
}

func TestAnInterruptedImportLeavesAllOfItOrNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted here")
	}
	actors := raced.Part(8_000, 1_000)
	files := manyActors(t, actors)
	stops, whole := 0, 0
	for n := range 6 {
		store := filepath.Join(t.TempDir(), "dalil.db")
		args := []string{"import", files, "--store", store}
		code, said := interrupted(t, store, time.Duration(120*n)*time.Millisecond, args...)
		switch {
		case code == 1 && strings.Contains(said, "stopped; nothing was written, run the same command again"),
			code == 1 && strings.Contains(said, "stopped while it was being written; "+store+" is whole at position 2"):
			stops++
		case code != 0 && code != -1: // -1: it was done, and listened no more
			t.Fatalf("exit %d: %s", code, said)
		}
		want := fmt.Sprintf("%d created, 0 changed, 0 unchanged, 0 refused, position 2", actors)
		if wholeOrNothing(t, store, actors) {
			want = fmt.Sprintf("0 created, 0 changed, %d unchanged, 0 refused, position 2", actors)
			whole++
			if strings.Contains(said, "nothing was written") {
				t.Errorf("written, and yet: %s", said)
			}
		}
		wants(t, 0, want, args...)
		if code <= 0 {
			break // from here on each would be too late
		}
	}
	if stops == 0 {
		t.Error("never interrupted in the middle: this proves nothing")
	}
	t.Logf("interrupted %d times, %d of all found it written", stops, whole)
}

// child is a server in a process of its own.
type child struct {
	running

	cmd *exec.Cmd
}

// startChild runs the serve command on a store in a process of its own.
func startChild(t *testing.T, store string) child {
	t.Helper()
	out, in := io.Pipe()
	cmd := program(t, in, "serve", "--listen", "127.0.0.1:0", "--store", store)
	stop := sync.OnceValue(func() int {
		_ = cmd.Process.Signal(os.Interrupt)
		return exitCode(t, cmd.Wait())
	})
	t.Cleanup(func() {
		stop()
		_ = in.Close()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), " at http://"); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return child{running{url: "http://" + url, key: testKey, stop: stop}, cmd}
		}
	}
	t.Fatal("the server did not start")
	return child{}
}

func TestAServerThatIsInterruptedDuringAnImportLeavesAllOfItOrNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted here")
	}
	actors := raced.Part(10_000, 1_500)
	files := manyActors(t, actors)
	env := map[string]string{"DALIL_KEY": testKey}
	failed := 0
	for _, after := range []time.Duration{100 * time.Millisecond, 400 * time.Millisecond, time.Second} {
		store := filepath.Join(t.TempDir(), "dalil.db")
		server := startChild(t, store)
		said := make(chan string, 1)
		go func() {
			code, out, errs := run(t, env, "import", files, "--server", server.url)
			said <- fmt.Sprintf("%d %s%s", code, out, errs)
		}()
		time.Sleep(after) // the instant
		if code := server.stop(); code != 0 {
			t.Errorf("the server ended with %d", code)
		}
		answer := <-said
		want := fmt.Sprintf("%d created, 0 changed, 0 unchanged", actors)
		if wholeOrNothing(t, store, actors) {
			want = fmt.Sprintf("0 created, 0 changed, %d unchanged", actors)
		} else if failed++; strings.HasPrefix(answer, "0") {
			t.Errorf("nothing is there, and yet: %s", answer)
		}
		again := startOn(t, store)
		if code, out, errs := run(t, env, "import", files, "--server", again.url); code != 0 || !strings.Contains(out, want) {
			t.Errorf("again: %d %s%s, want %s", code, out, errs, want)
		}
		again.stop()
	}
	if failed == 0 {
		t.Error("never interrupted in the middle: this proves nothing")
	}
}

func TestWhoStopsWaitingForAServersImportIsToldThatItGoesOn(t *testing.T) {
	t.Parallel()
	actors := raced.Part(5_000, 1_000)
	files, server := manyActors(t, actors), startServer(t)
	env := environment(map[string]string{"DALIL_KEY": testKey})
	told := false
	for after := 50 * time.Millisecond; !told && after < 10*time.Second; after *= 2 { // the upload has to be over
		ctx, cancel := context.WithTimeout(t.Context(), after)
		var out, errs bytes.Buffer
		code := app.Run(ctx, []string{"import", files, "--server", server.url}, env, &out, &errs)
		cancel()
		told = code == 1 && strings.Contains(errs.String(), "the import goes on at the server (/api/v1/imports/")
	}
	if !told {
		t.Fatal("nobody was told")
	}
	total := fmt.Sprintf(`"total":%d,`, actors)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if _, body := server.get(t, "/api/v1/actors?limit=1"); strings.Contains(body, total) {
			return
		} else if time.Now().After(deadline) {
			t.Fatalf("it did not go on: %.200s", body)
		}
	}
}

func TestTheSameImportTwiceAtOnceIntoAFileNamesTheLock(t *testing.T) {
	t.Parallel()
	actors := raced.Part(20_000, 3_000)
	files, store := manyActors(t, actors), filepath.Join(t.TempDir(), "dalil.db")
	type ending struct {
		refused bool
		said    string
	}
	endings := make(chan ending, 2)
	for range cap(endings) {
		out := new(bytes.Buffer)
		one := program(t, out, "import", files, "--store", store)
		go func() {
			err := one.Wait()
			endings <- ending{err != nil, out.String()}
		}()
	}
	// Either may be first at the lock. The other is not kept waiting until it is free.
	refused, done := <-endings, <-endings
	if !refused.refused || !strings.Contains(refused.said, store) || !strings.Contains(refused.said, "open in another process") {
		t.Errorf("what ended first: refused: %t, %s", refused.refused, refused.said)
	}
	if done.refused || !strings.Contains(done.said, fmt.Sprintf("%d created", actors)) {
		t.Errorf("what ended last: refused: %t, %s", done.refused, done.said)
	}
	wants(t, 0, fmt.Sprintf("%d unchanged, 0 refused, position 2", actors), "import", files, "--store", store)
}

func TestTheSameImportTwiceAtOnceThroughAServerIsWrittenOnce(t *testing.T) {
	t.Parallel()
	actors := raced.Part(5_000, 1_000)
	files, server := manyActors(t, actors), startServer(t)
	env := map[string]string{"DALIL_KEY": testKey}
	outs := make([]string, 3)
	var wait sync.WaitGroup
	for i := range outs {
		wait.Go(func() {
			code, out, errs := run(t, env, "import", files, "--server", server.url)
			outs[i] = fmt.Sprintf("%d %s%s", code, out, errs)
		})
	}
	wait.Wait()
	first := fmt.Sprintf("0 imported: %d created, 0 changed, 0 unchanged, 0 refused, position 2", actors)
	again := fmt.Sprintf("0 imported: 0 created, 0 changed, %d unchanged, 0 refused, position 2", actors)
	created, unchanged := 0, 0
	for _, out := range outs {
		switch {
		case strings.HasPrefix(out, first):
			created++
		case strings.HasPrefix(out, again):
			unchanged++
		default:
			t.Error(out)
		}
	}
	if created != 1 || unchanged != len(outs)-1 {
		t.Errorf("created by %d, unchanged for %d", created, unchanged)
	}
	if status, body := server.get(t, "/api/v1/actors?limit=1"); status != http.StatusOK || !strings.Contains(body, fmt.Sprintf(`"total":%d,`, actors)) {
		t.Errorf("%d %.200s", status, body)
	}
}
