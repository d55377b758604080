package fault_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"dalil/internal/fault"
)

var update = flag.Bool("update", false, "write docs/problems.md anew")

const (
	problemsPath      = "../../docs/problems.md"
	problemsBeginning = `# Problem codes

Every refusal is a problem document (RFC 9457, ` + "`application/problem+json`" + `). Its ` + "`code`" + `, and the one of each entry of
its ` + "`errors`" + `, is one of these; codes are never renamed. What stands in braces is filled in. The server answers the same
list at ` + "`/problems`" + `, in French, Arabic and English. This file is written by ` + "`go test ./internal/fault -update`" + `.

| code | meaning |
|---|---|
`
)

func TestTheListOfProblemCodesIsWhatTheCatalogueHolds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(problemsBeginning)
	for _, code := range fault.Codes() {
		b.WriteString("| `" + string(code) + "` | " + strings.ReplaceAll(fault.Template("en", code), "|", `\|`) + " |\n")
	}
	if *update {
		if err := os.WriteFile(problemsPath, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held, err := os.ReadFile(problemsPath)
	if err != nil {
		t.Fatal(err)
	}
	if string(held) != b.String() {
		t.Error("docs/problems.md is not what the catalogue holds; run: go test ./internal/fault -update")
	}
}
