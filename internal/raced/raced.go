// Package raced tells tests whether the race detector watches them, under which everything takes about ten times as
// long. Every test runs with it and without it: what the detector looks for shows in a part of the work, and the run
// without it is the one that does all of it.
package raced

// Part returns how much of a piece of work a test does: all of it, or under the race detector only some.
func Part(all, some int) int {
	if On {
		return some
	}
	return all
}
