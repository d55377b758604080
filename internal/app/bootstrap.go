package app

import (
	"errors"
	"os"

	"dalil/internal/access"
	"dalil/internal/config"
)

// bootstrapSetting is the environment variable of the first admin key.
const bootstrapSetting = "DALIL_BOOTSTRAP_KEY"

// bootstrapKey reads the first admin key of an empty store; "" when the settings give none. One that nobody could send
// is an error of usage that names the setting, and never the key.
func bootstrapKey(sh shell) (string, error) {
	key, err := config.Secret(sh.env, os.ReadFile, bootstrapSetting)
	if err != nil {
		return "", usageError{err}
	}
	if key != "" && !access.ValidSecret(key) {
		return "", usageError{errors.New(bootstrapSetting + " (or the file that " + bootstrapSetting +
			"_FILE names) cannot be: 20 to 200 letters, digits, '-' and '_' are expected")}
	}
	return key, nil
}
