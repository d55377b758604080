//go:build race

package readmodel_test

// raced tells whether the race detector watches, under which everything takes about ten times as long.
const raced = true
