// Package mongoledger has one duty: to keep a ledger in a MongoDB database. It asks for nothing that a single server
// does not have, so the same code is right on one server, a replica set, Atlas or a compatible server; where change
// streams are offered, it uses them to hear of new commits at once.
//
// # The database
//
//	commits       one document per commit, _id = its number; inserting it is what makes the commit exist
//	commit_parts  the changes of big commits, _id = {seq, token, part}; a part that no commit lists is nothing
//	actors, …     one collection per kind: the current records as typed documents for people, _id = the record's id;
//	              what Dalil itself reads of them is in _dalil: {seq, version, op, digest, salt, json}
//	revisions     every version of every record, _id = kind/id/version
//	meta          layout: ours, and which layout; projection: {projected: W}; barrier: see below
//	key_uses      the hour of each key's last use, no part of the ledger
//
// # Durability
//
// Every write waits for a majority and its journal, every read is of what a majority has, on the primary, whatever the
// URI says. A group of commits is one ordered insert. It is sent once: the driver's own retries of writes are off,
// because Append, repeated by its caller, does the same and says what it found. A duplicate key is answered by what a
// majority holds at that position. What a new primary holds for a majority may for a moment be less than what the old
// one had said; so before something that should be there is called missing, a write to meta waits for a majority (the
// barrier): after it nothing that was ever acknowledged is out of sight.
//
// # The projection
//
// Kinds and revisions are written after the commit and follow from it, so any node may write them, in any order, any
// number of times: a record's document gives way only to a greater seq, a revision never. Every commit up to
// meta.projected is wholly projected. Each node projects what it has appended, in the background, and raises that
// number where it fits; a node that sees it stand still projects what is missing. Load and History read it first and
// complete what they find from the commits, so nothing depends on how far the projection has come.
package mongoledger
