package interchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// frameworkFaults reads frameworks.csv, if there is one. The framework codes are a vocabulary of the program and not
// records: the file is only checked against it, so that nobody thinks a code taken in that is not.
func frameworkFaults(folder fs.FS) ([]*CellError, error) {
	const name = "frameworks.csv"
	data, err := fs.ReadFile(folder, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		return []*CellError{unreadable(name, err)}, nil
	}
	var faults []*CellError
	for i, row := range rows {
		if i == 0 || len(row) < 2 {
			continue
		}
		if _, ok := directory.FrameworkTerm(row[0], row[1]); !ok {
			args := fault.Args{"value": row[1], "vocabulary": row[0]}
			faults = append(faults, &CellError{Place{name, i + 1, 2, "code"}, fault.CodeUnknownCode, args})
		}
	}
	return faults, nil
}
