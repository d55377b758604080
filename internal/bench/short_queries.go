package bench

import (
	"math/rand/v2"
	"slices"
	"strings"

	"dalil/internal/directory"
)

// QueriesSeed makes the queries that are reported; another one gives other queries and about the same figures.
const QueriesSeed = 20_220_720

// TwoWords returns at most n queries of two words out of one name, one of them with a typo.
func TwoWords(records []directory.Record, n int) []SearchQuery {
	random := rand.New(rand.NewPCG(QueriesSeed, 2))
	var queries []SearchQuery
	for _, q := range changedNames(records, 4*n, QueriesSeed, oneTypo) {
		words := strings.Fields(q.Text)
		if len(words) < 2 || len(queries) == n {
			continue
		}
		wrong := slices.IndexFunc(words, func(w string) bool { return !slices.Contains(strings.Fields(q.Name), w) })
		if wrong < 0 {
			continue
		}
		other := (wrong + 1 + random.IntN(len(words)-1)) % len(words)
		q.Text = words[min(wrong, other)] + " " + words[max(wrong, other)]
		queries = append(queries, q)
	}
	return queries
}

// ThreeLetters returns at most n queries: the first three letters of names.
func ThreeLetters(records []directory.Record, n int) []string {
	var queries []string
	for _, q := range changedNames(records, 4*n, QueriesSeed, asItIs) {
		letters := []rune(directory.Fold(q.Text))
		if len(queries) < n && len(letters) > 3 {
			queries = append(queries, string(letters[:3]))
		}
	}
	return queries
}
