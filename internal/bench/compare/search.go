//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// How the search is measured, and its targets.
const (
	searchesARun      = 60
	hits              = 20
	mostForSearch     = time.Millisecond
	leastTimesTrigram = 20.0
	leastTimesBleve   = 3.0
	suggestionsARun   = 200
	mostForSuggestion = 300 * time.Microsecond
)

// nearestSQL is the fastest of the ways that were tried to find names by pg_trgm which finds as much: the nearest by the
// similarity of words, in a GiST index. A GIN index with a least similarity took twice as long, or found less.
const (
	trigramIndex = `CREATE INDEX IF NOT EXISTS nearest_names ON actor_names USING gist (name gist_trgm_ops(siglen=256))`
	nearestSQL   = `SELECT ord FROM actor_names ORDER BY $1 <<-> name LIMIT 20`
)

// searched is what was seen of one way to search.
type searched struct {
	took  []time.Duration // medians of the runs
	found int             // queries after which an actor of the name was among the hits
}

// measureSearch asks for two words of names, one with a typo: Dalil, pg_trgm and bleve, for the same.
func measureSearch(ctx context.Context, s *stand) ([]line, error) {
	records, _, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	on, err := s.served(ctx)
	if err != nil {
		return nil, err
	}
	peer, err := s.loaded(ctx)
	if err != nil {
		return nil, err
	}
	s.tell("indexing names with pg_trgm and with bleve")
	if _, err := peer.Exec(ctx, trigramIndex); err != nil {
		return nil, err
	}
	index, err := indexNames(records)
	if err != nil {
		return nil, err
	}
	defer func() { _ = index.Close() }()
	queries := bench.TwoWords(records, s.runs*searchesARun)
	if len(queries) < s.runs*searchesARun {
		return nil, fmt.Errorf("only %d queries could be made", len(queries))
	}
	n := len(queries)
	var ours, served, trigram, words searched
	var besideTrigram, besideBleve []float64
	for ; len(queries) > 0; queries = queries[searchesARun:] {
		some := queries[:searchesARun]
		a, err := s.searchHere(ctx, on, some, &ours)
		if err != nil {
			return nil, err
		}
		served.took = append(served.took, median(a.served))
		if err := searchBeside(some, &trigram, func(q string) ([]*directory.Actor, error) { return peer.nearest(ctx, q) }); err != nil {
			return nil, err
		}
		if err := searchBeside(some, &words, index.search); err != nil {
			return nil, err
		}
		besideTrigram = append(besideTrigram, times(trigram.last(), ours.last()))
		besideBleve = append(besideBleve, times(words.last(), served.last()))
	}
	const work = "`q` of two words, one with a typo, 20 hits"
	found := func(f searched) string { return fmt.Sprintf("%.0f %% found", 100*float64(f.found)/float64(n)) }
	return []line{{
		work: work, target: "at most 1 ms in the server", seen: "**" + say(median(served.took)) + "** in the server, " + found(ours),
		beside: say(median(ours.took)) + " over HTTP", met: median(served.took) <= mostForSearch,
	}, {
		work: work, target: "at least 20 × faster than pg_trgm", seen: say(median(ours.took)) + " over HTTP",
		beside: fmt.Sprintf("%s: **%s**, %s", say(median(trigram.took)), sayTimes(median(besideTrigram)), found(trigram)),
		met:    median(besideTrigram) >= leastTimesTrigram,
	}, {
		work: work, target: "at least 3 × faster than bleve", seen: say(median(served.took)) + " in the server",
		beside: fmt.Sprintf("%s in the process: **%s**, %s", say(median(words.took)), sayTimes(median(besideBleve)), found(words)),
		met:    median(besideBleve) >= leastTimesBleve,
	}}, nil
}

func (f *searched) last() time.Duration { return f.took[len(f.took)-1] }

// bears tells whether one of some actors has the name that a query was made of.
func bears(actors []*directory.Actor, q bench.SearchQuery) bool {
	for _, a := range actors {
		if bench.Bears(a, q.Name) {
			return true
		}
	}
	return false
}

// searchHere asks Dalil.
func (s *stand) searchHere(ctx context.Context, on *server, queries []bench.SearchQuery, f *searched) (*asked, error) {
	paths := make([]string, len(queries))
	for i, q := range queries {
		paths[i] = fmt.Sprintf("/actors?limit=%d&q=%s", hits, url.QueryEscape(q.Text))
	}
	a, err := on.getAll(ctx, paths)
	if err != nil {
		return nil, err
	}
	f.took = append(f.took, median(a.seen))
	for i, body := range a.bodies {
		var page struct {
			Items []jsontext.Value `json:"items"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, err
		}
		var actors []*directory.Actor
		for _, item := range page.Items {
			actor := new(directory.Actor)
			if err := json.Unmarshal(item, actor); err != nil { // it has a match beside the members of a record
				return nil, err
			}
			actors = append(actors, actor)
		}
		if bears(actors, queries[i]) {
			f.found++
		}
	}
	return a, nil
}

// searchBeside asks another index.
func searchBeside(queries []bench.SearchQuery, f *searched, search func(q string) ([]*directory.Actor, error)) error {
	var all []time.Duration
	for _, q := range queries {
		began := time.Now()
		actors, err := search(q.Text)
		all = append(all, time.Since(began))
		if err != nil {
			return fmt.Errorf("%q: %w", q.Text, err)
		}
		if bears(actors, q) {
			f.found++
		}
	}
	f.took = append(f.took, median(all))
	return nil
}

// nearest searches with pg_trgm.
func (p *postgres) nearest(ctx context.Context, q string) ([]*directory.Actor, error) {
	rows, err := p.Query(ctx, nearestSQL, directory.Fold(q))
	if err != nil {
		return nil, err
	}
	var found []*directory.Actor
	for rows.Next() {
		var ord int
		if err := rows.Scan(&ord); err != nil {
			return nil, err
		}
		found = append(found, p.actors[ord])
	}
	return found, rows.Err()
}

// measureSuggest asks for suggestions on three letters.
func measureSuggest(ctx context.Context, s *stand) ([]line, error) {
	records, _, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	on, err := s.served(ctx)
	if err != nil {
		return nil, err
	}
	letters := bench.ThreeLetters(records, s.runs*suggestionsARun)
	if len(letters) < s.runs*suggestionsARun {
		return nil, fmt.Errorf("only %d queries could be made", len(letters))
	}
	var seen, served []time.Duration
	for ; len(letters) > 0; letters = letters[suggestionsARun:] {
		var paths []string
		for _, q := range letters[:suggestionsARun] {
			paths = append(paths, "/suggest?q="+url.QueryEscape(q))
		}
		a, err := on.getAll(ctx, paths)
		if err != nil {
			return nil, err
		}
		seen, served = append(seen, median(a.seen)), append(served, median(a.served))
	}
	return []line{{
		work: "`/suggest` on three letters", target: "at most 300 µs", seen: "**" + say(median(served)) + "** in the server",
		beside: say(median(seen)) + " over HTTP", met: median(served) <= mostForSuggestion,
	}}, nil
}
