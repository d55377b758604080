package httpapi

import (
	"slices"

	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

// judging are the filters that those who judge absence do not take: who is absent has no role to be filtered by.
var judging = []string{"type", "raci", "actor"}

// judges makes an address one that judges absence, with the filters of roles but some.
func (r Route) judges(but ...string) Route {
	r.absence = judging
	return r.analyses(append(but, judging...)...)
}

// judgementRoutes are the addresses that tell where nobody is, or too many are.
func (a *API) judgementRoutes() []Route {
	items := []Param{{Name: "by"}, {Name: "scope"}, {Name: "children"}}
	gaps := slices.Concat(items, []Param{{Name: "rule", Many: true}, {Name: "group", Many: true}, {Name: "stale_after"}, {Name: "limit"}})
	return []Route{
		read(gapsPath, "listGaps", a.gaps, gaps...).judges("group"),
		read(balancePath, "getBalance", a.balance, items...).judges(),
		read(raciPath, "getRACI", a.raci, items...).judges(),
		a.qualityRoute(),
		read(overlapsPath, "listOverlaps", a.overlaps, Param{Name: "limit"}).analyses(),
	}
}

// judgementParameter describes the parameters of those addresses that no others have, or have otherwise.
func judgementParameter(r Route, name string) (component string, param specParameter, ok bool) {
	choice := func(words string, values []string) specParameter {
		return specParameter{Description: words, Schema: schema{"type": "string", "enum": anys(values), "default": values[0]}}
	}
	count := func(words string, most, usual int) specParameter {
		return specParameter{Description: words, Schema: schema{"type": "integer", "minimum": 1, "maximum": most, "default": usual}}
	}
	rules, _ := directory.VocabularyNamed(directory.VocabularyGapRules)
	switch {
	case name == "by" && r.Path == gapsPath:
		by := []readmodel.By{readmodel.ByFunction, readmodel.ByInitiative, readmodel.ByBoth}
		return "GapsBy", choice("What the items are: functions, initiatives, or functions and then initiatives.", textsOf(by)), true
	case name == "by" && (r.Path == balancePath || r.Path == raciPath):
		by := []readmodel.By{readmodel.ByFunction, readmodel.ByInitiative}
		return "JudgementBy", choice("What the items are.", textsOf(by)), true
	case name == "by" && r.Path == qualityPath:
		return "QualityBy", choice("What there is a row for: a group, an organisation with its units, or an actor.", qualityBy()), true
	case name == "stale_after" && r.Path == qualityPath:
		return "QualityStaleAfter", count("How many days ago an actor's record may have been confirmed to be fresh.", mostStale, usualStale), true
	case name == "rule" && r.Path == gapsPath:
		return "GapsRule", specParameter{
			Description: "Only gaps of this rule. Labels: `GET " + basePath + "/vocabularies/gap_rules`.",
			Schema:      schema{"type": "string", "enum": anys(rules.Codes())}, Example: directory.GapNoLead,
		}, true
	case name == "group" && r.Path == gapsPath:
		return "GapsGroup", specParameter{
			Description: "Only gaps that say that this constituent is absent.",
			Schema:      schema{"type": "string", "enum": anys(constituents())}, Example: directory.GroupWorkers,
		}, true
	case name == "stale_after" && r.Path == gapsPath:
		return "GapsStaleAfter", count("After how many days an actor's record that was confirmed has to be confirmed again (rule `stale`).", mostStale, usualStale), true
	case name == "limit" && (r.Path == gapsPath || r.Path == overlapsPath || r.Path == qualityPath):
		return "ToldLimit", count("How many are told one by one; `total` counts all of them. Without it, a file holds all there are, up to the most.", mostTold, usualTold), true
	default:
		return "", param, false
	}
}

// judgementDocs are what the document says of those addresses.
func judgementDocs() []analysisDoc {
	return []analysisDoc{gapsDoc(), balanceDoc(), raciDoc(), overlapsDoc(), qualityDoc()}
}

func gapsDoc() analysisDoc {
	return analysisDoc{
		id: "listGaps", summary: "Where is nobody", shape: readmodel.Gaps{},
		words: "For every function and initiative in scope, what is missing or doubtful, by severity, by rule and in the order of the items. " +
			"`no_lead`: nobody is accountable (RACI A). `several_leads`: more than one actor is accountable for the same function in the same initiative, standing roles together. " +
			"`no_implementer`: nobody is responsible (R). `no_funder`: nobody funds a strategy, programme, project or event, nor an initiative that it is part of. " +
			"`missing_constituent`: no actor of government, employers or workers. `territory_uncovered`: no role reaches a region; a role in all of `MA` reaches each of them, one without a territory none; " +
			"with `territory` or `reach`, only the regions asked for are judged. `unsourced`: a role names no source. `stale`: the actor of a role was confirmed, but not in the last `stale_after` days. " +
			"Candidates have such a role on the same function elsewhere, on the parent, or on a sibling, the nearest first, those with the most roles before others.",
		example: map[string]any{
			"items": []any{map[string]any{
				"rule": directory.GapNoLead, "severity": directory.SeverityHigh, "function": "ret-rei",
				"detail": "The function “Economic reintegration” has no lead: nobody is accountable for it.", "roles": []any{},
				"candidates": []any{map[string]any{"actor": "anapec", "why": "Lead for the sibling function “Return support”"}},
			}},
			"total": 1, "by_rule": map[string]any{directory.GapNoLead: 1},
		},
	}
}

func balanceDoc() analysisDoc {
	part := func(actors int, roles map[string]any) map[string]any {
		return map[string]any{"actors": actors, "roles": roles}
	}
	return analysisDoc{
		id: "getBalance", summary: "Tripartite balance", shape: readmodel.Balance{},
		words: "For every function or initiative in scope, those with nothing included: the different actors of government, employers and workers, how many roles of which type they have, " +
			"the actors of other groups, and which constituent is missing.",
		example: map[string]any{"items": []any{map[string]any{
			"id": "pol-soc", "label": "Social dialogue and tripartism", "parent": "pol",
			"government": part(2, map[string]any{"lead": 1, "participant": 1}), "employers": part(1, map[string]any{"participant": 1}),
			"workers": part(0, map[string]any{}), "others": map[string]any{"international": 2}, "missing": []any{directory.GroupWorkers},
		}}},
	}
}

func raciDoc() analysisDoc {
	return analysisDoc{
		id: "getRACI", summary: "RACI chart", shape: readmodel.Chart{},
		words: "For every function or initiative in scope, those with nothing included: which actors are accountable (A), responsible (R), consulted (C) and informed (I), " +
			"by their roles' types or by what a role says itself, and the rules that this breaks: exactly one A, at least one R. An actor stands under every letter that it holds.",
		example: map[string]any{"items": []any{map[string]any{
			"id": "pol-str", "label": "Policy and strategy development", "parent": "pol",
			"A": []any{"miepeec"}, "R": []any{"ilo", "iom"}, "C": []any{"ccme"}, "I": []any{}, "broken": []any{},
		}}},
	}
}

func overlapsDoc() analysisDoc {
	return analysisDoc{
		id: "listOverlaps", summary: "Who does the same thing", shape: readmodel.Overlaps{},
		words: "Pairs of roles of different actors that do the same thing at the same place and time: the same type, one that leads or carries out (RACI A or R), the same function, the same initiative or both in none, " +
			"a territory equal to or inside one of the other's, and periods that meet. An actor and one above it do not overlap. The role that started first comes first. " +
			"By function, type and initiative, then by the start. With `actor`, one of the two is that actor's.",
		example: map[string]any{
			"items": []any{map[string]any{
				"type": "implementer", "function": "rec-sel", "initiative": "thamm-giz", "territory": "DE", "actors": []any{"giz", "de-ba"},
				"roles": []any{"giz-implementer-rec-sel", "de-ba-implementer-rec-sel"}, "start": "2019-01-01", "end": nil,
			}},
			"total": 1,
		},
	}
}

// adjustJudgements says of their schemas what their Go types cannot.
func (s *schemas) adjustJudgements() {
	count := schema{"type": "integer", "minimum": 0}
	counts := func(names any) schema {
		return schema{"type": "object", "propertyNames": names, "additionalProperties": count}
	}
	vocabulary := func(name string) schema { return ref(s.vocabulary(name)) }
	ids := schema{"type": "array", "items": ref("ID")}
	pair := schema{"type": "array", "items": ref("ID"), "minItems": 2, "maxItems": 2}
	open := schema{"anyOf": []any{ref("Date"), schema{"type": "null"}}}
	for member, shape := range map[string]schema{
		"rule": vocabulary(directory.VocabularyGapRules), "severity": vocabulary(directory.VocabularyGapSeverities),
		"function": ref("ID"), "initiative": ref("ID"), "territory": vocabulary(directory.VocabularyTerritories),
		"group": {"type": "string", "enum": anys(constituents())}, "roles": ids,
	} {
		s.set("Gap", member, shape)
	}
	s.set("Candidate", "actor", ref("ID"))
	s.set("Gaps", "total", count)
	s.set("Gaps", "by_rule", counts(vocabulary(directory.VocabularyGapRules)))
	s.set("BalanceItem", "others", counts(vocabulary(directory.VocabularyGroups)))
	s.set("BalanceItem", "missing", schema{"type": "array", "items": schema{"type": "string", "enum": anys(constituents())}})
	s.set("Constituent", "actors", count)
	s.set("Constituent", "roles", counts(vocabulary(directory.VocabularyRoleTypes)))
	for _, letter := range []string{"A", "R", "C", "I"} {
		s.set("ChartRow", letter, ids)
	}
	s.set("ChartRow", "broken", schema{"type": "array", "items": schema{"type": "string", "enum": anys(textsOf(readmodel.ChartRules()))}})
	for member, shape := range map[string]schema{
		"type": vocabulary(directory.VocabularyRoleTypes), "function": ref("ID"), "initiative": ref("ID"),
		"territory": vocabulary(directory.VocabularyTerritories), "actors": pair, "roles": pair, "start": open, "end": open,
	} {
		s.set("Overlap", member, shape)
	}
	s.set("Overlaps", "total", count)
}

func isJudgementParameter(r Route, name string) bool {
	_, _, ok := judgementParameter(r, name)
	return ok
}
