package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dalil/internal/raced"
)

// smallDisk returns a folder on a disk of so many kilobytes, and what makes it larger.
func smallDisk(t *testing.T, size int) (folder string, grow func()) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("dalil-test", folder, "tmpfs", 0, fmt.Sprintf("size=%dk", size)); err != nil {
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
	return folder, func() {
		t.Helper()
		if err := syscall.Mount("dalil-test", folder, "tmpfs", syscall.MS_REMOUNT, "size=256m"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADiskThatFillsDuringACopyKeepsWhatFitsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	store := filledStore(t)
	folder, grow := smallDisk(t, raced.Part(6_144, 2_048))
	to := filepath.Join(folder, "to.db")
	wants(t, 1, "make room and run the same command again", "copy", "--from", store, "--to", to)
	beginning(t, to)
	grow()
	wants(t, 0, "commits were there before", "copy", "--from", store, "--to", to)
	wants(t, 0, " 0 findings", "verify", "--store", to)
}

func TestADiskThatFillsDuringABackupLeavesNothingOfIt(t *testing.T) {
	t.Parallel()
	store := filledStore(t)
	folder, grow := smallDisk(t, raced.Part(1_024, 300))
	file := filepath.Join(folder, "dalil.backup")
	wants(t, 1, "no space left", "backup", "--store", store, "--out", file)
	names, err := os.ReadDir(folder)
	if err != nil || len(names) > 0 {
		t.Errorf("left behind: %v, %v", names, err)
	}
	grow()
	wants(t, 0, "checked", "backup", "--store", store, "--out", file)
}

func TestADiskThatFillsDuringAnImportTakesNothingOfIt(t *testing.T) {
	t.Parallel()
	actors := raced.Part(20_000, 6_000)
	files := manyActors(t, actors)
	folder, grow := smallDisk(t, raced.Part(6_144, 2_048))
	store := filepath.Join(folder, "dalil.db")
	wants(t, 1, "disk is full; nothing was written", "import", files, "--store", store)
	wants(t, 0, "1 commits", "verify", "--store", store)
	wants(t, 0, "actors        0", "stats", "--store", store)
	wants(t, 1, "disk is full; nothing was written", "import", files, "--store", store)
	grow()
	created := fmt.Sprintf("%d created, 0 changed, 0 unchanged, 0 refused, position 2", actors)
	wants(t, 0, created, "import", files, "--store", store)
	wants(t, 0, " 0 findings", "verify", "--store", store)
}

func TestADiskThatFillsDuringARestoreKeepsWhatFitsAndTheNextRunGoesOn(t *testing.T) {
	t.Parallel()
	store, file := filledStore(t), filepath.Join(t.TempDir(), "whole.backup")
	wants(t, 0, "checked", "backup", "--store", store, "--out", file)
	folder, grow := smallDisk(t, raced.Part(6_144, 2_048))
	to := filepath.Join(folder, "to.db")
	wants(t, 1, "make room and run the same command again", "restore", "--in", file, "--store", to)
	beginning(t, to)
	grow()
	wants(t, 0, "commits were there before", "restore", "--in", file, "--store", to)
	wants(t, 0, " 0 findings", "verify", "--store", to)
}
