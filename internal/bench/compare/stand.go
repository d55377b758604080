//go:build peers && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// stand is where everything is measured. What rows share is made when the first of them asks for it.
type stand struct {
	runs        int
	postgresBin string
	kept        string    // where the filled stores are kept; "" where they are not
	out         io.Writer // what is under way
	began       time.Time

	folder   string
	closers  []func() error
	records  []directory.Record // of the registry
	world    []directory.Record // with roles and all they are about
	program  string             // path of dalil
	store    string             // path of a store that holds the world
	server   *server            // that serves it
	postgres *postgres          // that holds the same
	charts   []string           // to be printed below the table
}

// measure measures rows, prints the table, and removes what it has made.
func (s *stand) measure(ctx context.Context, chosen []row, out io.Writer) (err error) {
	if s.folder, err = os.MkdirTemp("", "dalil-compare-"); err != nil {
		return err
	}
	s.closers = append(s.closers, func() error { return os.RemoveAll(s.folder) })
	if s.kept == "" {
		s.kept = s.folder
	} else if err := os.MkdirAll(s.kept, 0o755); err != nil {
		return err
	}
	defer func() {
		for _, end := range slices.Backward(s.closers) {
			err = errors.Join(err, end())
		}
	}()
	var lines []line
	for _, r := range chosen {
		s.tell("measuring %s", r.name)
		more, err := r.measure(ctx, s)
		if err != nil {
			return fmt.Errorf("measuring %s: %w", r.name, err)
		}
		lines = append(lines, more...)
		if err := printTable(s.out, more); err != nil {
			return err
		}
	}
	s.tell("done")
	if _, err := fmt.Fprintf(out, "%s, %d processors, %s; medians of %d\n\n", processor(), runtime.NumCPU(), runtime.Version(), s.runs); err != nil {
		return err
	}
	if err := printTable(out, lines); err != nil {
		return err
	}
	for _, chart := range s.charts {
		if _, err := fmt.Fprintf(out, "\n%s", chart); err != nil {
			return err
		}
	}
	return nil
}

// tell says what is under way.
func (s *stand) tell(format string, args ...any) {
	_, _ = fmt.Fprintf(s.out, "%5.0f s  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

// worldSeed makes the world.
const worldSeed = 1

// data returns the registry's records, and the world about them.
func (s *stand) data(ctx context.Context) (records, world []directory.Record, err error) {
	if s.records == nil {
		s.tell("reading the organisations")
		if s.records, err = bench.Read(ctx); err != nil {
			return nil, nil, err
		}
		s.world = bench.World(s.records, bench.Country(), worldSeed)
	}
	return s.records, s.world, nil
}

// filled returns the path of a store that holds the world. It must not be changed; see copied.
func (s *stand) filled(ctx context.Context) (string, error) {
	if s.store != "" {
		return s.store, nil
	}
	path := filepath.Join(s.kept, "world.db")
	if _, err := os.Stat(path); err != nil {
		_, world, err := s.data(ctx)
		if err != nil {
			return "", err
		}
		s.tell("importing %d records into Dalil", len(world))
		half := filepath.Join(s.folder, "half.db")
		if err := importInto(ctx, half, world); err != nil {
			return "", err
		}
		if err := copyFile(path+".half", half); err != nil { // the folders may be on two disks
			return "", err
		}
		if err := errors.Join(os.Rename(path+".half", path), os.Remove(half)); err != nil {
			return "", err
		}
	}
	s.store = path
	return path, nil
}

// served returns a server on the world that nobody writes to.
func (s *stand) served(ctx context.Context) (*server, error) {
	if s.server != nil {
		return s.server, nil
	}
	store, err := s.copied(ctx, "served.db")
	if err != nil {
		return nil, err
	}
	if s.server, err = s.serve(ctx, store); err != nil {
		return nil, err
	}
	s.closers = append(s.closers, s.server.stop)
	return s.server, nil
}

// copied returns the path of a copy of the store.
func (s *stand) copied(ctx context.Context, name string) (string, error) {
	store, err := s.filled(ctx)
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.folder, name)
	return path, copyFile(path, store)
}

func copyFile(to, from string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// loaded returns a PostgreSQL that holds the world.
func (s *stand) loaded(ctx context.Context) (*postgres, error) {
	if s.postgres != nil {
		return s.postgres, nil
	}
	_, world, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	s.tell("starting PostgreSQL")
	p, err := startPostgres(ctx, s.postgresBin, filepath.Join(s.kept, "postgres"))
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, p.stop)
	if err := p.fill(ctx, world, s.tell); err != nil {
		return nil, err
	}
	s.postgres = p
	return p, nil
}

// today is the day that Dalil takes as today.
func today() (directory.Day, error) {
	zone, err := time.LoadLocation("Africa/Casablanca")
	if err != nil {
		return 0, err
	}
	first, _ := directory.Date(time.Now().In(zone).Format(time.DateOnly)).Span()
	return first, nil
}
