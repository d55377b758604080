package app

import (
	"errors"
	"fmt"
	"strings"

	"dalil/internal/fault"
)

// describe says an error to whoever typed the command. A fault is said by the catalogue; the cause behind it follows,
// since this reader runs the machine.
func describe(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err.Error()
	}
	lines := []string{fault.Message("en", f.Code, f.Args)}
	for _, field := range f.Fields {
		lines = append(lines, fmt.Sprintf("  %s%s%s: %s", field.Pointer, field.Parameter, field.Header, fault.Message("en", field.Code, field.Args)))
	}
	if f.Err != nil {
		lines = append(lines, "  cause: "+f.Err.Error())
	}
	return strings.Join(lines, "\n")
}
