package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/app"
	"dalil/internal/ledger"
	"dalil/internal/ledger/boltledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/raced"
)

// argsVariable holds the arguments of a child process, which runs them as the program does.
const argsVariable = "DALIL_APPTEST_ARGS"

func TestMain(m *testing.M) {
	if text := os.Getenv(argsVariable); text != "" {
		var args []string
		if err := json.Unmarshal([]byte(text), &args); err != nil {
			os.Exit(3)
		}
		env := environment(map[string]string{"DALIL_BOOTSTRAP_KEY": testKey})
		os.Exit(app.Run(context.Background(), args, env, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// filledCommits is how many commits a filled store has.
var filledCommits = raced.Part(20_000, 6_000)

// filled makes a store with random content, once for all tests, since it takes long. It returns the bytes of its file.
var filled = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "filled")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "filled.db")
	l, err := boltledger.Open(path, boltledger.Options{})
	if err != nil {
		return nil, err
	}
	scribe := ledgertest.NewScribe(rand.Uint64())
	for n := 0; n < filledCommits && err == nil; n += 500 {
		group := scribe.Small(500)
		_, err = l.Append(context.Background(), scribe.Position(), group)
		scribe.Learn(group...)
	}
	if err := errors.Join(err, l.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// filledStore returns a store of many commits that is the test's own.
func filledStore(t *testing.T) string {
	t.Helper()
	content, err := filled()
	path := filepath.Join(t.TempDir(), "filled.db")
	if err = errors.Join(err, os.WriteFile(path, content, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

// program starts a command in a process of its own, which prints to out.
func program(t *testing.T, out io.Writer, args ...string) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), argsVariable+"="+string(text))
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// interrupted runs a command in a process of its own and interrupts it once a file is there that matches a pattern, and
// a while later. It returns the exit code and what was said.
func interrupted(t *testing.T, pattern string, after time.Duration, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	cmd := program(t, &out, args...)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for begun := false; !begun; {
		select {
		case err := <-ended:
			return exitCode(t, err), out.String()
		case <-tick.C:
			found, failed := filepath.Glob(pattern)
			begun = failed == nil && len(found) > 0
		}
	}
	time.Sleep(after) // the instant
	_ = cmd.Process.Signal(os.Interrupt)
	return exitCode(t, <-ended), out.String()
}

func exitCode(t *testing.T, err error) int {
	t.Helper()
	if err == nil {
		return 0
	}
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatal(err)
	}
	return exit.ExitCode()
}

func TestAnInterruptedMoveLeavesWhatIsWholeAndGoesOn(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted here")
	}
	store := filledStore(t)
	file := filepath.Join(t.TempDir(), "whole.backup")
	wants(t, 0, "checked", "backup", "--store", store, "--out", file)
	for name, args := range map[string][]string{
		"copy":    {"copy", "--from", store, "--to"},
		"restore": {"restore", "--in", file, "--store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := filepath.Join(t.TempDir(), "to.db")
			again := append(slices.Clip(args), to)
			stops := 0
			for n := range raced.Part(10, 4) {
				code, said := interrupted(t, to, time.Duration(20*n)*time.Millisecond, again...)
				if code == 1 && strings.Contains(said, "run the same command again") {
					stops++
				} else if code != 0 && code != -1 { // -1: it had hardly begun, and did not listen yet
					t.Fatalf("exit %d: %s", code, said)
				}
				beginning(t, to)
			}
			if stops == 0 {
				t.Error("never interrupted in the middle: this proves nothing")
			}
			wants(t, 0, fmt.Sprintf("position %d", filledCommits), again...)
			wants(t, 0, " 0 findings", "verify", "--store", to)
		})
	}
}

// beginning sees that a store holds a chain, however long.
func beginning(t *testing.T, path string) {
	t.Helper()
	l, err := boltledger.Open(path, boltledger.Options{Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("verify: %s", f) }); err != nil {
		t.Error(err)
	}
}

func TestAnInterruptedBackupLeavesTheOldOneAndNothingElse(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted here")
	}
	store, folder := filledStore(t), t.TempDir()
	file := filepath.Join(folder, "dalil.backup")
	if err := os.WriteFile(file, []byte("the old one"), 0o600); err != nil {
		t.Fatal(err)
	}
	stops := 0
	for n := range 5 {
		code, said := interrupted(t, filepath.Join(folder, ".dalil.backup.*.partial"), time.Duration(10*n)*time.Millisecond, "backup", "--store", store, "--out", file)
		if code == 0 { // it was too quick this time
			if err := os.WriteFile(file, []byte("the old one"), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		stops++
		if code != 1 || !strings.Contains(said, "was not written") {
			t.Fatalf("exit %d: %s", code, said)
		}
		names, err := os.ReadDir(folder)
		if err != nil || len(names) != 1 {
			t.Fatalf("left behind: %v, %v", names, err)
		}
		if old, err := os.ReadFile(file); err != nil || string(old) != "the old one" {
			t.Fatalf("the old backup is %q, %v", old, err)
		}
	}
	if stops == 0 {
		t.Error("never interrupted in the middle: this proves nothing")
	}
}
