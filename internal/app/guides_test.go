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

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// blocks are the runnable examples of a guide: ```sh … ``` , and ```sh mongodb … ``` where one needs MongoDB.
var blocks = regexp.MustCompile("(?ms)^```sh( mongodb)?\n(.*?)^```$")

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
	database := guidesDatabase(t)
	ran := 0
	for _, guide := range guides {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir() // the blocks of a guide go on from each other
		for _, block := range blocks.FindAllSubmatch(text, -1) {
			if len(block[1]) > 0 && database == "" {
				continue
			}
			runBlock(t, server, database, programs, folder, filepath.Base(guide), string(block[2]))
			ran++
		}
	}
	if ran < 35 {
		t.Errorf("%d examples were found: the guides have more", ran)
	}
}

// guidesDatabase returns the address of a new MongoDB database for the guides' commands; "" when there is no server.
func guidesDatabase(t *testing.T) string {
	t.Helper()
	uri := os.Getenv("DALIL_TEST_MONGODB_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "mongodb") {
			t.Fatal("DALIL_TEST_REQUIRE asks for MongoDB, and DALIL_TEST_MONGODB_URI is not set")
		}
		return ""
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	db := client.Database("app_" + bson.NewObjectID().Hex())
	t.Cleanup(func() {
		if err := db.Drop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("dropping the guides' database: %v", err)
		}
		_ = client.Disconnect(context.WithoutCancel(t.Context()))
	})
	scheme, rest, _ := strings.Cut(uri, "://")
	hosts, tail, _ := strings.Cut(rest, "/")
	_, query, _ := strings.Cut(tail, "?")
	return scheme + "://" + hosts + "/" + db.Name() + "?" + query
}

// fenced are all blocks of a guide: what they are written in, and their text.
var fenced = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")

// elsewhere are the words of commands that cannot be run here: they need a machine or an engine of their own.
var elsewhere = regexp.MustCompile(`\b(systemctl|docker|kubectl)\b`)

func TestTheGuideForOperatorsShowsNoCommandsThatCouldBeRunAndAreNot(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range fenced.FindAllSubmatch(text, -1) {
		if !blocks.Match(block[0]) && !elsewhere.Match(block[2]) {
			t.Errorf("this block is not marked as sh:\n%s", block[2])
		}
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
func runBlock(t *testing.T, server running, database, programs, folder, guide, block string) {
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
	cmd.Env = append(os.Environ(), "DALIL="+server.url, "KEY="+server.key, "MONGODB="+database,
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
