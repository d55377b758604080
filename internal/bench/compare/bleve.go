//go:build peers && linux

package main

import (
	"errors"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// names is bleve's index of names, in memory.
type names struct {
	bleve.Index

	actors map[string]*directory.Actor
}

// batchSize is how many actors suit a batch of bleve's.
const batchSize = 500

// indexNames indexes the names of the live actors as bleve does by itself.
func indexNames(records []directory.Record) (*names, error) {
	index, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	n := &names{index, make(map[string]*directory.Actor)}
	batch := index.NewBatch()
	for _, r := range records {
		a, ok := r.(*directory.Actor)
		if !ok || a.Status == directory.Archived {
			continue
		}
		n.actors[a.ID] = a
		if err := batch.Index(a.ID, map[string]any{"name": bench.NamesOf(a)}); err != nil {
			return nil, errors.Join(err, index.Close())
		}
		if batch.Size() == batchSize {
			if err := index.Batch(batch); err != nil {
				return nil, errors.Join(err, index.Close())
			}
			batch.Reset()
		}
	}
	return n, index.Batch(batch)
}

// search requires all words, with one edit allowed in each; Dalil allows two in long ones.
func (n *names) search(text string) ([]*directory.Actor, error) {
	words := bleve.NewMatchQuery(text)
	words.SetFuzziness(1)
	words.SetOperator(query.MatchQueryOperatorAnd)
	result, err := n.Search(bleve.NewSearchRequestOptions(words, hits, 0, false))
	if err != nil {
		return nil, err
	}
	var found []*directory.Actor
	for _, hit := range result.Hits {
		found = append(found, n.actors[hit.ID])
	}
	return found, nil
}
