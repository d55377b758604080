package app_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks are the runnable examples of a guide: ```sh … ``` .
var blocks = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

func TestTheGuidesCommandsWork(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "curl") {
				t.Fatalf("%s is required: %v", program, err)
			}
			t.Skipf("the guides' commands need %s", program)
		}
	}
	server := startServer(t, "--sample")
	programs := buildProgram(t)
	guides, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, guide := range guides {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir() // the blocks of a guide go on from each other
		for _, block := range blocks.FindAllSubmatch(text, -1) {
			runBlock(t, server, programs, folder, filepath.Base(guide), string(block[1]))
			ran++
		}
	}
	if ran < 15 {
		t.Errorf("%d examples were found: the guides have more", ran)
	}
}

// buildProgram builds dalil, and returns the folder that it is in.
func buildProgram(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(folder, "dalil"), "dalil/cmd/dalil").CombinedOutput()
	if err != nil {
		t.Fatalf("building dalil: %v: %s", err, out)
	}
	return folder
}

// runBlock runs one example and looks for what it says that the answer holds.
func runBlock(t *testing.T, server running, programs, folder, guide, block string) {
	t.Helper()
	var script, wants []string
	for line := range strings.SplitSeq(block, "\n") {
		if want, ok := strings.CutPrefix(line, "#=> "); ok {
			wants = append(wants, want)
			continue
		}
		script = append(script, line)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "bash", "-euo", "pipefail", "-c", strings.Join(script, "\n"))
	cmd.Env = append(os.Environ(), "DALIL="+server.url, "KEY="+server.key,
		"PATH="+programs+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.Dir = folder
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", guide, err, strings.Join(script, "\n"), out.String())
		return
	}
	for _, want := range wants {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: the answer to\n%s\nlacks %s:\n%s", guide, strings.Join(script, "\n"), want, out.String())
		}
	}
}
