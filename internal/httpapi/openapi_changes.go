package httpapi

import (
	"net/http"

	"dalil/internal/directory"
)

// These say what changes.go writes by hand.
type (
	change struct {
		Seq     uint64         `json:"seq"`
		At      directory.Time `json:"at"`
		Op      string         `json:"op"`
		Kind    directory.Kind `json:"kind"`
		ID      string         `json:"id"`
		Version uint64         `json:"version"`
		Record  any            `json:"record,omitempty"`
	}
	changeList struct {
		Items  []change `json:"items"`
		Next   uint64   `json:"next"`
		Cursor string   `json:"cursor"`
		Head   uint64   `json:"head"`
		More   bool     `json:"more"`
	}
)

// changesWords says what the operation is.
var changesWords = operationWords{
	"changes", "Keep a copy in step", "What happened after a position, in order: nothing is missing and nothing comes twice. `put`, `archive`, `restore` and " +
		"`merge` come with the record as it is to be kept; `hide` says that the caller can see a record no longer, for a reason of its own or because " +
		"of a record that it names; `erase` says that the text of a record is gone up to a version, which is to be dropped wherever it was kept. A record that " +
		"comes to be seen, though nobody wrote it, is told as `put`. What a version said that the caller may no longer see is left out.\n\n" +
		"Begin with `after=0`, and go on with the `next` of each answer until `more` is false: such a page holds whole commits, the first one though it " +
		"has more changes than `limit`. Or begin with `cursor=0`, and go on with the `cursor` of each answer: no page holds more than `limit`, and one may " +
		"end within a commit. 409 `beyond_head`: the directory was restored to an earlier state, begin again at 0.\n\n" +
		"With `Accept: text/event-stream`, the same as server-sent events, for ever: each has the type `change`, the data of an item, and an `id` that " +
		"`Last-Event-ID` goes on from. A stream ends when the key no longer opens what it did, and when the server stops.",
}

// changesParameter describes the parameters of the changes.
func changesParameter(name string) (component string, p specParameter) {
	switch name {
	case "after":
		return "ChangesAfter", specParameter{
			Description: "The position after which to begin.",
			Schema:      schema{"type": "integer", "format": "int64", "minimum": 0, "default": 0}, Example: 0,
		}
	case "cursor":
		return "ChangesCursor", specParameter{
			Description: "The `cursor` of the answer before, in the place of `after`.",
			Schema:      schema{"type": "string", "pattern": placeForm}, Example: "0",
		}
	default:
		return "ChangesLimit", pageSize("How many items a page holds at most, one commit that has more and is asked for with `after` aside; of a stream, how many are read at once.", defaultChanges)
	}
}

// placeForm is what placeText writes.
const placeForm = `^[0-9]{1,19}(:[a-z]+:[a-z0-9][a-z0-9._-]*)?$`

// lastEventID is the header by which a stream is taken up again.
func lastEventID() specParameter {
	return specParameter{
		Name: "Last-Event-ID", Schema: schema{"type": "string", "pattern": placeForm}, Example: "0",
		Description: "Of a stream: the `id` of the last event, after which it goes on; it goes before `after` and `cursor`.",
	}
}

// changesSuccesses describes the answers.
func changesSuccesses() []success {
	content := inJSON("ChangeList")
	content[mediaEvents] = specMedia{Schema: schema{"type": "string"}}
	return []success{
		succeed(http.StatusOK, "ChangesTold", "A page of the changes, or a stream of them.", content, "ETagUnlessStream", "Link", "XAccelBuffering"),
		notModified(),
	}
}

func (s *schemas) adjustChanges() {
	s.set("Change", "op", schema{"type": "string", "enum": []any{"put", "archive", "restore", "merge", "hide", "erase"}})
	s.set("Change", "kind", kindSchema())
	s.set("Change", "id", ref("ID"))
	var records []any
	for _, kind := range directory.Kinds() {
		records = append(records, ref(typeName(kind)))
	}
	s.set("Change", "record", schema{"anyOf": records})
	s.set("ChangeList", "cursor", schema{"type": "string", "pattern": placeForm})
}

func exampleChanges() map[string]any {
	return map[string]any{
		"items": []any{
			map[string]any{
				"seq": 510, "at": exampleTime, "op": "put", "kind": "actors", "id": "anapec-agadir", "version": 1,
				"record": exampleAnswer(directory.Actors),
			},
			map[string]any{"seq": 512, "at": exampleTime, "op": "hide", "kind": "sources", "id": "note-interne", "version": 3},
		},
		"next": 512, "cursor": "512", "head": 512, "more": false,
	}
}
