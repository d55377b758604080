package httpapi

import (
	"dalil/internal/directory"
	"dalil/internal/readmodel"
)

func profileDoc() analysisDoc {
	role := map[string]any{
		"id": "role-4jyq2z6d3lwj", "actor": "anapec", "actor_label": "ANAPEC", "type": "implementer", "type_label": "Implementer", "raci": "R",
		"function": "rec-pub", "function_label": "Public placement abroad", "start": "2022", "sources": []any{"snmpi-communique"},
	}
	return analysisDoc{
		id: "getActorProfile", summary: "One actor whole", shape: readmodel.Profile{},
		words: "The record, its units, its roles by function and by initiative, its relations read from its end, the sources of all that, and how complete and how fresh its own record is. As a file: the roles.",
		example: map[string]any{
			"actor": exampleAnswer(directory.Actors), "units": []any{}, "initiatives": []any{},
			"functions": []any{map[string]any{"id": "rec-pub", "label": "Public placement abroad", "parent": "rec", "roles": []any{role}}},
			"relations": []any{map[string]any{
				"id": "relation-4jyq2z6d3lwj", "of": "anapec", "type": "supervised_by", "label": "is supervised by", "actor": "miepeec", "actor_label": "MIEPEEC",
			}},
			"sources":      []any{exampleAnswer(directory.Sources)},
			"completeness": map[string]any{"percent": 77, "missing": []any{directory.FieldEmail, directory.FieldMandate}, "roles": 4, "unsourced_roles": 1},
		},
	}
}

func exampleSpan() map[string]any {
	return map[string]any{"kind": "roles", "id": "role-4jyq2z6d3lwj", "label": "OIT – Partner", "start": "2022-07", "end": nil, "actor": "ilo", "initiative": "snmpi"}
}

func timelineDoc() analysisDoc {
	return analysisDoc{
		id: "getTimeline", summary: "Periods, for drawing", shape: readmodel.Timeline{},
		words: "The effective periods of roles, and the periods of initiatives: of those that `initiative` and `framework` choose and, with other filters, that have one of the roles. " +
			"With `as_of=any` whatever the dates. At most 50,000.",
		example: map[string]any{"items": []any{exampleSpan()}},
	}
}

func compareDoc() analysisDoc {
	return analysisDoc{
		id: "compareDates", summary: "What is different between two dates, or between two states of the directory", shape: readmodel.Comparison{},
		words: "Between two dates (`from`, `to`): what began and what ended, of roles and of initiatives as in a timeline and, without filters, of actors and relations; at most 50,000 of each. " +
			"Between two states (`known_at` twice, the earlier first): which records were created, changed and archived, as far as both may be seen now, each with its JSON Patch; " +
			"of the roles and initiatives that the filters keep in either state and, without filters, of all kinds; at most 10,000. Both may be asked at once: began and ended are then of the second state.",
		example: map[string]any{
			"as_of": "any", "from": "2022", "to": "2026", "known_at": []any{400, 512}, "began": []any{exampleSpan()}, "ended": []any{}, "changed": []any{exampleChanged()},
		},
	}
}

func exampleChanged() map[string]any {
	changed := exampleSpan()
	changed["change"], changed["was"], changed["version"] = readmodel.ChangeChanged, 1, 2
	changed["patch"] = []any{map[string]any{"op": "replace", "path": "/type", "value": "partner"}}
	return changed
}

// comparedStates describes known_at where two states are compared.
func comparedStates() specParameter {
	param := commonParameter(knownAt)
	param.Description = "Once: as the directory was known then. Twice: what changed from the first of the two states to the second. A ledger position, or a time (RFC 3339)."
	return param
}

// adjustSpans says of these answers what their Go types cannot.
func (s *schemas) adjustSpans() {
	open := schema{"anyOf": []any{ref("Date"), schema{"type": "null"}}}
	s.set("Span", "start", open)
	s.set("Span", "end", open)
	s.set("Span", "kind", kindSchema())
	for member, shape := range map[string]schema{
		"start": open, "end": open, "kind": kindSchema(), "patch": {"type": "array", "items": ref("PatchOperation")},
		"change": {"type": "string", "enum": []any{readmodel.ChangeCreated, readmodel.ChangeChanged, readmodel.ChangeArchived}},
	} {
		s.set("ChangedRecord", member, shape)
	}
	s.set("Profile", "actor", ref("Actor"))
	s.set("Profile", "sources", schema{"type": "array", "items": ref("Source")})
}
