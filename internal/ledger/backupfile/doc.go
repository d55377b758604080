// Package backupfile has one duty: to keep a whole ledger in one file that can be checked by itself, and to read it
// back. It knows the port, not a store: what is written from one store can be restored into any other.
//
// # The file
//
// A line of plain text, so that anybody can tell what the file is, then one zstd stream, then the seal:
//
//	DALIL BACKUP 1\n
//	H  the ledger's id, when the file was made, number and hash of the last commit
//	C  a commit but for its changes, and how many of those follow        ┐ for each commit,
//	R  a run of changes, about a megabyte of them, until all are there   ┘ in order
//	E  how many commits and changes, number and hash of the last commit
//	seal: a skippable frame of zstd that holds the SHA-256 of every byte before it
//
// Each frame of the stream is its letter, the length of its content, and the content. Numbers are varints but for
// digests, salts and ids, which are as many bytes as they have. The digit in the first line is the format's version.
// The seal is over the bytes of the file and not over what they unpack to, since a changed bit may unpack to the same.
// Nothing follows it.
//
// Commits are written as the ledger tells them: what was erased has neither text nor salt, and a text that an erase
// commit names is left out even where the store has not dropped it yet. Key uses are left out: they are no part of the
// chain.
//
// # Reading
//
// Nothing that a file says is believed before it is there: frames and commits have limits, memory grows with what was
// read, and a window larger than ours is refused.
package backupfile
