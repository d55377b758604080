package readmodel_test

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// BenchmarkJudgements asks for gaps, balances, RACI charts and overlaps of 250,000 roles.
func BenchmarkJudgements(b *testing.B) {
	s := theBigWorld(b)
	by := func(by readmodel.By, rolled bool, filters ...string) readmodel.Judgement {
		j := readmodel.Judgement{Analysis: *analysisOf(filters...), By: by, Scope: readmodel.ScopeLeaf}
		j.Rolled = rolled
		return j
	}
	gaps := func(j readmodel.Judgement, rules ...string) func() (int, error) {
		return func() (int, error) {
			found, err := s.Gaps(&readmodel.GapQuery{Judgement: j, Rules: rules, StaleAfter: 365, Limit: 1000})
			if err != nil {
				return 0, err
			}
			return found.Total, nil
		}
	}
	balance := func(j readmodel.Judgement) func() (int, error) {
		return func() (int, error) {
			found, err := s.Balance(&j)
			if err != nil {
				return 0, err
			}
			return len(found.Items), nil
		}
	}
	always := by(readmodel.ByFunction, false)
	always.AsOf = readmodel.AsOf{Any: true}
	for _, of := range []struct {
		name string
		ask  func() (int, error)
	}{
		{"gaps", gaps(by(readmodel.ByFunction, false))},
		{"gaps of all time", gaps(always)},
		{"gaps, units rolled", gaps(by(readmodel.ByFunction, true))},
		{"gaps in a region", gaps(by(readmodel.ByFunction, false, "territory=MA-05", "confidence=low"))},
		{"gaps by both", gaps(by(readmodel.ByBoth, false))},
		{"gaps, one rule", gaps(by(readmodel.ByFunction, false), directory.GapNoLead)},
		{"balance", balance(by(readmodel.ByFunction, false))},
		{"balance of all time", balance(always)},
		{"balance, units rolled", balance(by(readmodel.ByFunction, true))},
		{"balance by initiative", balance(by(readmodel.ByInitiative, false))},
		{"raci", func() (int, error) {
			j := by(readmodel.ByFunction, false)
			found, err := s.Chart(&j)
			return len(found.Items), err
		}},
		{"overlaps", func() (int, error) {
			found, err := s.Overlaps(&readmodel.OverlapQuery{Analysis: *analysisOf(), Limit: 1000})
			return found.Total, err
		}},
		{"overlaps of all time", func() (int, error) {
			found, err := s.Overlaps(&readmodel.OverlapQuery{Analysis: always.Analysis, Limit: 1000})
			return found.Total, err
		}},
	} {
		b.Run(of.name, func(b *testing.B) {
			measured(b, "answered", of.ask)
		})
	}
}
