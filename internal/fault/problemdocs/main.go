// Command problemdocs writes docs/problems.md, the list of every code that an answer may carry; go generate starts it
// in internal/fault.
package main

import (
	"log"
	"os"
	"strings"

	"dalil/internal/fault"
)

const beginning = `# Problem codes

Every refusal is a problem document (RFC 9457, ` + "`application/problem+json`" + `). Its ` + "`code`" + `, and the one of each entry of
its ` + "`errors`" + `, is one of these; codes are never renamed. What stands in braces is filled in. The server answers the same
list at ` + "`/problems`" + `, in French, Arabic and English. This file is made by ` + "`go generate ./internal/fault`" + `.

| code | meaning |
|---|---|
`

func main() {
	var b strings.Builder
	b.WriteString(beginning)
	for _, code := range fault.Codes() {
		b.WriteString("| `" + string(code) + "` | " + strings.ReplaceAll(fault.Message("en", code, nil), "|", `\|`) + " |\n")
	}
	if err := os.WriteFile("../../docs/problems.md", []byte(b.String()), 0o644); err != nil { //nolint:gosec // a public document
		log.Fatal(err)
	}
}
