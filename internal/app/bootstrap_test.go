package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestABootstrapKeyThatNobodyCouldSendIsRefusedBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store, secret := filepath.Join(folder, "new.db"), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("too-short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, env := range []map[string]string{{"DALIL_BOOTSTRAP_KEY": "too-short"}, {"DALIL_BOOTSTRAP_KEY_FILE": secret}} {
		for _, command := range [][]string{
			{"serve", "--listen", "127.0.0.1:0"}, {"key", "create", "--name", "x"}, {"import", "../sample/morocco"},
		} {
			code, _, errs := run(t, env, append(command, "--store", store)...)
			if code != 2 || !strings.Contains(errs, "DALIL_BOOTSTRAP_KEY") || strings.Contains(errs, "too-short") {
				t.Errorf("%v: exit %d, %s", command, code, errs)
			}
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
