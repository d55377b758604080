// Package config has one duty: the settings. Each is a flag, else an environment variable (DALIL_…), else a default,
// and says all three in the help. A value that cannot be is refused with the setting's name.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// Env looks up an environment variable.
type Env func(name string) (string, bool)

// Serve holds the settings of the server.
type Serve struct {
	Store          string        // path of a file, or mongodb://…
	Listen         string        // host:port
	Sample         bool          // begin with the sample content when the store is empty
	BootstrapKey   string        // the first admin key of an empty store; from the environment only
	Timezone       string        // IANA name: of "today"
	LogLevel       string        // debug, info, warn or error
	LogFormat      string        // json or text
	RateAnonymous  int           // requests a minute for each address without a key; 0 is no limit
	RateSignedIn   int           // requests a minute for each key; 0 is no limit
	WebhookPrivate bool          // messages of webhooks may go to addresses that are not public
	WebhookKey     string        // what the secrets of webhooks are made from; from the environment only
	TrustedProxies []string      // addresses or networks whose X-Forwarded-For is believed
	StopGrace      time.Duration // how long requests under way may take when the server stops
	TraceEndpoint  string        // where traces go, by OTLP over HTTP; "" is nowhere
	TraceRatio     float64       // of the traces that are kept, 0 to 1
}

// Flags declares the settings of the server on a flag set, with their defaults.
func (s *Serve) Flags(fs *pflag.FlagSet) {
	StoreFlag(fs, &s.Store)
	fs.StringVar(&s.Listen, "listen", "127.0.0.1:8080", "address to listen on, host:port")
	fs.BoolVar(&s.Sample, "sample", false, "begin with the sample content (Morocco) when the store is empty")
	fs.StringVar(&s.Timezone, "timezone", "Africa/Casablanca", "IANA time zone of \"today\"")
	fs.StringVar(&s.LogLevel, "log-level", "info", "debug, info, warn or error")
	fs.StringVar(&s.LogFormat, "log-format", "json", "json or text")
	fs.IntVar(&s.RateAnonymous, "rate-anonymous", 600, "requests a minute for each address without a key; 0 is no limit")
	fs.IntVar(&s.RateSignedIn, "rate-signed-in", 6000, "requests a minute for each key; 0 is no limit")
	fs.StringSliceVar(&s.TrustedProxies, "trusted-proxies", nil, "addresses or networks whose X-Forwarded-For is believed")
	fs.BoolVar(&s.WebhookPrivate, "webhook-allow-private", false, "let webhooks send to private addresses, and to this machine by http")
	fs.DurationVar(&s.StopGrace, "stop-grace", 20*time.Second, "how long requests under way may take when the server stops")
	fs.StringVar(&s.TraceEndpoint, "trace-endpoint", "", "OTLP receiver of traces over HTTP, such as http://localhost:4318; none without")
	fs.Float64Var(&s.TraceRatio, "trace-ratio", 1, "how many of the traces are kept, 0 to 1")
}

// StoreFlag declares the setting that every command on a store has.
func StoreFlag(fs *pflag.FlagSet, store *string) {
	fs.StringVar(store, "store", "dalil.db", "path of the store's file, or mongodb://… for MongoDB")
}

// Name returns the environment variable of a flag: --log-level is DALIL_LOG_LEVEL.
func Name(flag string) string {
	return "DALIL_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Document adds to each flag's help the environment variable that sets it, too.
func Document(fs *pflag.FlagSet) {
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && !strings.Contains(f.Usage, "DALIL_") {
			f.Usage += " [" + Name(f.Name) + "]"
		}
	})
}

// insteadOf is the annotation of a flag that says which other stands in its place.
const insteadOf = "dalil_instead_of"

// Alternatives declares that of two flags only one may be given. One that is given comes before what the environment
// says of the other, too.
func Alternatives(fs *pflag.FlagSet, one, other string) {
	for _, pair := range [][2]string{{one, other}, {other, one}} {
		if f := fs.Lookup(pair[0]); f.Annotations == nil {
			f.Annotations = map[string][]string{insteadOf: {pair[1]}}
		} else {
			f.Annotations[insteadOf] = append(f.Annotations[insteadOf], pair[1])
		}
	}
}

// replaced returns the flag that is given and stands in the place of another; "" when there is none.
func replaced(fs *pflag.FlagSet, f *pflag.Flag) string {
	for _, other := range f.Annotations[insteadOf] {
		if fs.Changed(other) {
			return other
		}
	}
	return ""
}

// FromEnv gives the flags that were not given the values of their environment variables, unless a flag was given that
// stands in their place. Two flags that stand in each other's place are refused.
func FromEnv(fs *pflag.FlagSet, env Env) error {
	var faults []error
	fs.VisitAll(func(f *pflag.Flag) {
		other := replaced(fs, f)
		if f.Changed && f.Name < other {
			faults = append(faults, fmt.Errorf("give --%s or --%s, not both", f.Name, other))
		}
		value, ok := env(Name(f.Name))
		if !ok || f.Changed || f.Name == "help" || other != "" {
			return
		}
		if err := f.Value.Set(value); err != nil {
			faults = append(faults, fmt.Errorf("%s: %q cannot be: %w", Name(f.Name), value, err))
		}
	})
	return errors.Join(faults...)
}

// Validate returns every setting that cannot be, by its flag.
func (s *Serve) Validate() error {
	var faults []error
	refuse := func(flag, value, want string) { faults = append(faults, cannotBe(flag, value, want)) }
	if s.Store == "" {
		refuse("store", s.Store, "a path or mongodb://… is expected")
	}
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		refuse("listen", s.Listen, "host:port is expected, such as 127.0.0.1:8080 or :8080")
	}
	if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" {
		refuse("timezone", s.Timezone, "an IANA name is expected, such as Africa/Casablanca")
	}
	faults = append(faults, logFaults(s.LogLevel, s.LogFormat)...)
	if s.RateAnonymous < 0 || s.RateSignedIn < 0 {
		refuse("rate-anonymous, rate-signed-in", fmt.Sprint(s.RateAnonymous, s.RateSignedIn), "zero or more is expected")
	}
	for _, p := range s.TrustedProxies {
		if _, _, err := net.ParseCIDR(p); err != nil && net.ParseIP(p) == nil {
			refuse("trusted-proxies", p, "an IP address or a network such as 10.0.0.0/8 is expected")
		}
	}
	if s.StopGrace <= 0 {
		refuse("stop-grace", s.StopGrace.String(), "a time such as 20s is expected")
	}
	if u, err := url.Parse(s.TraceEndpoint); s.TraceEndpoint != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		refuse("trace-endpoint", s.TraceEndpoint, "an address such as http://localhost:4318 is expected")
	}
	if !(s.TraceRatio >= 0 && s.TraceRatio <= 1) { // NaN is none of it
		refuse("trace-ratio", fmt.Sprint(s.TraceRatio), "a number from 0 to 1 is expected")
	}
	return errors.Join(faults...)
}

// CheckLog refuses a log level or format of the environment that cannot be.
func CheckLog(env Env) error {
	level, format := "info", "json"
	if value, set := env(Name("log-level")); set {
		level = value
	}
	if value, set := env(Name("log-format")); set {
		format = value
	}
	return errors.Join(logFaults(level, format)...)
}

// logFaults returns what cannot be of the settings of the log.
func logFaults(level, format string) (faults []error) {
	if err := new(slog.Level).UnmarshalText([]byte(level)); err != nil {
		faults = append(faults, cannotBe("log-level", level, "debug, info, warn or error is expected"))
	}
	if format != "json" && format != "text" {
		faults = append(faults, cannotBe("log-format", format, "json or text is expected"))
	}
	return faults
}

// cannotBe says that a setting has a value that it cannot have.
func cannotBe(flag, value, want string) error {
	return fmt.Errorf("--%s (%s): %q cannot be; %s", flag, Name(flag), value, want)
}

// Secret reads a secret from the environment: NAME itself, or the file that NAME_FILE names. It is "" when neither is
// set. Secrets are never flags, which other users of the machine could read.
func Secret(env Env, readFile func(string) ([]byte, error), name string) (string, error) {
	if value, ok := env(name); ok && value != "" {
		return value, nil
	}
	path, ok := env(name + "_FILE")
	if !ok || path == "" {
		return "", nil
	}
	data, err := readFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(data)), nil
}
