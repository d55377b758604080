package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dalil/internal/fault"
)

// namesOfCodes are the constants of this package that are codes: CodeTooLong is too_long.
func namesOfCodes(t *testing.T) map[string]fault.Code {
	t.Helper()
	names := map[string]fault.Code{}
	files, err := filepath.Glob("codes_*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		ast.Inspect(parsed(t, file), func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
				if value, ok := spec.Values[0].(*ast.BasicLit); ok {
					names[spec.Names[0].Name] = fault.Code(strings.Trim(value.Value, `"`))
				}
			}
			return true
		})
	}
	return names
}

func parsed(t *testing.T, file string) *ast.File {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// given are the keys of the literal of Args that stands beside a code; known is false where it is no literal.
func given(beside []ast.Expr) (keys []string, known bool) {
	for _, e := range beside {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			e = pair.Value
		}
		literal, ok := e.(*ast.CompositeLit)
		if !ok {
			continue
		}
		if of, ok := literal.Type.(*ast.SelectorExpr); !ok || of.Sel.Name != "Args" {
			continue
		}
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.BasicLit); ok {
					keys = append(keys, strings.Trim(key.Value, `"`))
				}
			}
		}
		return keys, true
	}
	return nil, false
}

// codeIn returns the code that stands among some expressions.
func codeIn(list []ast.Expr) string {
	for _, e := range list {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			e = pair.Value
		}
		if of, ok := e.(*ast.SelectorExpr); ok && strings.HasPrefix(of.Sel.Name, "Code") {
			if from, ok := of.X.(*ast.Ident); ok && from.Name == "fault" {
				return of.Sel.Name
			}
		}
	}
	return ""
}

// unfilled says what a call or a literal that makes a fault leaves open of the code in it; "" for nothing.
func unfilled(n ast.Node, codes map[string]fault.Code) string {
	var parts []ast.Expr
	var bare bool // the fault has no Args, or they are said to be nil
	switch n := n.(type) {
	case *ast.CallExpr:
		of, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || len(n.Args) == 0 || !slices.Contains([]string{"Wrap", "New", "AtPointer", "AtParameter", "AtHeader", "add"}, of.Sel.Name) {
			return ""
		}
		parts = n.Args
		last, ok := parts[len(parts)-1].(*ast.Ident)
		bare = of.Sel.Name == "Wrap" || ok && last.Name == "nil"
	case *ast.CompositeLit:
		parts = n.Elts
		of, ok := n.Type.(*ast.SelectorExpr)
		if !ok || of.Sel.Name != "Error" && of.Sel.Name != "Field" {
			return ""
		}
		bare = !slices.ContainsFunc(parts, func(e ast.Expr) bool {
			pair, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			key, ok := pair.Key.(*ast.Ident)
			return ok && key.Name == "Args"
		})
	default:
		return ""
	}
	code := codeIn(parts)
	keys, known := given(parts)
	if code == "" || !known && !bare {
		return ""
	}
	for _, open := range fault.Placeholders(codes[code]) {
		if !slices.Contains(keys, open) {
			return code + " is said without {" + open + "}"
		}
	}
	return ""
}

func TestEveryFaultIsMadeWithWhatItsMessageLeavesOpen(t *testing.T) {
	t.Parallel()
	codes := namesOfCodes(t)
	if len(codes) < len(fault.Codes()) {
		t.Fatalf("%d names of %d codes were found", len(codes), len(fault.Codes()))
	}
	looked := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		ast.Inspect(parsed(t, path), func(n ast.Node) bool {
			if left := unfilled(n, codes); left != "" {
				t.Errorf("%s: %s", path, left)
			}
			looked++
			return true
		})
		return nil
	})
	if err != nil || looked < 100_000 {
		t.Errorf("%d nodes were looked at: %v", looked, err)
	}
}

func TestAFaultWithoutWhatItsMessageLeavesOpenIsSeen(t *testing.T) {
	t.Parallel()
	codes := namesOfCodes(t)
	for source, seen := range map[string]bool{
		`fault.Wrap(fault.NotFound, fault.CodeBadFile, err)`:                                          true,
		`fault.New(fault.Invalid, fault.CodeTooLong, nil)`:                                            true,
		`fault.New(fault.Invalid, fault.CodeTooLong, fault.Args{"min": 1})`:                           true,
		`fault.AtPointer("/x", fault.CodeTooLong, nil)`:                                               true,
		`fault.Error{Kind: fault.Invalid, Code: fault.CodeTooLong}`:                                   true,
		`fault.Field{Pointer: "/x", Code: fault.CodeTooLong}`:                                         true,
		`faults.add(at, fault.CodeTooLong, nil)`:                                                      true,
		`fault.Wrap(fault.NotFound, fault.CodeTimeout, err)`:                                          false,
		`fault.New(fault.Invalid, fault.CodeTooLong, fault.Args{"max": 1})`:                           false,
		`fault.New(fault.Invalid, fault.CodeTooLong, args)`:                                           false,
		`fault.Field{Pointer: "/x", Code: fault.CodeTooLong, Args: fault.Args{"max": 1, "more": ""}}`: false,
		`fault.Is(err, fault.CodeTooLong)`:                                                            false,
	} {
		e, err := parser.ParseExpr(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := unfilled(e, codes) != ""; got != seen {
			t.Errorf("%s: seen %v, want %v", source, got, seen)
		}
	}
}
