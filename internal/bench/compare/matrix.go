//go:build peers && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
)

// The targets of matrices.
const (
	mostForAll      = 3 * time.Millisecond
	mostForFiltered = time.Millisecond
)

// matrixPath asks for the matrix of all roles, whatever their dates.
const matrixPath = "/matrix?rows=function&cols=group&as_of=any"

// matrixSQL is the fastest of the statements that were tried which count the same as the matrix: a role counts for its
// function and for what is above it. plainSQL counts roles for their own function only, which is less than is asked.
const (
	matrixSQL = `SELECT d.above, r.grp, count(*), count(DISTINCT r.actor)
		FROM roles r JOIN functions_above d ON d.function = r.function%s GROUP BY 1, 2`
	plainSQL = `SELECT function, grp, sum(n), count(*)
		FROM (SELECT function, grp, actor, count(*) n FROM roles GROUP BY 1, 2, 3) s GROUP BY 1, 2`
)

// How often a matrix is asked for in each run.
const (
	matricesOfAll      = 20
	matricesOfAllOfPG  = 3
	matricesWithFilter = 20
)

// measureMatrix asks for the matrix of functions and groups, of all roles and with three filters, beside PostgreSQL.
func measureMatrix(ctx context.Context, s *stand) ([]line, error) {
	on, err := s.served(ctx)
	if err != nil {
		return nil, err
	}
	peer, err := s.loaded(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.matrices(ctx, on, peer, func(int) (paths []string, statements []statement) {
		for range matricesOfAll {
			paths = append(paths, matrixPath)
			statements = append(statements, statement{sql: fmt.Sprintf(matrixSQL, "")})
		}
		return paths, statements[:matricesOfAllOfPG]
	})
	if err != nil {
		return nil, err
	}
	var plain []time.Duration
	for range s.runs {
		_, took, err := peer.askAll(ctx, []statement{{sql: plainSQL}})
		if err != nil {
			return nil, err
		}
		plain = append(plain, took)
	}
	some, err := s.matrices(ctx, on, peer, filteredMatrices)
	if err != nil {
		return nil, err
	}
	allLines := all.lines("`/matrix` function × group, all 250,000 roles", mostForAll)
	allLines[1].beside += fmt.Sprintf("; without what is below a function %s, %s", say(median(plain)), sayTimes(times(median(plain), median(all.seen))))
	return append(allLines, some.lines("the same with three filters", mostForFiltered)...), nil
}

// filteredMatrices are matrices of Morocco and its regions with some types of role and some degrees of confidence, others
// in each run.
func filteredMatrices(run int) (paths []string, statements []statement) {
	random := rand.New(rand.NewPCG(uint64(run), 3))
	types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
	confidences, _ := directory.VocabularyNamed(directory.VocabularyConfidences)
	for range matricesWithFilter {
		t, c := someOf(random, types.Codes(), 3), someOf(random, confidences.Codes(), 2)
		paths = append(paths, fmt.Sprintf("%s&territory=MA&type=%s&confidence=%s", matrixPath, strings.Join(t, "&type="), strings.Join(c, "&confidence=")))
		statements = append(statements, statement{
			fmt.Sprintf(matrixSQL, " WHERE r.type = ANY($1) AND r.confidence = ANY($2) AND r.territories && $3"), []any{t, c, []string{"MA"}},
		})
	}
	return paths, statements
}

// someOf returns one to most of some codes, at random.
func someOf(random *rand.Rand, codes []string, most int) []string {
	random.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	return codes[:1+random.IntN(most)]
}

// compared is what was seen of two sides, run by run.
type compared struct {
	seen, served, beside []time.Duration
	ratios               []float64
}

func (c *compared) add(a *asked, beside []time.Duration) {
	c.seen, c.served, c.beside = append(c.seen, median(a.seen)), append(c.served, median(a.served)), append(c.beside, median(beside))
	c.ratios = append(c.ratios, times(median(beside), median(a.seen)))
}

// lines tells the time in the server, and how many times as long PostgreSQL took as the answer over HTTP.
func (c *compared) lines(work string, most time.Duration) []line {
	return []line{{
		work: work, target: "at most " + say(most), seen: "**" + say(median(c.served)) + "** in the server",
		beside: say(median(c.seen)) + " over HTTP", met: median(c.served) <= most,
	}, {
		work: work, target: "at least 50 × faster than one `GROUP BY` on PostgreSQL", seen: say(median(c.seen)) + " over HTTP",
		beside: fmt.Sprintf("%s: **%s**", say(median(c.beside)), sayTimes(median(c.ratios))), met: median(c.ratios) >= leastTimes,
	}}
}

// matrices asks both sides in every run, and compares their answers.
func (s *stand) matrices(ctx context.Context, on *server, peer *postgres, of func(run int) ([]string, []statement)) (*compared, error) {
	c := new(compared)
	for run := range s.runs {
		paths, statements := of(run)
		if run == 0 { // what is made once is made from here on
			if _, err := on.getAll(ctx, paths[:1]); err != nil {
				return nil, err
			}
		}
		a, err := on.getAll(ctx, paths)
		if err != nil {
			return nil, err
		}
		var beside []time.Duration
		for i, st := range statements {
			if _, _, err := peer.askAll(ctx, []statement{st}); err != nil {
				return nil, err
			}
			answers, took, err := peer.askAll(ctx, []statement{st})
			if err == nil {
				err = sameCells(a.bodies[i], answers[0].rows)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", paths[i], err)
			}
			beside = append(beside, took)
		}
		c.add(a, beside)
	}
	return c, nil
}

// sameCells returns an error unless every cell of a matrix holds what PostgreSQL counted. PostgreSQL was not asked for
// the roles without a function, nor for totals.
func sameCells(ours []byte, theirs [][]any) error {
	type item struct {
		ID string `json:"id"`
	}
	type cell struct {
		Actors int64 `json:"actors"`
		Roles  int64 `json:"roles"`
	}
	var m struct {
		Rows  []item   `json:"rows"`
		Cols  []item   `json:"cols"`
		Cells [][]cell `json:"cells"`
	}
	if err := json.Unmarshal(ours, &m); err != nil {
		return err
	}
	counted := make(map[[2]string]cell)
	for _, values := range theirs {
		function, _ := values[0].(string)
		group, _ := values[1].(string)
		roles, _ := values[2].(int64)
		actors, _ := values[3].(int64)
		counted[[2]string{function, group}] = cell{actors, roles}
	}
	filled := 0
	for i, row := range m.Rows[:len(m.Rows)-1] {
		for j, col := range m.Cols {
			if m.Cells[i][j] != counted[[2]string{row.ID, col.ID}] {
				return fmt.Errorf("%s × %s is %v, PostgreSQL's %v", row.ID, col.ID, m.Cells[i][j], counted[[2]string{row.ID, col.ID}])
			}
			if m.Cells[i][j].Roles > 0 {
				filled++
			}
		}
	}
	if filled != len(counted) {
		return errors.New("PostgreSQL has cells that the matrix has not")
	}
	return nil
}
