package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/internal/sample"
)

func TestEveryCommandThatFindsItsStoreServedSaysWhatCanBeDone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, other, backup := filepath.Join(folder, "served.db"), filepath.Join(folder, "other.db"), filepath.Join(folder, "a.backup")
	server := startOn(t, store)
	if code, _, errs := run(t, map[string]string{"DALIL_KEY": testKey}, "backup", "--server", server.url, "--out", backup); code != 0 {
		t.Fatalf("taking a backup: %d %s", code, errs)
	}
	content := filepath.Join(folder, "content")
	if err := os.CopyFS(content, sample.Morocco()); err != nil {
		t.Fatal(err)
	}
	const goThrough, stopIt = "--server URL in place of --store", "stop its server first"
	for command, want := range map[string]string{
		"serve --listen 127.0.0.1:0 --store " + store:                             "stop the other one",
		"import " + content + " --store " + store:                                 goThrough,
		"import " + content + " --dry-run --store " + store:                       goThrough,
		"export --format csv --out " + folder + "/out --store " + store:           goThrough,
		"key list --store " + store:                                               goThrough,
		"key create --name x --store " + store:                                    goThrough,
		"key revoke x --store " + store:                                           goThrough,
		"stats --store " + store:                                                  goThrough,
		"backup --out " + filepath.Join(folder, "b.backup") + " --store " + store: goThrough,
		"verify --store " + store:                                                 "dalil verify --in FILE",
		"compact --store " + store:                                                stopIt,
		"copy --from " + store + " --to " + other:                                 "dalil backup --server URL",
		"restore --in " + backup + " --store " + store:                            "stop its server first",
	} {
		t.Run(strings.Join(strings.Fields(command)[:2], " "), func(t *testing.T) {
			code, _, errs := run(t, nil, strings.Fields(command)...)
			if code != 1 || !strings.Contains(errs, "open in another process") || !strings.Contains(errs, want) {
				t.Errorf("%s: exit %d, and does not say %q: %s", command, code, want, errs)
			}
		})
	}
}
