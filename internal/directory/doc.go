// Package directory has one duty: the domain. It holds the record kinds, the vocabularies, dates, languages and the
// rules that one record can keep or break by itself. It is pure: no I/O, no clock, no HTTP, no database.
//
// What a record refers to, and every rule that needs the other records, is judged above (internal/service) on an
// index of the current state (internal/readmodel).
package directory
