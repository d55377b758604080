package httpapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// analysisTag is the part of the document that tells who does what.
const analysisTag = "analysis"

// analysisDoc is what the document says of one analysis, beside what it says of all.
type analysisDoc struct {
	id      string // of the operation; its schema is called alike
	summary string
	words   string
	shape   any // a value of what was found; seq and as_of stand before its members
	example map[string]any
}

// analysisDocs are the analyses, by the id of their operation.
func analysisDocs() []analysisDoc {
	return append([]analysisDoc{matrixDoc(), profileDoc(), timelineDoc(), compareDoc()}, judgementDocs()...)
}

func analysisDocOf(id string) (analysisDoc, bool) {
	for _, d := range analysisDocs() {
		if d.id == id {
			return d, true
		}
	}
	return analysisDoc{}, false
}

// schema is the name of the schema of its answer.
func (d *analysisDoc) schema() string { return camel(reflect.TypeOf(d.shape).Name()) }

// words is what the document says of an analysis.
func (d *analysisDoc) operation() operationWords {
	return operationWords{analysisTag, d.summary, d.words + "\n\nThe evidence is the live roles that the caller may see and that hold on `as_of` (today " +
		"unless said otherwise). The filters of roles narrow it; `function`, `initiative` and `framework` also choose the items. A code of a framework is looked for " +
		"on functions and on initiatives: `mapping` says on which it was found. As CSV or XLSX: the same as a table; a workbook has a second sheet, `about`, with the " +
		"query, the date, the ledger position, the SHA-256 of the answer to that query in canonical JSON, and the `mapping`. `hidden_by_date` counts roles of the evidence."}
}

// analysisSuccesses describes the answers.
func analysisSuccesses(r Route) []success {
	d, _ := analysisDocOf(r.ID)
	content := inJSON(d.schema())
	for _, name := range []string{mediaCSV, mediaXLSX} {
		content[name] = specMedia{Schema: schema{"type": "string"}}
	}
	return []success{
		succeed(http.StatusOK, d.schema()+"Answered", "The answer, or its table as a file.", content, "ETag", "ContentLanguage", "ContentDispositionOfFile"),
		notModified(),
	}
}

// analysed tells whether a schema is that of the answer of an analysis.
func (*schemas) analysed(name string) bool {
	return slices.ContainsFunc(analysisDocs(), func(d analysisDoc) bool { return d.schema() == name })
}

// adjustAnalyses puts what every answer says first into their schemas.
func (s *schemas) adjustAnalyses() {
	s.adjustJudgements()
	for _, d := range analysisDocs() {
		name := d.schema()
		s.set(name, "seq", schema{"type": "integer", "format": "int64", "minimum": 0})
		s.set(name, "as_of", schema{"type": "string"})
		required, _ := s.all[name]["required"].([]any)
		s.all[name]["required"] = append([]any{"seq", "as_of"}, required...)
	}
}

// analysisExamples adds an example of each.
func analysisExamples(all map[string]specExample) {
	for _, d := range analysisDocs() {
		value := map[string]any{"seq": 512, "as_of": "2026-11-24", "hidden_by_date": 0}
		maps.Copy(value, d.example)
		all[d.schema()] = example(d.summary, value)
	}
}

// analysisParameter describes the parameters of analyses that lists of roles do not have, or have otherwise.
func analysisParameter(r Route, name string) (component string, param specParameter) {
	component = "Analysis" + camel(name)
	choice := func(words, usual string, values ...string) specParameter {
		return specParameter{Description: words, Schema: schema{"type": "string", "enum": anys(values), "default": usual}}
	}
	switch name {
	case "as_of":
		return component, specParameter{
			Description: "A date from " + firstYear + " to " + lastYear + ", `today`, or `any`: only roles, and initiatives that are items, that held then.",
			Schema:      schema{"type": "string", "pattern": datePattern, "default": "today"}, Example: "2022-07",
		}
	case "format":
		return component, choice("A file of the answer's table: `csv` or `xlsx`; else Accept says.", jsonName, jsonName, "csv", "xlsx")
	case "units":
		if r.ID == "getActorProfile" {
			return "ProfileUnits", choice("`rolled` tells the roles and relations of the actor's units, too; `own` only its own.", "rolled", "rolled", unitsOwn)
		}
		return component, choice("`rolled` counts a unit as the nearest actor above it that is no unit; `separate` as itself.", "separate", "separate", "rolled")
	case "scope":
		return component, choice("Which of the functions chosen are items: those with none of them below (`leaf`), those with none of them above (`top`), or `all`. "+
			"An item counts what is below it.", string(readmodel.ScopeLeaf), string(readmodel.ScopeLeaf), string(readmodel.ScopeTop), string(readmodel.ScopeAll))
	case "rows", "cols":
		return component, specParameter{
			Description: "The dimension of the " + map[string]string{"rows": "rows", "cols": "columns"}[name] + ".", Required: true,
			Schema: schema{"type": "string", "enum": anys(readmodel.Dimensions())}, Example: map[string]any{"rows": "function", "cols": "group"}[name],
		}
	case "from", "to":
		return component, specParameter{
			Description: map[string]string{"from": "The first of two dates", "to": "The second of two dates"}[name] + ", or `today`. Both are required, but where `known_at` is given twice.",
			Schema:      schema{"type": "string", "pattern": `^(today|[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)$`}, Example: map[string]any{"from": "2022", "to": "2026"}[name],
		}
	case "measure":
		return component, choice("What the cells of a file show.", measures()[0], measures()...)
	case "children":
		return component, specParameter{Description: "Whether an initiative counts what is part of it, too.", Schema: schema{"type": "boolean", "default": false}}
	default:
		return listParameter(Route{Kind: directory.Roles}, name)
	}
}
