package boltledger_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dalil/internal/ledger/ledgertest"
)

// A killed process keeps the system's page cache, so only the system calls show that a commit would survive a power
// failure: between the last write to the store's file and the line that acknowledges a commit there must be a sync of
// that file that has come back, and one more between the data and the meta page that makes them count.
func TestTheFileIsSyncedBetweenAnAppendAndItsAnswer(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "strace") {
			t.Fatal("strace is required, and is not there")
		}
		t.Skip("strace is not there; DALIL_TEST_REQUIRE=strace makes this a failure")
	}
	s := newStore(t)
	trace := filepath.Join(t.TempDir(), "trace")
	command := ledgertest.ChildCommand(t.Context(), s, ledgertest.Seed(t), 60, "mixed",
		strace, "-f", "-y", "-s", "16", "-e", "trace=write,pwrite64,pwritev,fsync,fdatasync,msync,ftruncate", "-o", trace)
	output, err := command.Output()
	if err != nil {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "strace") {
			t.Fatalf("tracing: %v", err)
		}
		t.Skipf("this system lets nobody trace: %v", err)
	}
	if !strings.HasSuffix(string(output), "done\n") {
		t.Fatalf("the child said %q", output)
	}
	groups := checkTrace(t, trace, s.Target)
	if groups < 10 {
		t.Errorf("only %d groups of acknowledgements were seen", groups)
	}
	t.Logf("%d groups were synced before they were acknowledged", groups)
}

var (
	unfinished = regexp.MustCompile(`^(\d+) +(\w+)\((\d+)<([^>]*)>(.*) <unfinished \.\.\.>$`)
	resumed    = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.*= (-?\d+)`)
	whole      = regexp.MustCompile(`^(\d+) +(\w+)\((\d+)<([^>]*)>(.*) = (-?\d+)`)
)

// call is a system call on a file: its beginning, its end, or both in one line.
type call struct {
	name, path, rest string
	begins, ends     bool
	ok               bool
}

// checkTrace reads a trace in the order in which things happened, and returns how many groups were acknowledged.
func checkTrace(t *testing.T, trace, store string) (groups int) {
	t.Helper()
	file, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var (
		open   = make(map[string]call) // by thread
		writes int                     // since the last acknowledgement
		syncs  int                     // since the last acknowledgement
		dirty  bool                    // written, and not synced since
	)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		c, ok := parseCall(lines.Text(), open)
		if !ok {
			continue
		}
		switch {
		case c.path == store && (c.name == "pwrite64" || c.name == "pwritev" || c.name == "write"):
			if c.begins {
				writes++
				dirty = true
			}
		case c.path == store && (c.name == "fdatasync" || c.name == "fsync" || c.name == "msync"):
			if c.ends && c.ok {
				syncs++
				dirty = false
			}
		case c.name == "write" && c.begins && strings.Contains(c.rest, `"ack `):
			if dirty {
				t.Fatalf("acknowledged before the file was synced: %s", lines.Text())
			}
			if writes > 0 { // the first acknowledgement of a group
				groups++
				if syncs < 2 {
					t.Fatalf("%d syncs for %d writes before %s", syncs, writes, lines.Text())
				}
			} else if groups == 0 {
				t.Fatalf("acknowledged without a write: %s", lines.Text())
			}
			writes, syncs = 0, 0
		}
	}
	return groups
}

// parseCall reads a line; a call that another thread has interrupted comes in two.
func parseCall(line string, open map[string]call) (call, bool) {
	if m := unfinished.FindStringSubmatch(line); m != nil {
		c := call{name: m[2], path: m[4], rest: m[5], begins: true}
		open[m[1]] = c
		return c, true
	}
	if m := resumed.FindStringSubmatch(line); m != nil {
		c, ok := open[m[1]]
		delete(open, m[1])
		c.begins, c.ends, c.ok = false, true, m[3] != "-1"
		return c, ok
	}
	if m := whole.FindStringSubmatch(line); m != nil {
		return call{name: m[2], path: m[4], rest: m[5], begins: true, ends: true, ok: m[6] != "-1"}, true
	}
	return call{}, false
}
