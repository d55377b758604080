package directory_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"dalil/internal/directory"
	"dalil/internal/raced"
)

// decodedAlike compares what DecodeCanonical makes of a text with what the library makes of it.
func decodedAlike(tb testing.TB, kind directory.Kind, text string) {
	tb.Helper()
	want, refused := directory.Decode(kind, []byte(text))
	got, err := directory.DecodeCanonical(kind, text)
	alike := reflect.DeepEqual(got, want) //nolint:forbidigo // to the last bit, times and what is not exported included
	if (err == nil) != (refused == nil) || err != nil && err.Error() != refused.Error() || !alike {
		tb.Fatalf("%s %q is read as\n%+v (%v), not\n%+v (%v)", kind, text, got, err, want, refused)
	}
}

// canonical returns the text of a random record.
func canonical(tb testing.TB, s scatter, kind directory.Kind) string {
	tb.Helper()
	text, err := directory.Encode(s.record(kind))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func TestEveryRecordIsReadAsTheLibraryReadsIt(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(29, 8785))
	for _, kind := range directory.AllKinds() {
		decodedAlike(t, kind, whole[kind])
		decodedAlike(t, kind, "{}")
		for i := range raced.Part(1_500, 150) {
			decodedAlike(t, kind, canonical(t, scatter{rng, i%3 == 0}, kind))
		}
		if text := strings.ReplaceAll(whole[kind], `\`, "/"); !directory.ReadsByPlan(kind, text) {
			t.Errorf("the plan does not know how to read %s", text)
		}
	}
}

// TestWhatIsNotCanonicalIsReadAsTheLibraryReadsIt damages texts at random: a byte or a part changed, left out, doubled
// or moved, among them the signs of JSON.
func TestWhatIsNotCanonicalIsReadAsTheLibraryReadsIt(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(30, 8785))
	parts := []string{
		",", ":", "{", "}", "[", "]", `"`, " ", "\n", "0", "-", ".", "e1", "null", "true", `""`, "\\", "\x00", "\xff", "é",
		`"id":"x",`, `,"zz":1`, "1.5", "-0", "01", "18446744073709551616", `[]`, `{}`, `"2026-02-30T00:00:00.000Z"`, `\u0061`,
	}
	for _, kind := range directory.AllKinds() {
		for i := range raced.Part(3_000, 300) {
			text := whole[kind]
			if i%2 == 0 {
				text = canonical(t, scatter{rng, false}, kind)
			}
			for range 1 + rng.IntN(2) {
				from := rng.IntN(len(text) + 1)
				to := min(len(text), from+rng.IntN(12))
				switch rng.IntN(4) {
				case 0:
					text = text[:from] + text[to:]
				case 1:
					text = text[:from] + text[from:to] + text[from:]
				case 2:
					text = text[:from] + parts[rng.IntN(len(parts))] + text[to:]
				default:
					text = text[:from] + parts[rng.IntN(len(parts))] + text[from:]
				}
			}
			decodedAlike(t, kind, text)
		}
		for n := range len(whole[kind]) {
			decodedAlike(t, kind, whole[kind][:n])
		}
	}
}

// TestTimesAreReadAsTheLibraryReadsThem goes over times that are nearly right.
func TestTimesAreReadAsTheLibraryReadsThem(t *testing.T) {
	t.Parallel()
	for _, at := range []string{
		"2026-11-29T08:30:37.123Z", "2026-11-29T08:30:37,123Z", "2026-11-29T08:30:60.000Z", "2026-02-29T00:00:00.000Z",
		"2024-02-29T23:59:59.999Z", "2026-11-29T24:00:00.000Z", "2026-11-29T8:30:37.0000Z", "0000-01-01T00:00:00.000Z",
		"2026-11-29t08:30:37.123Z", "2026-11-29T08:30:37.123z", "2026-11-29 08:30:37.123Z", "2026-11-29T08:30:37Z",
		"2026-11-29T08:30:37.1234Z", "2026-11-29T08:30:37+01:00", "+026-11-29T08:30:37.123Z", "2026-13-29T08:30:37.123Z",
	} {
		decodedAlike(t, directory.Actors, `{"created":{"at":"`+at+`","seq":1},"id":"x"}`)
	}
}

// TestARecordIsReadWithoutCopies holds the cost: the texts are parts of the one that is read.
func TestARecordIsReadWithoutCopies(t *testing.T) {
	text := `{"group":"international","id":"x","kind":"organisation","name":{"en":"A name of some length"},"website":"https://example.org/"}`
	if n := testing.AllocsPerRun(100, func() { _, _ = directory.DecodeCanonical(directory.Actors, text) }); n > 3 && !raced.On {
		t.Errorf("%v allocations: more than the record and the map of its name", n)
	}
}

func FuzzDecodeCanonical(f *testing.F) {
	kinds := directory.AllKinds()
	for i, kind := range kinds {
		f.Add(uint8(i), whole[kind])
	}
	f.Fuzz(func(t *testing.T, kind uint8, text string) { decodedAlike(t, kinds[int(kind)%len(kinds)], text) })
}

func BenchmarkDecodeCanonical(b *testing.B) {
	text, err := directory.Encode(ordinary())
	if err != nil {
		b.Fatal(err)
	}
	b.Run("plan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := directory.DecodeCanonical(directory.Actors, string(text)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := directory.Decode(directory.Actors, text); err != nil {
				b.Fatal(err)
			}
		}
	})
}
