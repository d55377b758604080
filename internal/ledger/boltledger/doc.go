// Package boltledger has one duty: to keep a ledger in one file, by bbolt. It needs nothing installed; one process
// owns the file at a time.
//
// # The file
//
// Four buckets, and a fifth once something was erased:
//
//	meta       magic  = "dalil ledger"; without it the file is not ours
//	           layout = the version of this layout, one byte
//	           erased = present while texts that were dropped may still stand in free pages
//	           told   = the number of the last commit that revisions tells of
//	log        seq, 0         = the commit's head: everything but its changes
//	           seq, 1 … n     = its changes, each with its salt and its JSON, or blank once erased
//	revisions  ref, ^version  = the key in log of the change that wrote this version: the newest comes first
//	erasures   seq, 1 … n     = nothing: these changes in log are erasures
//	key_uses   key id         = the hour of its last use, not part of the ledger
//
// Keys hold numbers as big-endian 64 and 32 bits, so that log is in the order of commits and an append touches only its
// last pages. A change carries all that Load and History need; each text is kept once, and is blank as soon as its
// entry is. A commit and its changes become durable in one bbolt transaction, a whole group of commits in one.
//
// Revisions is an index of the log by record. It lags behind the log by a bounded number of changes, the tail, which
// is held in memory and read from the log when the store is opened. When the tail is full, the transaction that appends
// the next group brings the index up to date as well. So there is no moment at which the file, the index and the note
// how far it tells disagree, and an append is one write to the end of the log however many records there are.
//
// # Durability
//
// bbolt writes the new pages to free places, syncs, writes one of its two meta pages, and syncs again; until the last
// step the file reads as before. Only then does Append answer. After a failed transaction nobody can tell what the
// system has written, so the ledger answers ErrFatal from then on; the one exception is a full disk, when the file is
// seen to stand where it stood.
//
// # Reading
//
// A bbolt read transaction keeps every page of its moment from being reused, and the file grows meanwhile. So streams
// read a bounded piece, end the transaction, and only then hand the piece over.
package boltledger
