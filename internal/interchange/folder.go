package interchange

import (
	"context"
	"io/fs"
)

// ReadFolder reads the CSV files of a folder into records, normalised and each with an id: where the file gives none,
// the one that follows from its content. A file may be absent, not all. Every fault found is returned, not only the
// first; the error is for a folder that cannot be read at all.
func ReadFolder(folder fs.FS) ([]Item, []*CellError, error) {
	inputs, err := folderInputs(folder)
	if err != nil {
		return nil, nil, err
	}
	items, faults, err := Read(context.Background(), inputs, ReadOptions{})
	if err != nil || len(faults) > 0 {
		return items, faults, err
	}
	identify(items)
	return items, repeated(items), nil
}
