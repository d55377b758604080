package httpapi

import (
	"strconv"
	"strings"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

const balancePath = basePath + "/balance"

// balance answers how government, employers and workers take part in each function or initiative.
func (a *API) balance(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	ask, err := c.judgement(q, readmodel.ByFunction, readmodel.ByInitiative)
	if err != nil {
		return err
	}
	found, err := c.head.Balance(&ask)
	if err != nil {
		return err
	}
	return c.answered(q, found, func() table { return balanceTable(found) })
}

// balanceTable lays a balance out, one function or initiative a row: the actors and the roles of each constituent, the
// actors of every other group, and who is missing.
func balanceTable(found *readmodel.Balance) table {
	return table{
		name: "balance", columns: balanceColumns(),
		rows: func(yield func([]string) bool) {
			for i := range found.Items {
				if !yield(balanceRow(&found.Items[i])) {
					return
				}
			}
		},
	}
}

func balanceColumns() []interchange.TableColumn {
	columns := interchange.TextColumns("id", "label", "parent")
	for _, group := range groupCodes() {
		columns = append(columns, interchange.TableColumn{Name: group, Numbers: true})
		if isConstituent(group) {
			columns = append(columns, interchange.TableColumn{Name: group + "_roles"})
		}
	}
	return append(columns, interchange.TextColumns("missing")...)
}

func balanceRow(b *readmodel.BalanceItem) []string {
	parts := map[string]*readmodel.Constituent{
		directory.GroupGovernment: &b.Government, directory.GroupEmployers: &b.Employers, directory.GroupWorkers: &b.Workers,
	}
	row := []string{b.ID, b.Label, b.Parent}
	for _, group := range groupCodes() {
		if part, ok := parts[group]; ok {
			row = append(row, strconv.Itoa(part.Actors), rolesCell(part.Roles))
		} else {
			row = append(row, strconv.Itoa(b.Others[group]))
		}
	}
	return append(row, listCell(b.Missing))
}

// rolesCell is how many roles there are of each type, in the order of the vocabulary: lead 2;partner 1.
func rolesCell(counts map[string]int) string {
	types, _ := directory.VocabularyNamed(directory.VocabularyRoleTypes)
	var parts []string
	for _, code := range types.Codes() {
		if n := counts[code]; n > 0 {
			parts = append(parts, code+" "+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, ";")
}

func groupCodes() []string {
	v, _ := directory.VocabularyNamed(directory.VocabularyGroups)
	return v.Codes()
}

func isConstituent(group string) bool {
	v, _ := directory.VocabularyNamed(directory.VocabularyGroups)
	term, ok := v.Term(group)
	return ok && term.Constituent
}
