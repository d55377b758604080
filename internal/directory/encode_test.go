package directory_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/raced"
)

// encodedAlike compares what Encode makes of a record with what the library makes of it.
func encodedAlike(tb testing.TB, r directory.Record) {
	tb.Helper()
	want, refused := directory.EncodeByLibrary(r)
	got, err := directory.Encode(r)
	if (err == nil) != (refused == nil) || !bytes.Equal(got, want) {
		tb.Fatalf("%s is written as\n%s (%v), not\n%s (%v)", r.RecordKind(), got, err, want, refused)
	}
}

func TestEveryRecordIsWrittenAsTheLibraryWritesIt(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(26, 8785))
	for _, kind := range directory.AllKinds() {
		encodedAlike(t, kind.New())
		for i := range raced.Part(1_500, 150) {
			s := scatter{rng, i%3 == 0}
			r := s.record(kind)
			encodedAlike(t, r)
			if _, ok := directory.EncodeByPlan(r); !ok && !s.beyond {
				t.Fatalf("the plan does not know how to write %+v", r)
			}
		}
	}
	encodedAlike(t, (*directory.Actor)(nil))
	encodedAlike(t, ordinary())
}

// TestEveryMemberIsWrittenAsTheLibraryWritesIt sets one member alone, so that each is there with each value.
func TestEveryMemberIsWrittenAsTheLibraryWritesIt(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(27, 8785))
	for _, kind := range directory.AllKinds() {
		for i := range reflect.TypeOf(kind.New()).Elem().NumField() {
			for n := range raced.Part(100, 10) {
				r := kind.New()
				scatter{rng, n%3 == 0}.set(reflect.ValueOf(r).Elem().Field(i))
				encodedAlike(t, r)
			}
		}
	}
}

func TestWhatCannotBeWrittenIsRefusedAsTheLibraryRefusesIt(t *testing.T) {
	t.Parallel()
	nan, endless := math.NaN(), math.Inf(-1)
	records := map[string]directory.Record{
		"no number":        &directory.Relation{Amount: &directory.Money{Amount: nan}},
		"an infinity":      &directory.Relation{Amount: &directory.Money{Amount: endless}},
		"no number, below": &directory.Actor{Locations: []directory.Location{{}, {Lat: &nan}}},
	}
	for _, text := range broken {
		records["a text "+text] = &directory.Source{Note: text}
		records["a text of a language "+text] = &directory.Actor{Name: directory.Text{"fr": text}}
		records["a language "+text] = &directory.Actor{Name: directory.Text{text: "a"}}
		records["a tag "+text] = &directory.Role{Envelope: directory.Envelope{Tags: []string{"a", text}}}
		records["an author "+text] = &directory.Role{Envelope: directory.Envelope{Created: &directory.Stamp{By: text}}}
	}
	for name, r := range records {
		_, want := directory.EncodeByLibrary(r)
		text, err := directory.Encode(r)
		if want == nil || err == nil || err.Error() != want.Error() || text != nil {
			t.Errorf("%s: %s, %v, want %v", name, text, err, want)
		}
	}
}

// TestEveryByteIsSeenWhereverItStands puts each byte into a text, which is looked at eight bytes at a time.
func TestEveryByteIsSeenWhereverItStands(t *testing.T) {
	t.Parallel()
	for _, at := range []int{0, 3, 7, 8, 12, 15, 16} {
		for b := range 256 {
			text := []byte("plain, and long.x")
			text[at] = byte(b)
			encodedAlike(t, &directory.Source{Note: string(text)})
			encodedAlike(t, &directory.Actor{Name: directory.Text{string(text): "", string(text[:8]) + "\U0001f600": "", "z\uff5a": ""}})
		}
	}
}

// TestARecordIsWrittenByItsPlanAlone holds the cost: one allocation, that of the text which is handed out.
func TestARecordIsWrittenByItsPlanAlone(t *testing.T) {
	if raced.On {
		t.Skip("the race detector makes a pool forget")
	}
	for _, kind := range directory.AllKinds() {
		record, err := directory.Decode(kind, []byte(whole[kind]))
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { _, _ = directory.Encode(record) }); n > 1 {
			t.Errorf("%s: %v allocations", kind, n)
		}
	}
}

func TestWhatWasWrittenStaysAsItIs(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			var texts [][]byte
			note := func(n int) string { return strings.Repeat(string(rune('a'+i+n%20)), n*n*n) }
			for n := range 60 { // up to 200 kB
				text, err := directory.Encode(&directory.Source{Note: note(n)})
				if err != nil {
					t.Error(err)
				}
				texts = append(texts, text)
			}
			for n, text := range texts {
				want, err := directory.EncodeByLibrary(&directory.Source{Note: note(n)})
				if err != nil || !bytes.Equal(text, want) {
					t.Errorf("the text of a note of %d letters was written over (%v)", len(note(n)), err)
				}
			}
		})
	}
	wg.Wait()
}

func TestATimeIsWrittenInOneWay(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(28, 3339))
	for range 2_000 {
		at := directory.Time{Time: time.Unix(rng.Int64N(4e11)-1e11, rng.Int64N(1e9)).In(time.FixedZone("", rng.IntN(86400)))}
		want := at.UTC().Format(`"2006-01-02T15:04:05.000Z"`)
		text, err := at.MarshalJSON()
		if err != nil || string(text) != want || `"`+at.String()+`"` != want {
			t.Fatalf("%s and %s (%v), want %s", text, at, err, want)
		}
	}
}

func FuzzEncode(f *testing.F) {
	for i, text := range append(texts, broken...) {
		f.Add(append(tags, names...)[i%len(tags)], text, floats[i%len(floats)]*float64(i), uint64(1)<<(2*i), int64(i)<<30)
	}
	f.Fuzz(func(t *testing.T, tag, text string, number float64, whole uint64, seconds int64) {
		stamp := &directory.Stamp{At: directory.At(time.Unix(seconds%1e11, 0)), By: text, Seq: whole}
		encodedAlike(t, &directory.Actor{
			Envelope: directory.Envelope{ID: tag, Version: whole, Tags: []string{text, tag}, Created: stamp},
			Name:     directory.Text{tag: text, "fr": text, text: tag}, Locations: []directory.Location{{City: text, Lat: &number}},
		})
	})
}

func TestPartsAreWrittenAsWithinTheirRecord(t *testing.T) {
	names := []directory.OtherName{{Value: "Ré\"seau <b>", Lang: "fr", Type: "former"}, {Value: "شبكة", Type: "alias", Start: "2001"}}
	part, err := directory.AppendCanonical([]byte("> "), &names)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := directory.Encode(&directory.Actor{OtherNames: names})
	if err != nil || !bytes.HasPrefix(part, []byte("> [")) || !bytes.Contains(whole, part[2:]) {
		t.Errorf("%s is not in %s: %v", part, whole, err)
	}
	broken := []directory.OtherName{{Value: "\xff"}}
	if got, err := directory.AppendCanonical(nil, &broken); err == nil {
		t.Errorf("%q is not UTF-8", got)
	}
}
