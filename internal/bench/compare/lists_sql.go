//go:build peers && linux

package main

import (
	"fmt"
	"slices"
	"strings"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// writer writes lists as statements for PostgreSQL.
type writer struct {
	day directory.Day
	// below are the functions and the initiatives below each, itself included: a filter by one means all of them.
	below map[string][]string
}

func newWriter(world []directory.Record, day directory.Day) *writer {
	w := &writer{day: day, below: make(map[string][]string)}
	parents := make(map[string]string)
	for _, r := range world {
		switch r := r.(type) {
		case *directory.Function:
			parents[r.ID] = r.Parent
		case *directory.Initiative:
			parents[r.ID] = r.Parent
		}
	}
	for id := range parents {
		for above := id; above != ""; above = parents[above] {
			w.below[above] = append(w.below[above], id)
		}
	}
	return w
}

// column says how a member is asked for.
type column struct {
	expr    string // of one value, or of an array of values
	array   bool
	deep    string // the table of what is above it
	through bool   // of actors: by their roles
}

func columnOf(kind directory.Kind, name string) column {
	roles := kind == directory.Roles
	switch name {
	case "group":
		return column{expr: alias(kind) + ".grp"}
	case "tag":
		return column{expr: alias(kind) + ".tags", array: true}
	case "territory":
		return column{expr: alias(kind) + ".territories", array: true}
	case "counterpart":
		return column{expr: "r.counterparts", array: true}
	case "function", "initiative":
		return column{expr: "r." + name, deep: name + "s_above", through: !roles}
	case "type", "raci":
		return column{expr: "r." + name, through: !roles}
	default:
		return column{expr: alias(kind) + "." + name}
	}
}

func alias(kind directory.Kind) string {
	if kind == directory.Roles {
		return "r"
	}
	return "a"
}

// conditions are those of some filters, with their arguments.
type conditions struct {
	own, through []string
	args         []any
}

// conditions returns those of all filters but one.
func (w *writer) conditions(q bench.ListQuery, but string) *conditions {
	c := new(conditions)
	for _, f := range q.Filters {
		if f.Name == but {
			continue
		}
		col, values := columnOf(q.Kind, f.Name), f.Values
		if col.deep != "" {
			values = nil
			for _, value := range f.Values {
				values = append(values, w.below[value]...)
			}
			slices.Sort(values)
			values = slices.Compact(values)
		}
		form := "%s = ANY(%s)"
		if col.array {
			form = "%s && %s"
		}
		text := fmt.Sprintf(form, col.expr, c.arg(values))
		if col.through {
			c.through = append(c.through, text)
		} else {
			c.own = append(c.own, text)
		}
	}
	return c
}

func (c *conditions) arg(value any) string {
	c.args = append(c.args, value)
	return fmt.Sprintf("$%d", len(c.args))
}

// holding are the conditions that roles meet which count for their actors.
func (w *writer) holding(c *conditions) []string {
	day := c.arg(int(w.day))
	return append([]string{"r.first_day <= " + day, "r.last_day >= " + day}, c.through...)
}

// where joins conditions.
func where(all ...string) string {
	if len(all) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(all, " AND ")
}

// from returns the records that conditions keep, from which on a statement goes on.
func (w *writer) from(q bench.ListQuery, c *conditions) string {
	if q.Kind == directory.Roles {
		return " FROM roles r" + where(c.own...)
	}
	own := slices.Clone(c.own)
	if len(c.through) > 0 {
		own = append(own, "a.ord IN (SELECT r.actor FROM roles r"+where(w.holding(c)...)+")")
	}
	return " FROM actors a" + where(own...)
}

// statements returns those of the items, of the total, and of each facet.
func (w *writer) statements(q bench.ListQuery) []statement {
	c := w.conditions(q, "")
	one := strings.TrimSuffix(string(q.Kind), "s")
	from := w.from(q, c)
	all := []statement{
		{fmt.Sprintf("SELECT t.record FROM (SELECT %[1]s.ord, %[1]s.id%[2]s ORDER BY %[1]s.id LIMIT 50) s JOIN %[3]s_records t USING (ord) ORDER BY s.id",
			alias(q.Kind), from, one), c.args},
		{"SELECT count(*)" + from, c.args},
	}
	for _, name := range q.Facets {
		all = append(all, w.facet(q, name))
	}
	return all
}

// facet counts the values of a member among what the filters by other members keep.
func (w *writer) facet(q bench.ListQuery, name string) statement {
	col, c := columnOf(q.Kind, name), w.conditions(q, name)
	switch {
	case col.through:
		return w.facetThrough(col, c)
	case col.array:
		return statement{"SELECT v, count(*) FROM (SELECT unnest(" + col.expr + ") v" + w.from(q, c) + ") s GROUP BY v", c.args}
	case col.deep != "":
		return statement{fmt.Sprintf("SELECT d.above, sum(s.n)::bigint FROM (SELECT %s v, count(*) n%s GROUP BY 1) s JOIN %s d ON d.%s = s.v GROUP BY 1",
			col.expr, w.from(q, c), col.deep, strings.TrimSuffix(col.deep, "s_above")), c.args}
	default:
		return statement{"SELECT " + col.expr + ", count(*)" + w.from(q, c) + " GROUP BY 1", c.args}
	}
}

// facetThrough counts the different actors by a member of their roles.
func (w *writer) facetThrough(col column, c *conditions) statement {
	value, join := col.expr, ""
	if col.deep != "" {
		value = "d.above"
		join = fmt.Sprintf(" JOIN %s d ON d.%s = %s", col.deep, strings.TrimSuffix(col.deep, "s_above"), col.expr)
	}
	conditions := w.holding(c)
	if len(c.own) > 0 {
		join += " JOIN actors a ON a.ord = r.actor"
		conditions = append(conditions, c.own...)
	}
	return statement{
		"SELECT v, count(*) FROM (SELECT DISTINCT " + value + " v, r.actor FROM roles r" + join + where(conditions...) + ") s GROUP BY v", c.args,
	}
}
