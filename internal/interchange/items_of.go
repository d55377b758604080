package interchange

import "dalil/internal/directory"

// ItemsOf returns the items of records that were read from no file, normalised.
func ItemsOf(records []directory.Record) []Item {
	items := make([]Item, len(records))
	for i, r := range records {
		directory.Normalize(r)
		items[i].Record = r
	}
	return items
}
