package boltledger_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dalil/internal/ledger/boltledger"
)

func TestAFullDiskTakesNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("dalil-test", folder, "tmpfs", 0, "size=4m"); err != nil {
		if strings.Contains(os.Getenv("DALIL_TEST_REQUIRE"), "tmpfs") {
			t.Fatalf("DALIL_TEST_REQUIRE asks for a small disk: %v", err)
		}
		t.Skipf("a small disk cannot be made here: %v; DALIL_TEST_REQUIRE=tmpfs makes this a failure", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Errorf("the small disk stays: %v", err)
		}
	})
	path := filepath.Join(folder, "dalil.db")
	fill(t, path, boltledger.Options{})
	if err := syscall.Mount("dalil-test", folder, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	goOn(t, path, boltledger.Options{})
}
