//go:build !unix

package boltledger_test

import "testing"

// byNobody tells that a test need not be run by another user: here what may not be written is so for everybody.
func byNobody(*testing.T) bool { return false }
