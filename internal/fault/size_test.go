package fault_test

import (
	"testing"

	"dalil/internal/fault"
)

func TestASizeIsSaidInTheUnitsOfPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang string
		size fault.Size
		want string
	}{
		{"en", 2 << 20, "This is larger than 2 MB."},
		{"fr", 2 << 20, "Ceci dépasse 2 Mo."},
		{"ar", 2 << 20, "هذا أكبر من 2 ميغابايت."},
		{"en", 16 << 10, "This is larger than 16 kB."},
		{"fr", 16 << 10, "Ceci dépasse 16 ko."},
		{"en", 32_767, "This is larger than 32767 bytes."},
		{"fr", 1_000, "Ceci dépasse 1000 octets."},
		{"en", 4 << 30, "This is larger than 4096 MB."},
	} {
		if got := fault.Message(c.lang, fault.CodeTooLarge, fault.Args{"max": c.size}); got != c.want {
			t.Errorf("%d in %s: %s", c.size, c.lang, got)
		}
	}
}
