package httpapi

import (
	"strings"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// parameterOf describes a query parameter of an address, and names its component. Those that mean the same everywhere
// have one; the others have one for each kind.
func parameterOf(r Route, p Param) (component string, param specParameter) {
	component, param = camel(p.Name), commonParameter(p.Name)
	switch {
	case r.ID == "listChanges" && p.Name != "lang":
		component, param = changesParameter(p.Name)
	case r.ID == "getImport" && p.Name == "after":
		component, param = "ImportAfter", importAfter()
	case r.tabular && isJudgementParameter(r, p.Name):
		component, param, _ = judgementParameter(r, p.Name)
	case r.tabular && (param.Schema == nil || p.Name == "as_of" || p.Name == "format"):
		component, param = analysisParameter(r, p.Name)
	case p.Name == knownAt && p.Many:
		component, param = "ComparedStates", comparedStates()
	case r.ID == "suggest" && (param.Schema == nil || p.Name == "as_of"):
		component, param = suggestParameter(p.Name)
	case param.Schema == nil:
		component, param = listParameter(r, p.Name)
	}
	param.Name, param.In = p.Name, "query"
	if p.Many {
		param.Schema = schema{"type": "array", "items": param.Schema, "minItems": 1, "maxItems": maxValues}
		param.Style, param.Explode = "form", true
		if param.Example != nil {
			param.Example = []any{param.Example}
		}
	}
	return component, param
}

// datePattern is how as_of and roles_as_of are written.
const datePattern = `^(any|today|[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)$`

// commonParameter describes the parameters that mean the same wherever they are; of others it knows nothing.
func commonParameter(name string) specParameter {
	truth := func(otherwise bool) schema { return schema{"type": "boolean", "default": otherwise} }
	switch name {
	case "lang":
		return specParameter{
			Description: "The language of labels and messages; else the one of Accept-Language, else fr.",
			Schema:      schema{"type": "string", "enum": anys(languages())}, Example: "en",
		}
	case "reason":
		return specParameter{
			Description: "Why this is written. It is kept with the commit.",
			Schema:      schema{"type": "string", "minLength": 1, "maxLength": ledger.MaxReasonRunes}, Example: "Arrêté du 20 juillet",
		}
	case "dry_run":
		return specParameter{Description: "Run every check, write nothing, and answer 200 with what would be.", Schema: truth(false)}
	case "allow_duplicate":
		return specParameter{Description: "Create even what is close to something that is there.", Schema: truth(false)}
	case "keep_going":
		return specParameter{Description: "Take the good rows and leave out the others.", Schema: truth(false)}
	case "atomic":
		return specParameter{Description: "All items in one commit, or none. When false, each item in a commit of its own.", Schema: truth(true)}
	case "cursor":
		return specParameter{
			Description: "The `next_cursor` of the page before. It holds filters, order and dates; they need not be said again.",
			Schema:      schema{"type": "string", "pattern": `^[A-Za-z0-9_-]+$`, "maxLength": maxURIBytes},
		}
	case "format":
		usual := Route{Answers: []string{mediaJSON, mediaCSV, mediaXLSX, mediaNDJSON}}
		return specParameter{
			Description: "A file of the whole filtered result instead of a page: `csv`, `xlsx` or `ndjson`; else Accept says. `cursor`, `limit`, `facets` and `facet_limit` do not go with a file; `fields` picks its columns.",
			Schema:      schema{"type": "string", "enum": anys(usual.formatNames()), "default": jsonName}, Example: "csv",
		}
	case "as_of":
		return specParameter{
			Description: "A date from " + firstYear + " to " + lastYear + ", `today`, or `any`: only what held then. Filters and facets that go through roles are of today unless it, or `roles_as_of`, is given.",
			Schema:      schema{"type": "string", "pattern": datePattern, "default": "any"}, Example: "2022-07",
		}
	case rolesAsOf:
		return specParameter{
			Description: "A date, `today`, or `any`: the roles that filters, facets and orders go through held then. As `as_of` when that is given, else of today. " +
				"An answer that they matter to says it, so that it can be asked again on another day.",
			Schema: schema{"type": "string", "pattern": datePattern, "default": "today"}, Example: "2022-07",
		}
	case knownAt:
		return specParameter{
			Description: "As the directory was known at a ledger position, or at a time (RFC 3339: the last commit not after it), as far as that may be seen now. `Dalil-Seq` is then that position.",
			Schema:      schema{"type": "string", "pattern": `^([0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T.+)$`}, Example: "512",
		}
	case "dates":
		return specParameter{
			Description: "Of what is asked of a day, leave out what has no known start; with `any` nothing is left out.", Schema: schema{"type": "string", "enum": []any{"strict"}},
		}
	default:
		return specParameter{}
	}
}

// listParameter describes the parameters that differ from list to list.
func listParameter(r Route, name string) (component string, param specParameter) {
	switch name {
	case "limit":
		if isHistory(r) {
			return "VersionsLimit", pageSize("How many versions a page holds.", defaultVersions)
		}
		return "Limit", pageSize("How many items a page holds.", defaultLimit)
	case facetLimit:
		return "FacetLimit", pageSize("How many values a facet tells, the most frequent ones; those that its own filter asks for always come. `facets_rest` tells how many were left off.", maxLimit)
	case "fields":
		param = specParameter{
			Description: "Only these members; `id` and `version` always come. Several may stand in one value, with commas.",
			Schema:      schema{"type": "string", "enum": anys(r.members)},
		}
	case "q":
		return "Q", specParameter{
			Description: "What to look for in the names and texts of the records, in any of their languages and in any script: " + searchWords +
				" The order is then by `relevance`, unless `sort` says otherwise.",
			Schema: schema{"type": "string", "minLength": 1, "maxLength": maxValueRunes}, Example: "ministere emploi",
		}
	case "sort":
		param = specParameter{
			Description: "The order: up to three keys, `-` before one for descending; the id is always the last. Several may stand in one value, with commas. " +
				"`relevance` goes with `q` only, and stands last.",
			Schema: schema{"type": "string", "enum": signed(append(readmodel.SortNames(r.Kind), readmodel.Relevance))}, Example: "-updated",
		}
	case "facets":
		param = specParameter{
			Description: "Count the values of these among the records that match. Several may stand in one value, with commas.",
			Schema:      schema{"type": "string", "enum": anys(readmodel.FacetNames(r.Kind))}, Example: readmodel.FacetNames(r.Kind)[0],
		}
	default:
		return filterParameter(r.Kind, name)
	}
	return camel(string(r.Kind)) + camel(name), param
}

// filterParameter describes a filter.
func filterParameter(kind directory.Kind, name string) (component string, param specParameter) {
	w := filterWordsOf(kind, name)
	component = "Filter" + camel(name)
	if _, common := commonFilters[name]; !common {
		component = camel(string(kind)) + camel(name)
	}
	words := w.words
	if v, ok := directory.VocabularyNamed(w.takes); ok && len(v.Terms) >= manyTerms {
		words += " Codes: `GET " + basePath + "/vocabularies/" + v.Name + "`."
	}
	return component, specParameter{Description: words, Schema: filterSchema(w), Example: w.example}
}

func pageSize(words string, otherwise int) specParameter {
	return specParameter{
		Description: words,
		Schema:      schema{"type": "integer", "minimum": 1, "maximum": maxLimit, "default": otherwise},
	}
}

// signed returns each name, and each with a minus before it.
func signed(names []string) []any {
	values := make([]any, 0, 2*len(names))
	for _, name := range names {
		values = append(values, name, "-"+name)
	}
	return values
}

// pathParameters describes what stands in the address itself.
func pathParameters(r Route) (names []string, params []specParameter) {
	for part := range strings.SplitSeq(r.Path, "/") {
		name := strings.TrimLeft(part, ":*")
		if name == part {
			continue
		}
		param := specParameter{Name: name, In: "path", Required: true, Schema: schema{"type": "string", "minLength": 1}}
		component := camel(name)
		switch name {
		case "id":
			component, param.Example = camel(typeName(r.Kind))+"ID", exampleID(r.Kind)
			param.Schema["maxLength"] = 80
			param.Description = "The id of the " + noun(r.Kind) + "."
			if strings.HasPrefix(r.Path, webhooksPath) {
				component, param.Example, param.Description = "WebhookID", "webhook-4jyq2z6d3lwj", "The id of the webhook."
			}
			if strings.HasPrefix(r.Path, citationsPath) {
				component, param.Example, param.Description = "CitationID", "citation-4jyq2z6d3lwj", "The id of the citation."
			}
			if r.Kind == directory.Functions {
				param.Description = "The id of the function, or its notation, in any case."
			}
		case "version":
			component, param.Example = "VersionNumber", 1
			param.Schema = schema{"type": "integer", "format": "int64", "minimum": 1}
			param.Description = "The number of a version."
		case "name":
			component, param.Example = "VocabularyName", directory.VocabularyRoleTypes
			param.Description = "The name of the vocabulary."
			param.Schema["enum"] = vocabularyNames()
		case "code":
			component, param.Example = "ProblemCodeName", "stale"
			param.Description, param.Schema = "The problem code.", ref("ProblemCode")
		case "any":
			component, param.Example = "DocumentationFile", uiFiles[0]
			param.Description, param.Schema["enum"] = "A file of the page.", anys(uiFiles)
		}
		names, params = append(names, component), append(params, param)
	}
	return names, params
}

func vocabularyNames() []any {
	var names []any
	for _, v := range directory.Vocabularies() {
		names = append(names, v.Name)
	}
	return names
}

// camel turns a name of the wire into one of a component: next_cursor is NextCursor.
func camel(name string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
