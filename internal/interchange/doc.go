// Package interchange has one duty: files in and out. It reads the CSV folder of a directory into records, and says of
// every fault in which file, row and column it lies.
package interchange
