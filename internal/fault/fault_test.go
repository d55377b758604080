package fault_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"testing"

	"dalil/internal/fault"
)

func TestEveryCodeIsSaidInThreeLanguagesWithTheSamePlaceholders(t *testing.T) {
	t.Parallel()
	placeholder := regexp.MustCompile(`\{[a-z_]+\}`)
	for _, code := range fault.Codes() {
		want := placeholder.FindAllString(fault.Template("en", code), -1)
		slices.Sort(want)
		for _, lang := range []string{"en", "fr", "ar"} {
			text := fault.Template(lang, code)
			if text == "" || text == string(code) {
				t.Errorf("%s is not said in %s", code, lang)
			}
			got := placeholder.FindAllString(text, -1)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s in %s has placeholders %v, in en %v", code, lang, got, want)
			}
		}
	}
}

func TestAnErrorThatIsNotAFaultIsInternal(t *testing.T) {
	t.Parallel()
	err := errors.New("dsn=secret")
	if got := fault.KindOf(err); got != fault.Internal {
		t.Errorf("kind %d, want Internal", got)
	}
	if got := fault.CodeOf(err); got != fault.CodeInternal {
		t.Errorf("code %s, want internal", got)
	}
}

func TestAWrappedFaultKeepsItsKindAndItsCause(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk")
	err := fmt.Errorf("appending: %w", fault.Wrap(fault.Unavailable, fault.CodeStoreFull, cause))
	if fault.KindOf(err) != fault.Unavailable || !fault.Is(err, fault.CodeStoreFull) || !errors.Is(err, cause) {
		t.Errorf("lost on the way: %v", err)
	}
}

func TestPlaceholdersAreFilled(t *testing.T) {
	t.Parallel()
	got := fault.Message("fr", fault.CodeTooLong, fault.Args{"max": 20})
	if got != "20 caractères au plus." {
		t.Errorf("got %q", got)
	}
}
