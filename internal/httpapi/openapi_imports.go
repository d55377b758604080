package httpapi

import (
	"net/http"

	"dalil/internal/service"
)

// importWords says what the operations are.
var importWords = map[string]operationWords{
	"startImport": {"files", "Import files", "One or more parts called `file`, each with a file name, which tells format and kind: CSV, XLSX or JSON lines as " +
		"`export` writes them, or an organisations file of the Research Organization Registry. All of it is one commit or nothing; with `keep_going` the good rows are " +
		"taken. Importing the same twice changes nothing. The answer says where the import is told of."},
	"getImport": {"files", "See how an import stands", "Only whoever started it, and admins, see it, at the node that it was sent to. Errors, notes and possible duplicates say " +
		"file, row and column, and a dry run says what each row would do; 1,000 of each list are told at a time, and `next` is the `after` with which those that follow are. " +
		"An import ends as `done`, `refused` (nothing was written) or `failed`."},
}

// importAfter describes where the lists of an import go on.
func importAfter() specParameter {
	return specParameter{
		Description: "How many entries of each list are passed over: the `next` of the answer before.",
		Schema:      schema{"type": "integer", "minimum": 0, "maximum": service.MaxJobEntries, "default": 0}, Example: service.ImportPage,
	}
}

// importSuccesses describes the answers.
func importSuccesses(r Route) []success {
	if r.ID == "startImport" {
		return []success{succeed(http.StatusAccepted, "ImportStarted", "The import has begun.", inJSON("ImportJob"), "LocationOfRecord")}
	}
	return []success{succeed(http.StatusOK, "ImportRead", "The import.", inJSON("ImportJob"))}
}

// importForm is the body that an import takes.
func importForm() specMedia {
	file := schema{"type": "string", "contentMediaType": mediaBinary}
	return specMedia{Schema: closed(schema{"file": schema{"type": "array", "items": file, "minItems": 1, "maxItems": service.MaxImportFiles}}, []any{"file"})}
}

func (s *schemas) adjustImports() {
	states := []any{service.JobWaiting, service.JobRunning, service.JobDone, service.JobRefused, service.JobFailed}
	s.set("ImportJob", "state", schema{"type": "string", "enum": states})
}

func exampleImport() map[string]any {
	return map[string]any{
		"id": "import-4jyq2z6d3lwj3zj7tge4a2kuqx", "state": "refused", "stage": "judge", "done": 3, "total": 3,
		"began": exampleTime, "ended": exampleTime, "dry_run": false, "keep_going": false,
		"created": 0, "changed": 0, "unchanged": 0, "by_kind": map[string]any{}, "refused": 1, "refused_by_header": 0, "seq": 512,
		"errors": []any{map[string]any{
			"file": "roles.csv", "row": 3, "column": 1, "name": "actor", "code": "dangling_reference", "detail": "There is no live record actors/nobody.",
		}},
		"error_count": 1, "notes": []any{}, "note_count": 0, "duplicates": []any{}, "duplicate_count": 0, "changes": []any{}, "change_count": 0,
	}
}
