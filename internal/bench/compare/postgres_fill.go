//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// tables is what a team would keep: narrow tables for what is asked, the records' text in tables of its own so that
// counting does not read it, and what follows from other records (the group and the country of a role's actor, its
// effective period in days, the territories with those above them) worked out when it is written.
const tables = `
CREATE EXTENSION pg_trgm;
CREATE TABLE actors (
	ord int NOT NULL, id text NOT NULL, kind text NOT NULL, grp text NOT NULL, country text, state text,
	tags text[] NOT NULL, territories text[] NOT NULL);
CREATE TABLE actor_records (ord int NOT NULL, record text NOT NULL);
CREATE TABLE actor_names (ord int NOT NULL, name text NOT NULL);
CREATE TABLE roles (
	ord int NOT NULL, id text NOT NULL, actor int NOT NULL, type text NOT NULL, raci text, function text, initiative text,
	territories text[] NOT NULL, counterparts text[] NOT NULL, confidence text, grp text NOT NULL, country text,
	first_day int NOT NULL, last_day int NOT NULL);
CREATE TABLE role_records (ord int NOT NULL, record text NOT NULL);
CREATE TABLE functions_above (function text NOT NULL, above text NOT NULL);
CREATE TABLE initiatives_above (initiative text NOT NULL, above text NOT NULL);
`

// indexes are the best that were found for these questions: of one member each, which bitmaps combine; GIN for what has
// several values; and covering ones for what is counted by roles. That for names is made where names are searched.
const indexes = `
ALTER TABLE actors ADD PRIMARY KEY (ord);
CREATE UNIQUE INDEX ON actors (id) INCLUDE (ord);
CREATE INDEX ON actors (grp, kind, state, country);
CREATE INDEX ON actors (country, grp, kind, state);
CREATE INDEX ON actors USING gin (tags);
CREATE INDEX ON actors USING gin (territories);
ALTER TABLE actor_records ADD PRIMARY KEY (ord);
ALTER TABLE roles ADD PRIMARY KEY (ord);
CREATE UNIQUE INDEX ON roles (id) INCLUDE (ord);
CREATE INDEX ON roles (actor, type, function, first_day, last_day);
CREATE INDEX ON roles (type, function, first_day, last_day, actor);
CREATE INDEX ON roles (function, grp, actor);
CREATE INDEX ON roles (function, type, first_day, last_day, actor);
CREATE INDEX ON roles (initiative, type);
CREATE INDEX ON roles (type, confidence, function, grp, actor);
CREATE INDEX ON roles (grp, country, type);
CREATE INDEX ON roles (country, grp, type);
CREATE INDEX ON roles USING gin (territories);
CREATE INDEX ON roles USING gin (counterparts);
ALTER TABLE role_records ADD PRIMARY KEY (ord);
CREATE INDEX ON functions_above (function, above);
CREATE INDEX ON initiatives_above (initiative, above);
`

// fill copies the live records of a world and makes the indexes, unless an earlier run has, and warms the cache.
func (p *postgres) fill(ctx context.Context, world []directory.Record, tell func(string, ...any)) error {
	f := newFilling(world)
	p.actors = f.byOrd
	var there bool
	if err := p.QueryRow(ctx, "SELECT to_regclass('filled') IS NOT NULL").Scan(&there); err != nil {
		return err
	}
	if !there {
		tell("copying %d records into PostgreSQL", len(world))
		if err := p.copy(ctx, f); err != nil {
			return err
		}
	}
	return p.warm(ctx)
}

// copy makes the tables and their indexes. The last table says that all of them are there.
func (p *postgres) copy(ctx context.Context, f *filling) error {
	if _, err := p.Exec(ctx, tables); err != nil {
		return err
	}
	for _, t := range []struct {
		name    string
		columns []string
		rows    [][]any
	}{
		{"actors", []string{"ord", "id", "kind", "grp", "country", "state", "tags", "territories"}, f.actors},
		{"actor_records", []string{"ord", "record"}, f.actorRecords},
		{"actor_names", []string{"ord", "name"}, f.names},
		{"roles", []string{
			"ord", "id", "actor", "type", "raci", "function", "initiative", "territories", "counterparts", "confidence",
			"grp", "country", "first_day", "last_day",
		}, f.roles},
		{"role_records", []string{"ord", "record"}, f.roleRecords},
		{"functions_above", []string{"function", "above"}, f.functions},
		{"initiatives_above", []string{"initiative", "above"}, f.initiatives},
	} {
		if _, err := p.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("copying %s: %w", t.name, err)
		}
	}
	if f.err != nil {
		return f.err
	}
	if _, err := p.Exec(ctx, indexes); err != nil {
		return fmt.Errorf("making the indexes: %w", err)
	}
	if _, err := p.Exec(ctx, "VACUUM (ANALYZE, FREEZE)"); err != nil {
		return err
	}
	_, err := p.Exec(ctx, "CREATE TABLE filled ()")
	return err
}

// warm reads every table and index into the cache.
func (p *postgres) warm(ctx context.Context) error {
	_, err := p.Exec(ctx, `CREATE EXTENSION IF NOT EXISTS pg_prewarm;
		SELECT pg_prewarm(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relnamespace = 'public'::regnamespace`)
	return err
}

// filling turns records into rows.
type filling struct {
	actors, actorRecords, names, roles, roleRecords, functions, initiatives [][]any

	err          error // the first one of encoding
	byOrd        []*directory.Actor
	actorOf      map[string]*directory.Actor
	ordOf        map[string]int
	initiativeOf map[string]*directory.Initiative
}

func newFilling(world []directory.Record) *filling {
	f := &filling{
		actorOf: make(map[string]*directory.Actor), ordOf: make(map[string]int), initiativeOf: make(map[string]*directory.Initiative),
	}
	parents := make(map[directory.Ref]string)
	for _, r := range world {
		switch r := r.(type) {
		case *directory.Actor:
			if r.Status != directory.Archived {
				f.actor(r)
			}
		case *directory.Function:
			parents[directory.Ref{Kind: directory.Functions, ID: r.ID}] = r.Parent
		case *directory.Initiative:
			parents[directory.Ref{Kind: directory.Initiatives, ID: r.ID}] = r.Parent
			f.initiativeOf[r.ID] = r
		}
	}
	for ref := range parents {
		for above := ref; above.ID != ""; above.ID = parents[above] {
			if ref.Kind == directory.Functions {
				f.functions = append(f.functions, []any{ref.ID, above.ID})
			} else {
				f.initiatives = append(f.initiatives, []any{ref.ID, above.ID})
			}
		}
	}
	for _, r := range world {
		if r, ok := r.(*directory.Role); ok {
			f.role(r)
		}
	}
	return f
}

func (f *filling) actor(a *directory.Actor) {
	ord := len(f.actors)
	f.actorOf[a.ID], f.ordOf[a.ID], f.byOrd = a, ord, append(f.byOrd, a)
	f.actors = append(f.actors, []any{ord, a.ID, a.Kind, a.Group, unset(a.Country), unset(a.State), list(a.Tags), withAbove(a.Territories)})
	f.actorRecords = append(f.actorRecords, []any{ord, f.text(a)})
	for _, name := range bench.NamesOf(a) {
		f.names = append(f.names, []any{ord, directory.Fold(name)})
	}
}

func (f *filling) role(r *directory.Role) {
	ord, a := len(f.roles), f.actorOf[r.Actor]
	held := r.EffectivePeriod(f.initiativeOf[r.Initiative], a)
	f.roles = append(f.roles, []any{
		ord, r.ID, f.ordOf[r.Actor], r.Type, unset(r.Letter()), unset(r.Function), unset(r.Initiative), withAbove(r.Territories),
		list(r.Counterparts), unset(r.Confidence), a.Group, unset(a.Country), int(held.First), int(held.Last),
	})
	f.roleRecords = append(f.roleRecords, []any{ord, f.text(r)})
}

func (f *filling) text(r directory.Record) string {
	text, err := directory.Encode(r)
	if err != nil && f.err == nil {
		f.err = err
	}
	return string(text)
}

// unset is NULL for "".
func unset(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// list is never NULL.
func list(values []string) []string { return append([]string{}, values...) }

// withAbove adds to territories those that they lie in.
func withAbove(codes []string) []string {
	all := list(codes)
	for _, code := range codes {
		for above := directory.TerritoryParent(code); above != ""; above = directory.TerritoryParent(above) {
			if !slices.Contains(all, above) {
				all = append(all, above)
			}
		}
	}
	return all
}
