package interchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Input is a file on a disk or of an upload. Its name is its path for people, and tells the format and the kind.
type Input struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// ReadOptions say what a file does not say itself.
type ReadOptions struct {
	Kind directory.Kind // of the records of a file whose name does not say it; "" for none
	// Note is told what was left out of a file on purpose, and where; nil when nobody asks.
	Note func(*CellError)
	// Refused is given each row that has a fault, as far as it can be read, so that it can be judged with the others and
	// they be told what they miss; nil when nobody asks.
	Refused func(Item)
}

func (o ReadOptions) note(left *CellError) {
	if o.Note != nil {
		o.Note(left)
	}
}

// Inputs returns the file at a path or, of a folder, the files that are known by their names, in the order in which
// their records refer to each other. Of a folder left tells which of its tables have other names, and are not read.
func Inputs(name string) (inputs []Input, left []*CellError, err error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fault.New(fault.NotFound, fault.CodeNoFile, fault.Args{"path": name})
	}
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, fault.CodeBadFile, fault.Args{"what": err.Error()})
	}
	if !info.IsDir() {
		return []Input{{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }}}, nil, nil
	}
	folder := os.DirFS(name)
	if inputs, err = folderInputs(folder); err != nil {
		return nil, nil, err
	}
	for i := range inputs {
		inputs[i].Name = filepath.Join(name, inputs[i].Name)
	}
	left, err = unknownTables(folder, name)
	return inputs, left, err
}

// folderInputs returns the known files of a folder.
func folderInputs(folder fs.FS) ([]Input, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reading the folder: %w", err)
	}
	var inputs []Input
	for _, kind := range append(directory.Kinds(), frameworksKind) {
		for _, e := range entries {
			name := e.Name()
			if k, ok := kindOfFile(name); ok && k == kind && !e.IsDir() {
				inputs = append(inputs, Input{Name: name, Open: func() (io.ReadCloser, error) { return folder.Open(name) }})
			}
		}
	}
	if len(inputs) == 0 {
		return nil, fault.New(fault.Invalid, fault.CodeNoFiles, fault.Args{"expected": fileNames()})
	}
	return inputs, nil
}

// unknownTables are the files of a folder that look like tables of a directory, but for their names.
func unknownTables(folder fs.FS, name string) (left []*CellError, err error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("reading the folder: %w", err)
	}
	for _, e := range entries {
		if _, ok := kindOfFile(e.Name()); ok || e.IsDir() {
			continue
		}
		switch stem, ext := extensionOf(e.Name()); ext {
		case "csv", "tsv", "xlsx", "xlsm", "ndjson", "jsonl":
			if stem != "" {
				at := Place{File: filepath.Join(name, e.Name())}
				left = append(left, &CellError{at, fault.CodeFileLeftOut, fault.Args{"expected": fileNames()}})
			}
		}
	}
	return left, nil
}

// extensionOf parts the name of a file, in small letters, from what tells its format; what a program keeps beside a file
// that it has open has no name.
func extensionOf(name string) (stem, ext string) {
	base := strings.ToLower(path.Base(filepath.ToSlash(name)))
	if strings.HasPrefix(base, "~") || strings.HasPrefix(base, ".") {
		return "", ""
	}
	stem, ext, _ = strings.Cut(strings.TrimSuffix(base, ".gz"), ".")
	return stem, ext
}

// frameworksKind stands for the file of framework codes, which are no records.
const frameworksKind directory.Kind = "frameworks"

// kindOfFile returns the kind of record that a file is named after, as a sheet is: actors.csv, Acteurs.csv,
// actors.ndjson.gz.
func kindOfFile(name string) (directory.Kind, bool) {
	stem, ext := extensionOf(name)
	switch ext {
	case "csv", "tsv", "txt", "xlsx", "xlsm", "ndjson", "jsonl", "json":
	default:
		return "", false
	}
	if stem == string(frameworksKind) {
		return frameworksKind, true
	}
	return kindOfSheet(stem)
}

// namedLines tells whether a file is named as JSON lines are.
func namedLines(name string) bool {
	switch path.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz")) {
	case ".ndjson", ".jsonl", ".json":
		return true
	default:
		return false
	}
}

// Read reads files of any format. Every fault found is returned, by place, not only the first; the records of rows that
// have one are not among the items. The error is for a file that cannot be opened at all, or for a context that ended.
func Read(ctx context.Context, inputs []Input, opts ReadOptions) (items []Item, faults []*CellError, err error) {
	for _, in := range inputs {
		read, bad, err := readInput(ctx, in, opts)
		if err != nil {
			return nil, nil, err
		}
		items = append(items, withUnreadable(read, bad, opts)...)
		faults = append(faults, bad...)
	}
	faults = append(faults, repeated(items)...)
	SortByPlace(faults)
	return parted(items, opts), faults, nil
}

// parted returns the items that have no fault, and hands the others to who asks for them.
func parted(items []Item, opts ReadOptions) []Item {
	good := items[:0]
	for _, it := range items {
		switch {
		case !it.wrong:
			good = append(good, it)
		case opts.Refused != nil:
			opts.Refused(it)
		}
	}
	clear(items[len(good):])
	return good
}

// readInput reads one file.
func readInput(ctx context.Context, in Input, opts ReadOptions) (items []Item, faults []*CellError, err error) {
	file, err := in.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", in.Name, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return readContent(ctx, file, in.Name, opts, readPackage)
}

// repeated finds the rows whose id an earlier row of their kind has.
func repeated(items []Item) []*CellError {
	var faults []*CellError
	seen := make(map[directory.Ref]*Item, len(items))
	for i := range items {
		it := &items[i]
		ref := directory.Ref{Kind: it.Record.RecordKind(), ID: it.Record.Head().ID}
		if ref.ID == "" || it.bare {
			continue
		}
		first := seen[ref]
		if first == nil {
			seen[ref] = it
			continue
		}
		faults = append(faults, &CellError{it.Place("/id"), fault.CodeRowTwice, TwiceArgs(first.Place(""), ref.ID)})
		it.wrong = true
	}
	return faults
}

// fileNames says how the files of a directory may be named.
func fileNames() string { return kindNames() + " (.csv, .xlsx, .ndjson)" }

// kindNames lists the kinds, as files, sheets and lines name them.
func kindNames() string {
	names := make([]string, 0, 6)
	for _, kind := range directory.Kinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}
