package directory

import (
	_ "embed" // for the codes of the frameworks
	"encoding/csv"
	"fmt"
	"strings"
)

// frameworksCSV has a row for each framework, with no code, followed by the rows of its codes, parents first.
//
//go:embed data/frameworks.csv
var frameworksCSV string

// The columns of frameworksCSV.
const (
	columnFramework = iota
	columnCode
	columnParent
	columnEnglish
	columnFrench
	columnArabic
	columnSource
)

// frameworkVocabularies returns the vocabulary of the frameworks, and for each of them that of its codes.
// The file is part of the program: one that cannot be read is a defect of the build, which every test would meet.
func frameworkVocabularies() (frameworks *Vocabulary, codes []*Vocabulary) {
	rows, err := csv.NewReader(strings.NewReader(frameworksCSV)).ReadAll()
	if err != nil {
		panic(fmt.Errorf("reading the embedded frameworks.csv: %w", err))
	}
	var heads []Term
	terms := make(map[string][]Term)
	for _, row := range rows[1:] {
		name, term := row[columnFramework], frameworkTerm(row)
		if term.Code == "" {
			term.Code = name
			heads = append(heads, term)
			continue
		}
		terms[name] = append(terms[name], term)
	}
	for _, head := range heads {
		codes = append(codes, newVocabulary(head.Code, head.Label, terms[head.Code]...))
	}
	title := label("Cadres de référence", "الأطر المرجعية", "Reference frameworks")
	return newVocabulary(VocabularyFrameworks, title, heads...), codes
}

func frameworkTerm(row []string) Term {
	name := Text{"en": row[columnEnglish]}
	if french := row[columnFrench]; french != "" {
		name["fr"] = french
	}
	if arabic := row[columnArabic]; arabic != "" {
		name["ar"] = arabic
	}
	return Term{Code: row[columnCode], Parent: row[columnParent], Label: name, Source: row[columnSource]}
}

// Frameworks returns the codes of the reference frameworks, in their order.
func Frameworks() []string { return vocabularies().frameworks.Codes() }

// FrameworkTerm returns a code of a framework.
func FrameworkTerm(framework, code string) (*Term, bool) {
	if !vocabularies().frameworks.Has(framework) {
		return nil, false
	}
	return vocabularies().byName[framework].Term(code)
}
