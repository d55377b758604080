package ledgertest

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dalil/internal/fault"
	"dalil/internal/ledger"
)

// The environment of a child process.
const (
	targetVariable  = "DALIL_LEDGERTEST_TARGET"
	seedVariable    = "DALIL_LEDGERTEST_SEED"
	commitsVariable = "DALIL_LEDGERTEST_COMMITS"
	sizesVariable   = "DALIL_LEDGERTEST_SIZES"
)

// IsChild tells whether this process was started as an appending child.
func IsChild() bool { return os.Getenv(targetVariable) != "" }

// RunChild is the main function of a child process: it opens the store and appends as fast as it can, and writes one
// line for each commit that is durable, once Append has said so. It returns the exit code.
func RunChild(open func(target string) (ledger.Ledger, error)) int {
	l, err := open(os.Getenv(targetVariable))
	if fault.Is(err, fault.CodeStoreLocked) {
		say("locked")
		return 0
	}
	if err == nil {
		err = childAppends(l)
		err = errors.Join(err, l.Close())
	}
	if err != nil {
		say("error " + err.Error())
		return 1
	}
	say("done")
	return 0
}

func childAppends(l ledger.Ledger) error {
	seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	if err != nil {
		return fmt.Errorf("reading the seed: %w", err)
	}
	commits, err := strconv.Atoi(os.Getenv(commitsVariable))
	if err != nil {
		return fmt.Errorf("reading the number of commits: %w", err)
	}
	scribe := NewScribe(seed)
	a := &Appender{Ledger: l, Scribe: scribe, Sizes: smallGroups(scribe), Acknowledged: acknowledge}
	if os.Getenv(sizesVariable) == "mixed" {
		a.Sizes = mixedGroups(scribe)
	}
	if err := a.catchUp(context.Background()); err != nil {
		return err
	}
	say("open")
	return a.Run(context.Background(), commits)
}

// acknowledge writes one line with one system call, so that a killed child has said all or nothing of it.
func acknowledge(c *ledger.Commit) error {
	return write(fmt.Sprintf("ack %d %s", c.Seq, hex.EncodeToString(c.Hash[:])))
}

func write(line string) error {
	_, err := os.Stdout.WriteString(line + "\n")
	return err //nolint:wrapcheck // it only ends the child
}

// say writes a line. A child whose parent no longer listens has nobody to complain to.
func say(line string) { _ = write(line) }

// mixedGroups returns sizes of groups: mostly small, now and then a commit with more changes than stand inline.
func mixedGroups(s *Scribe) func() []int {
	small := smallGroups(s)
	return func() []int {
		if s.Rand().IntN(40) == 0 {
			return []int{1, ledger.InlineChanges + 1 + s.Rand().IntN(500), 2}
		}
		return small()
	}
}

// Child is an appending child process.
type Child struct {
	Command *exec.Cmd
	lines   chan string // closed at the end of its output
}

// ChildCommand returns a command that runs this test binary as a child, appending so many commits to the store; sizes
// is "small" or "mixed". Arguments of wrap, if any, stand before it.
func ChildCommand(ctx context.Context, s *Store, seed uint64, commits int, sizes string, wrap ...string) *exec.Cmd {
	arguments := append(slices.Clone(wrap), os.Args[0])
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	command.Env = append(os.Environ(),
		targetVariable+"="+s.Target, seedVariable+"="+strconv.FormatUint(seed, 10),
		commitsVariable+"="+strconv.Itoa(commits), sizesVariable+"="+sizes)
	command.Stderr = os.Stderr
	return command
}

// startChild starts a child, which ends with the test at the latest.
func startChild(tb testing.TB, s *Store, seed uint64, commits int, sizes string) *Child {
	tb.Helper()
	c := &Child{Command: ChildCommand(tb.Context(), s, seed, commits, sizes), lines: make(chan string, 1024)}
	output, err := c.Command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Command.Start(); err != nil {
		tb.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(c.lines)
		reader := bufio.NewReader(output)
		for {
			line, err := reader.ReadString('\n')
			if err != nil { // half a line says nothing
				_, _ = io.Copy(io.Discard, reader)
				return
			}
			c.lines <- strings.TrimSuffix(line, "\n")
		}
	}()
	tb.Cleanup(func() {
		_ = c.Command.Process.Kill()
		go func() {
			for range c.lines { // let the reader come to its end
			}
		}()
		<-read
		_ = c.Command.Wait()
	})
	return c
}

// Line returns the next line of the child's output; "" at its end.
func (c *Child) Line(tb testing.TB) string {
	tb.Helper()
	return receive(tb, "a line of a child process", c.lines)
}

// Finish reads the child's output to its end, which must be a good one, and returns what was acknowledged.
func (c *Child) Finish(tb testing.TB) []ledger.Position {
	tb.Helper()
	acks, last := c.Rest(tb)
	if last != "done" {
		tb.Errorf("the child ended with %q", last)
	}
	return acks
}

// Rest reads the child's output to its end, and returns what was acknowledged and the last line.
func (c *Child) Rest(tb testing.TB) (acks []ledger.Position, last string) {
	tb.Helper()
	for {
		line := c.Line(tb)
		if line == "" {
			return acks, last
		}
		last = line
		if position, ok := parseAck(line); ok {
			acks = append(acks, position)
		}
	}
}

// parseAck reads a line of acknowledge.
func parseAck(line string) (ledger.Position, bool) {
	var (
		p    ledger.Position
		hash string
	)
	if _, err := fmt.Sscanf(line, "ack %d %s", &p.Seq, &hash); err != nil {
		return p, false
	}
	raw, err := hex.DecodeString(hash)
	if err != nil || len(raw) != len(p.Hash) {
		return p, false
	}
	p.Hash = ledger.Digest(raw)
	return p, true
}
