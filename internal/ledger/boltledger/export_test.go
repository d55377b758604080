package boltledger

// What tests need to write into a file behind the ledger's back.
var (
	LogKey = logKey
)

// Leftover is how the name of a compaction's file ends.
const Leftover = leftover

// ShortTail makes the revisions be brought up to date every few changes.
func ShortTail(opts Options) Options {
	opts.tailLimit = 10
	return opts
}
