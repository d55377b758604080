package interchange

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// readPackage reads a zip: a workbook, or the files of a folder as an export packs them.
func readPackage(ctx context.Context, in io.Reader, name string, opts ReadOptions) ([]Item, []*CellError, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxWorkbookBytes+1))
	if err != nil {
		return failed(Place{File: name}, err)
	}
	if code, args := judgePackage(data); code != "" {
		return nil, []*CellError{{Place{File: name}, code, args}}, nil
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return failed(Place{File: name}, err)
	}
	for _, part := range archive.File {
		if strings.HasPrefix(partName(part.Name), "xl/") {
			return readWorkbook(ctx, archive, name)
		}
	}
	return readPacked(ctx, archive, name, opts)
}

// readPacked reads the known files of a zip, in the order in which their records refer to each other.
func readPacked(ctx context.Context, archive *zip.Reader, name string, opts ReadOptions) (items []Item, faults []*CellError, err error) {
	found := false
	for _, kind := range append(directory.Kinds(), frameworksKind) {
		for _, part := range archive.File {
			if k, ok := kindOfFile(part.Name); !ok || k != kind || part.FileInfo().IsDir() {
				continue
			}
			found = true
			read, bad, err := readPart(ctx, part, name, opts)
			if err != nil {
				return nil, nil, err
			}
			items, faults = append(items, read...), append(faults, bad...)
		}
	}
	if !found {
		faults = append(faults, &CellError{Place{File: name}, fault.CodeNoFiles, fault.Args{"expected": fileNames()}})
	}
	return items, faults, nil
}

// readPart reads one file of a zip, which holds no zip in turn.
func readPart(ctx context.Context, part *zip.File, name string, opts ReadOptions) (items []Item, faults []*CellError, err error) {
	at := Place{File: name + "/" + part.Name}
	file, err := part.Open()
	if err != nil {
		return nil, []*CellError{{at, fault.CodeBadFile, fault.Args{"what": "zip"}}}, nil
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in := &packed{src: file}
	items, faults, err = readContent(ctx, in, at.File, opts, nil)
	if in.damaged {
		return nil, []*CellError{{at, fault.CodeBadFile, fault.Args{"what": "zip"}}}, ctx.Err()
	}
	return items, faults, err
}

// packed notes that a file of a zip is damaged.
type packed struct {
	src     io.Reader
	damaged bool
}

func (p *packed) Read(b []byte) (int, error) {
	n, err := p.src.Read(b)
	p.damaged = p.damaged || errors.Is(err, zip.ErrChecksum) || errors.Is(err, zip.ErrFormat)
	return n, err //nolint:wrapcheck // a reader passes errors on
}
