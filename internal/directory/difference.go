package directory

import (
	"github.com/go-json-experiment/json"
	"github.com/wI2L/jsondiff"
)

// bookkeeping holds what every version changes and nobody looks for in a difference.
var bookkeeping = []string{"/version", "/updated"}

// Difference returns the JSON Patch (RFC 6902) that makes one text of a record of the other, without what every version
// changes. An erased or absent text counts as empty before, and as no difference after.
func Difference(from, to []byte) ([]byte, error) {
	if to == nil {
		return []byte("[]"), nil
	}
	if from == nil {
		from = []byte("{}")
	}
	patch, err := jsondiff.CompareJSON(from, to, jsondiff.Ignores(bookkeeping...))
	if err != nil {
		return nil, err
	}
	if len(patch) == 0 {
		return []byte("[]"), nil
	}
	return json.Marshal(patch)
}
