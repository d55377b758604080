package app_test

import (
	"bytes"
	"context"
	"io/fs"
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

// spans are runnable examples within a sentence.
var spans = regexp.MustCompile("`(curl [^`\n]+)`")

// guides are the files whose examples are run.
func guides(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(all, "../../README.md")
}

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
	database := guidesDatabase(t)
	ran := 0
	for _, guide := range guides(t) {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir() // the blocks of a guide go on from each other
		sources, err := filepath.Abs("../../internal")
		if err == nil {
			err = os.Symlink(sources, filepath.Join(folder, "internal")) // as in the repository, which they are typed in
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, span := range spans.FindAllSubmatch(text, -1) {
			example := strings.Replace(string(span[1]), "curl ", "curl -fsS ", 1) // a refusal is no example
			runBlock(t, server, database, programs, folder, filepath.Base(guide), example)
			ran++
		}
		for _, block := range blocks.FindAllSubmatch(text, -1) {
			if len(block[1]) > 0 && database == "" {
				continue
			}
			runBlock(t, server, database, programs, folder, filepath.Base(guide), string(block[2]))
			ran++
		}
	}
	if ran < 45 {
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

// typed is a line that runs dalil, or asks a server.
var typed = regexp.MustCompile(`(?m)^(go run \./cmd/dalil|dalil|curl|DALIL_[A-Z_]+=\S+ dalil) .*$`)

// elsewhere are commands that cannot be run here: they need a machine or an engine of their own, or end on Ctrl-C only.
var elsewhere = regexp.MustCompile(`\b(systemctl|docker|kubectl|dalil serve)\b`)

func TestTheGuidesShowNoCommandsThatCouldBeRunAndAreNot(t *testing.T) {
	t.Parallel()
	for _, guide := range guides(t) {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range fenced.FindAllSubmatch(text, -1) {
			bare := filepath.Base(guide) == "operations.md" || typed.Match(block[2])
			if bare && !blocks.Match(block[0]) && !elsewhere.Match(block[2]) {
				t.Errorf("%s: this block is not marked as sh:\n%s", guide, block[2])
			}
		}
	}
}

func TestTheCommandsForAMongoDBOfYourOwnNameEveryPackageThatTestsOnOne(t *testing.T) {
	t.Parallel()
	needs := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("DALIL_TEST_MONGODB_URI")) && bytes.Contains(text, []byte("mongo.Connect")) {
			needs["./internal/"+strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")] = true
		}
		return err
	})
	delete(needs, "./internal/bench") // measures, and tests nothing
	if err != nil || len(needs) < 4 {
		t.Fatalf("%v %v", needs, err)
	}
	for _, guide := range []string{"../../README.md", "../../docs/testing-on-mongodb.md"} {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		command := regexp.MustCompile(`(?m)^.*go test .*\./internal/ledger/.*$`).FindString(string(text))
		for folder := range needs {
			named := false
			for word := range strings.FieldsSeq(command) {
				named = named || strings.HasPrefix(folder+"/", strings.TrimSuffix(word, "...")) && strings.HasPrefix(word, "./")
			}
			if !named {
				t.Errorf("%s: %q leaves out %s", guide, command, folder)
			}
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

// asTested makes of what people type what runs here: the program that is built, and the server of the test.
func asTested(script, url string) string {
	return strings.NewReplacer("go run ./cmd/dalil", "dalil", "http://localhost:8080", url).Replace(script)
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
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "bash", "-euo", "pipefail", "-c", asTested(strings.Join(script, "\n"), server.url))
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
