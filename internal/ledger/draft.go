package ledger

import "dalil/internal/directory"

// Draft is what a proposal wants committed; the writer makes a Commit of it. A draft without changes makes none.
type Draft struct {
	Author  Author
	Reason  string
	Ledger  ID16 // of genesis only
	Request *Request
	Changes []DraftChange
}

// DraftChange is one change of a draft. The record's version is set; the writer stamps created and updated.
type DraftChange struct {
	Op     Op
	Record directory.Record
	Erased []uint64 // of Erase
}
