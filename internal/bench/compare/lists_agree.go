//go:build peers && linux

package main

import (
	"fmt"
	"maps"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/bench"
)

// listed is what is compared of a list.
type listed struct {
	Items  []jsontext.Value `json:"items"`
	Total  int64            `json:"total"`
	Facets map[string][]struct {
		Value string `json:"value"`
		Count int64  `json:"count"`
	} `json:"facets"`
}

// agree returns an error unless Dalil's answer and PostgreSQL's say the same: the same items, by their ids and in their
// order, the same total, and the same counts in every facet.
func agree(q bench.ListQuery, ours []byte, theirs []answer) error {
	var list listed
	if err := json.Unmarshal(ours, &list); err != nil {
		return err
	}
	if err := sameItems(list.Items, theirs[0].rows); err != nil {
		return err
	}
	if total, _ := theirs[1].rows[0][0].(int64); total != list.Total {
		return fmt.Errorf("the total is %d, PostgreSQL's %d", list.Total, total)
	}
	for i, name := range q.Facets {
		mine, his := make(map[string]int64), make(map[string]int64)
		for _, v := range list.Facets[name] {
			if v.Count > 0 { // a value that was asked for is told even where nothing has it
				mine[v.Value] = v.Count
			}
		}
		for _, values := range theirs[2+i].rows {
			value, known := values[0].(string)
			if count, _ := values[1].(int64); known {
				his[value] = count
			}
		}
		if !maps.Equal(mine, his) {
			return fmt.Errorf("the facet %s is %v, PostgreSQL's %v", name, mine, his)
		}
	}
	return nil
}

func sameItems(ours []jsontext.Value, theirs [][]any) error {
	if len(ours) != len(theirs) {
		return fmt.Errorf("%d items, PostgreSQL has %d", len(ours), len(theirs))
	}
	for i := range ours {
		text, _ := theirs[i][0].(string)
		var mine, his struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(ours[i], &mine); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &his); err != nil {
			return err
		}
		if mine != his {
			return fmt.Errorf("item %d is %s, PostgreSQL's %s", i, mine.ID, his.ID)
		}
	}
	return nil
}
