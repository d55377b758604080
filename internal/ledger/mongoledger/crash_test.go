package mongoledger_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
)

func TestAfterFiftyKillsOfTheNodeEveryAcknowledgedCommitIsThere(t *testing.T) {
	t.Parallel()
	const kills = 50
	n := ledgertest.RunCrashes(t, store(quick)(t), kills)
	t.Logf("%d commits were acknowledged before %d kills", n, kills)
}

func TestAfterKillsOfTheServerEveryAcknowledgedCommitIsThere(t *testing.T) {
	t.Parallel()
	const kills = 20
	s := startServer(t)
	d := databaseAt(t, s.uri())
	l := open(t, d.uri, mongoledger.Options{Timeout: 5 * time.Second})
	scribe := ledgertest.NewScribe(ledgertest.Seed(t))
	w := &survivor{appender: ledgertest.Appender{Ledger: l, Scribe: scribe, Sizes: func() []int {
		if scribe.Rand().IntN(40) == 0 {
			return []int{1, ledger.InlineChanges + 1 + scribe.Rand().IntN(200), 2}
		}
		return [][]int{{1}, {2, 1}, {1, 3, 1}, {2, 2, 1, 1}}[scribe.Rand().IntN(4)]
	}}}
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { w.run(ctx, t) })
	defer working.Wait()
	defer stop()

	random := ledgertest.NewScribe(ledgertest.Seed(t)).Rand()
	for range kills {
		w.wait(t, 1+random.IntN(100)) // so many more acknowledged
		time.Sleep(time.Duration(random.IntN(5_000)) * time.Microsecond)
		s.kill(t)
		s.start(t)
	}
	w.wait(t, 50)
	stop()
	working.Wait()
	w.check(t, open(t, d.uri, quick))
	t.Logf("%d commits were acknowledged around %d kills", len(w.acknowledged), kills)
}

// survivor appends through whatever befalls the server.
type survivor struct {
	appender     ledgertest.Appender
	mu           sync.Mutex
	acknowledged []ledger.Position
}

// run appends until ctx ends. A server that is away is tried again, as the writer of a node does.
func (w *survivor) run(ctx context.Context, t *testing.T) {
	t.Helper()
	w.appender.Acknowledged = func(c *ledger.Commit) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.acknowledged = append(w.acknowledged, c.Position())
		return nil
	}
	for ctx.Err() == nil {
		err := w.appender.Run(ctx, 1<<30)
		if ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable {
			t.Errorf("the appender ended: %v", err)
			return
		}
	}
}

// wait waits until so many more commits are acknowledged.
func (w *survivor) wait(t *testing.T, more int) {
	t.Helper()
	count := func() int {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.acknowledged)
	}
	for want := count() + more; count() < want; time.Sleep(time.Millisecond) {
		if t.Failed() {
			t.FailNow()
		}
	}
}

// check compares the log with what was acknowledged. Nothing but the last group, whose answer nobody waited for, may
// stand in it beside that.
func (w *survivor) check(t *testing.T, l ledger.Ledger) {
	t.Helper()
	var log []ledger.Position
	if err := l.Commits(t.Context(), 0, func(c *ledger.Commit) error {
		log = append(log, c.Position())
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(log) < len(w.acknowledged) || len(log) > len(w.acknowledged)+4 {
		t.Fatalf("%d commits, %d acknowledged", len(log), len(w.acknowledged))
	}
	for i, at := range w.acknowledged {
		if log[i] != at {
			t.Fatalf("position %d: commit %d is not the acknowledged one", i+1, at.Seq)
		}
	}
	_, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { t.Errorf("verify: %s", f) })
	if err != nil {
		t.Fatal(err)
	}
}

// server is a MongoDB of the test's own, to be killed.
type server struct {
	program, folder, port string
	command               *exec.Cmd
}

// startServer starts the server that DALIL_TEST_MONGODB_COMMAND names, on a free port.
func startServer(t *testing.T) *server {
	t.Helper()
	program := os.Getenv("DALIL_TEST_MONGODB_COMMAND")
	if program == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			t.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_COMMAND is not set")
		}
		t.Skip("needs a MongoDB that it may kill: set DALIL_TEST_MONGODB_COMMAND (deployments/test-mongodb command)")
	}
	s := &server{program: program, folder: filepath.Join(t.TempDir(), "data"), port: "0"}
	s.start(t)
	t.Cleanup(func() { s.kill(t) })
	return s
}

func (s *server) uri() string { return "mongodb://" + net.JoinHostPort("127.0.0.1", s.port) + "/" }

// start starts the server, again on the port that it had, and waits until it accepts.
func (s *server) start(t *testing.T) {
	t.Helper()
	s.command = exec.CommandContext(context.WithoutCancel(t.Context()), s.program,
		"--host", "127.0.0.1", "--port", s.port, "--storage-path", s.folder)
	output, err := s.command.StdoutPipe()
	if err == nil {
		err = s.command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "listening on "); ok {
			if _, s.port, err = net.SplitHostPort(strings.TrimSpace(address)); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("the server ended before it listened: %v", lines.Err())
}

func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	_ = s.command.Wait()
}
