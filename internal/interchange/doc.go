// Package interchange has one duty: files in and out. It reads CSV, XLSX workbooks, JSON lines and the files of the
// Research Organization Registry into records, says of every fault in which file, row and column it lies, and writes
// records so that reading them again gives the same.
//
// Tables (CSV, and the sheets of a workbook) have a row for each record and the columns of columns.go. A list stands in
// one cell, parted by semicolons; a list of objects (other_names, locations, and identifiers where scheme:value does
// not say it all) stands there in JSON. A text has a column for each language, name_fr or name_zh-Hant. An apostrophe
// before = + - @ or a space says that the cell is a text; reading takes it off. What only Dalil sets (version, created,
// updated, attested, merged_into) has no column: NotCarried names it. JSON lines carry everything; see line for their
// shape.
//
// Text files are UTF-8, or UTF-16 with its byte order mark. Other codings are refused and never guessed: the same bytes
// are good French in one and good Arabic in another.
package interchange
