package interchange

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"sync"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// rorBody is what is read of one organisation in schema 2.1 of the Research Organization Registry.
type rorBody struct {
	ID            string            `json:"id"`
	Status        string            `json:"status"`
	Types         []string          `json:"types"`
	Established   *int              `json:"established"`
	Names         []rorName         `json:"names"`
	Locations     []rorLocation     `json:"locations"`
	Links         []rorLink         `json:"links"`
	ExternalIDs   []rorExternalID   `json:"external_ids"`
	Relationships []rorRelationship `json:"relationships"`
}

type rorName struct {
	Lang  string   `json:"lang"`
	Types []string `json:"types"`
	Value string   `json:"value"`
}

type rorLocation struct {
	Details struct {
		Name        string   `json:"name"`
		Country     string   `json:"country_code"`
		Subdivision string   `json:"country_subdivision_code"`
		Lat         *float64 `json:"lat"`
		Lng         *float64 `json:"lng"`
	} `json:"geonames_details"`
}

type rorLink struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type rorExternalID struct {
	Type      string   `json:"type"`
	Preferred string   `json:"preferred"`
	All       []string `json:"all"`
}

type rorRelationship struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// rorLine is a line of the registry's file as it was read: an organisation, or what is wrong with it.
type rorLine struct {
	number        int
	actor         *directory.Actor
	withdrawn     bool
	relationships []rorRelationship
	notes         []*CellError
	fault         *CellError
}

// rorFile is a file of the registry while it is read.
type rorFile struct {
	name  string
	lines []*rorLine // in the order of the file, without those that have a fault
	byID  map[string]*rorLine
	notes []*CellError
	items []Item
}

// rorChunk is how many lines are decoded at a time.
const rorChunk = 256

// readROR reads the lines of the registry's file, already unpacked. The organisations come first, in the order of the
// file, then the relations. Faults are of lines that cannot be read; note is told what is left out, and where.
func readROR(ctx context.Context, name string, in *bufio.Reader, note func(*CellError)) ([]Item, []*CellError, error) {
	f := &rorFile{name: name, byID: make(map[string]*rorLine)}
	read, faults, err := f.decode(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	for _, line := range read {
		if line.fault == nil && f.byID[line.actor.ID] != nil {
			args := TwiceArgs(f.at(f.byID[line.actor.ID].number, ""), line.actor.ID)
			line.fault = &CellError{f.at(line.number, "/id"), fault.CodeRowTwice, args}
		}
		if line.fault != nil {
			faults = append(faults, line.fault)
			continue
		}
		f.byID[line.actor.ID] = line
		f.lines = append(f.lines, line)
		f.notes = append(f.notes, line.notes...)
	}
	f.partShared()
	f.relate()
	for _, n := range f.notes {
		note(n)
	}
	return f.items, faults, nil
}

// at is a place of the file: a line, and the member that it is about.
func (f *rorFile) at(line int, member string) Place {
	return Place{File: f.name, Row: line, Name: member}
}

// chunk is some lines in a row.
type chunk struct {
	first int // number of the first one
	texts [][]byte
	lines []*rorLine
}

// decode reads the lines and makes actors of them, on every processor.
func (f *rorFile) decode(ctx context.Context, in *bufio.Reader) ([]*rorLine, []*CellError, error) {
	var chunks []*chunk
	todo := make(chan *chunk)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for c := range todo {
				f.decodeChunk(c)
			}
		})
	}
	faults, err := f.scan(ctx, in, func(c *chunk) {
		chunks = append(chunks, c)
		todo <- c
	})
	close(todo)
	workers.Wait()
	var lines []*rorLine
	for _, c := range chunks {
		lines = append(lines, c.lines...)
	}
	return lines, faults, err
}

// scan cuts the file into chunks of lines.
func (f *rorFile) scan(ctx context.Context, in *bufio.Reader, yield func(*chunk)) (faults []*CellError, err error) {
	c := &chunk{first: 1}
	for number := 1; ; number++ {
		text, long, err := nextLine(in)
		if long {
			faults = append(faults, &CellError{f.at(number, ""), fault.CodeRowTooLong, fault.Args{"max": fault.Size(maxRowBytes)}})
			text = nil
		}
		if err == nil || errors.Is(err, io.EOF) {
			c.texts = append(c.texts, text)
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err() //nolint:wrapcheck // the caller's own
		case errors.Is(err, io.EOF):
			yield(c)
			return faults, nil
		case err != nil:
			yield(c)
			_, last, err := failed(f.at(number, ""), err)
			return append(faults, last...), err
		case len(c.texts) == rorChunk:
			yield(c)
			c = &chunk{first: number + 1}
		}
	}
}

func (f *rorFile) decodeChunk(c *chunk) {
	for i, text := range c.texts {
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		c.lines = append(c.lines, f.line(c.first+i, text))
	}
	c.texts = nil
}

// line makes an actor of one line.
func (f *rorFile) line(number int, text []byte) *rorLine {
	line := &rorLine{number: number}
	var body rorBody
	if err := json.Unmarshal(text, &body); err != nil {
		if line.fault = checkLine(f.at(number, ""), text); line.fault == nil {
			line.fault = &CellError{f.at(number, mistyped(err)), fault.CodeWrongType, nil}
		}
		return line
	}
	line.relationships, line.withdrawn = body.Relationships, body.Status == "withdrawn"
	line.actor = rorActor(&body)
	refused := prune(line.actor)
	for _, field := range refused.left {
		line.notes = append(line.notes, &CellError{f.at(number, field.Pointer), field.Code, field.Args})
	}
	for _, field := range refused.kept {
		line.fault = &CellError{f.at(number, field.Pointer), field.Code, field.Args}
	}
	if line.withdrawn {
		line.actor.Status = directory.Archived
	}
	return line
}

// mistyped returns the member of a line that is of another type than the registry's.
func mistyped(err error) string {
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		return string(wrong.JSONPointer)
	}
	return ""
}

// item is a record with the line that it was read from.
func (f *rorFile) item(r directory.Record, line int) Item {
	it := lineItem(r, f.name, line)
	it.ror = true
	return it
}
