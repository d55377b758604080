package service

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// ImportCounts says how many records are new, have changed, or are as they were.
type ImportCounts struct{ Created, Changed, Unchanged int }

func (c *ImportCounts) add(item *planned) {
	switch {
	case item.unchanged:
		c.Unchanged++
	case item.created:
		c.Created++
	default:
		c.Changed++
	}
}

// ImportChange is what a row would do.
type ImportChange struct {
	At      interchange.Place
	Ref     directory.Ref
	Created bool
	Members []string // of a record that would change: which of its members, by name
}

// count counts what the rows of a plan do.
func (r *ImportReport) count(j *judgement) {
	r.ByKind = make(map[directory.Kind]ImportCounts)
	for i := range j.plan.items {
		item := &j.plan.items[i]
		r.add(item)
		kind := r.ByKind[item.ref.Kind]
		kind.add(item)
		r.ByKind[item.ref.Kind] = kind
	}
}

// changes tells what the rows would create and change.
func (j *judgement) changes() ([]ImportChange, error) {
	items := make([]int, 0, len(j.rows))
	for n := range j.rows {
		if !j.plan.items[n].unchanged {
			items = append(items, n)
		}
	}
	slices.SortFunc(items, func(a, b int) int { return cmp.Compare(j.rows[a], j.rows[b]) })
	changes := make([]ImportChange, len(items))
	for i, n := range items {
		item := &j.plan.items[n]
		changes[i] = ImportChange{At: j.im.items[j.rows[n]].Place(""), Ref: item.ref, Created: item.created}
		if item.created {
			continue
		}
		members, err := changedMembers(item.before, item.after)
		if err != nil {
			return nil, fmt.Errorf("comparing %s: %w", item.ref, err)
		}
		changes[i].Members = members
	}
	return changes, nil
}

// bookkeeping are the members that every version changes.
var bookkeeping = []string{"version", "created", "updated", "attested"}

// changedMembers names the members in which a record differs from what stands, in alphabetical order.
func changedMembers(before *readmodel.Entry, after directory.Record) ([]string, error) {
	text, err := directory.Encode(after)
	if err != nil {
		return nil, err
	}
	var was, is map[string]jsontext.Value
	if err := json.Unmarshal(before.JSON(), &was); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &is); err != nil {
		return nil, err
	}
	for _, name := range bookkeeping {
		delete(was, name)
		delete(is, name)
	}
	changed := make(map[string]bool)
	for name, value := range is {
		changed[name] = !bytes.Equal(value, was[name])
	}
	for name := range was {
		changed[name] = changed[name] || is[name] == nil
	}
	maps.DeleteFunc(changed, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(changed)), nil
}
