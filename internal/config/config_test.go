package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"dalil/internal/config"
)

// parse reads arguments and an environment as the serve command does.
func parse(args []string, env map[string]string) (*config.Serve, error) {
	var s config.Serve
	fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	s.Flags(fs)
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	lookup := func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
	if err := config.FromEnv(fs, lookup); err != nil {
		return nil, err
	}
	return &s, s.Validate()
}

func TestAFlagComesBeforeTheEnvironmentAndThatBeforeTheDefault(t *testing.T) {
	t.Parallel()
	env := map[string]string{"DALIL_STORE": "from-env.db", "DALIL_LISTEN": ":1", "DALIL_SAMPLE": "true"}
	s, err := parse([]string{"--store", "from-flag.db"}, env)
	if err != nil {
		t.Fatal(err)
	}
	if s.Store != "from-flag.db" || s.Listen != ":1" || !s.Sample || s.LogFormat != "json" {
		t.Errorf("settings %+v", s)
	}
}

func TestOfTwoAlternativesTheFlagComesBeforeTheEnvironment(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args           []string
		one, other, is string
	}{
		{nil, "env-one", "env-other", ""},
		{[]string{"--one", "a"}, "a", "", ""},
		{[]string{"--other", "b"}, "", "b", ""},
		{[]string{"--other", "b", "--one", "a"}, "a", "b", "give --one or --other, not both"},
	}
	for _, tt := range tests {
		fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
		one, other := fs.String("one", "", ""), fs.String("other", "", "")
		config.Alternatives(fs, "one", "other")
		if err := fs.Parse(tt.args); err != nil {
			t.Fatal(err)
		}
		env := map[string]string{"DALIL_ONE": "env-one", "DALIL_OTHER": "env-other"}
		err := config.FromEnv(fs, func(name string) (string, bool) { v, ok := env[name]; return v, ok })
		if said := fmt.Sprint(err); *one != tt.one || *other != tt.other || err != nil != (tt.is != "") || tt.is != "" && said != tt.is {
			t.Errorf("%v: %q, %q, %v", tt.args, *one, *other, err)
		}
	}
}

func TestAWrongValueIsRefusedByName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		args []string
		env  map[string]string
		want string
	}{
		{[]string{"--listen", "8080"}, nil, "--listen"},
		{[]string{"--trace-endpoint", "localhost:4318"}, nil, "--trace-endpoint"},
		{[]string{"--trace-ratio", "1.5"}, nil, "--trace-ratio"},
		{[]string{"--trace-ratio", "NaN"}, nil, "--trace-ratio"},
		{[]string{"--timezone", "Mars/Olympus"}, nil, "--timezone"},
		{[]string{"--log-level", "loud"}, nil, "--log-level"},
		{[]string{"--log-format", "xml"}, nil, "--log-format"},
		{[]string{"--store", ""}, nil, "--store"},
		{[]string{"--rate-anonymous=-1"}, nil, "rate-anonymous"},
		{[]string{"--trusted-proxies", "everyone"}, nil, "trusted-proxies"},
		{[]string{"--stop-grace", "0s"}, nil, "stop-grace"},
		{nil, map[string]string{"DALIL_SAMPLE": "perhaps"}, "DALIL_SAMPLE"},
		{nil, map[string]string{"DALIL_RATE_SIGNED_IN": "many"}, "DALIL_RATE_SIGNED_IN"},
	}
	for _, tt := range tests {
		_, err := parse(tt.args, tt.env)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v %v: error %v does not name %s", tt.args, tt.env, err, tt.want)
		}
	}
}

func TestEveryWrongValueIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := parse([]string{"--listen", "x", "--log-format", "xml"}, nil)
	if err == nil || !strings.Contains(err.Error(), "--listen") || !strings.Contains(err.Error(), "--log-format") {
		t.Errorf("error %v", err)
	}
}

func TestASecretComesFromTheEnvironmentOrTheFileItNames(t *testing.T) {
	t.Parallel()
	env := map[string]string{"A": "direct", "B_FILE": "path", "C_FILE": "missing"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	read := func(path string) ([]byte, error) {
		if path == "path" {
			return []byte("from file\n"), nil
		}
		return nil, errors.New("no such file")
	}
	for name, want := range map[string]string{"A": "direct", "B": "from file", "D": ""} {
		if got, err := config.Secret(lookup, read, name); got != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	if _, err := config.Secret(lookup, read, "C"); err == nil || !strings.Contains(err.Error(), "C_FILE") {
		t.Errorf("a missing file: %v", err)
	}
}

func TestTheHelpNamesEachEnvironmentVariable(t *testing.T) {
	t.Parallel()
	var s config.Serve
	fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	s.Flags(fs)
	config.Document(fs)
	help := fs.FlagUsages()
	for _, want := range []string{"DALIL_STORE", "DALIL_LOG_LEVEL", "DALIL_TRUSTED_PROXIES", `"dalil.db"`} {
		if !strings.Contains(help, want) {
			t.Errorf("the help lacks %s", want)
		}
	}
}
