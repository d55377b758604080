//go:build !race

package readmodel_test

// raced tells whether the race detector watches.
const raced = false
