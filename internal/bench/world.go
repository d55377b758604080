package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

// WorldSize is how many records of each kind a world has beside its actors.
type WorldSize struct{ Roles, Functions, Initiatives, Territories, Sources int }

// Country is the size of a country, tomorrow.
func Country() WorldSize {
	return WorldSize{Roles: 250_000, Functions: 120, Initiatives: 500, Territories: 60, Sources: 200}
}

// World returns a whole directory about the actors given, always the same for a seed: sources, a taxonomy of functions
// in two levels, initiatives of which some are part of others, and roles of the actors that are not archived. A tenth
// of these actors have half of the roles. Today is 2026-11-24.
func World(actors []directory.Record, size WorldSize, seed uint64) []directory.Record {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 250_000)), size: size}
	for _, r := range actors {
		if r.Head().Status != directory.Archived && r.RecordKind() == directory.Actors {
			w.actors = append(w.actors, r.Head().ID)
		}
	}
	w.Shuffle(len(w.actors), func(i, j int) { w.actors[i], w.actors[j] = w.actors[j], w.actors[i] })
	w.types, w.countries = codesOf(directory.VocabularyRoleTypes), codesOf(directory.VocabularyCountries)
	regions := directory.TerritoriesBelow("MA")
	w.territories = append(append([]string{"MA"}, regions...), w.countries...)[:size.Territories]
	for _, framework := range directory.Frameworks() {
		for _, code := range codesOf(framework) {
			w.frameworks = append(w.frameworks, directory.FrameworkCode{Framework: framework, Code: code})
		}
	}
	all := append(make([]directory.Record, 0, len(actors)+size.Roles+2000), actors...)
	for _, some := range []struct {
		n    int
		make func(int) directory.Record
	}{{size.Sources, w.source}, {size.Functions, w.function}, {size.Initiatives, w.initiative}, {size.Roles, w.role}} {
		for n := range some.n {
			all = append(all, some.make(n))
		}
	}
	return all
}

func codesOf(vocabulary string) []string {
	v, _ := directory.VocabularyNamed(vocabulary)
	return v.Codes()
}

type world struct {
	*rand.Rand

	size                                  WorldSize
	actors, types, countries, territories []string
	frameworks                            []directory.FrameworkCode
}

func oneIn[T any](w *world, list []T) T { return list[w.IntN(len(list))] }

// envelope is that of a public record with an id.
func envelope(id string) directory.Envelope {
	return directory.Envelope{ID: id, Status: directory.Published, Visibility: directory.Public}
}

func (w *world) source(n int) directory.Record {
	return &directory.Source{Envelope: envelope(fmt.Sprintf("source-%04d", n)), Title: fmt.Sprintf("Rapport %d", n), Kind: "report"}
}

func functionID(n int) string { return fmt.Sprintf("f-%03d", n) }

// tops is how many functions have no parent.
func (w *world) tops() int { return max(1, w.size.Functions/10) }

func (w *world) function(n int) directory.Record {
	f := &directory.Function{
		Envelope: envelope(functionID(n)), Notation: fmt.Sprintf("F-%03d", n), Order: &n,
		Label: directory.Text{"fr": fmt.Sprintf("Fonction %d", n), "en": fmt.Sprintf("Function %d", n), "ar": fmt.Sprintf("وظيفة %d", n)},
	}
	if n >= w.tops() {
		f.Parent = functionID(w.IntN(w.tops()))
	}
	for range w.IntN(3) {
		f.Frameworks = append(f.Frameworks, oneIn(w, w.frameworks))
	}
	directory.Normalize(f)
	return f
}

func initiativeID(n int) string { return fmt.Sprintf("initiative-%04d", n) }

func (w *world) initiative(n int) directory.Record {
	i := &directory.Initiative{
		Envelope: envelope(initiativeID(n)), Kind: oneIn(w, codesOf(directory.VocabularyInitiativeKinds)),
		Name:  directory.Text{"fr": fmt.Sprintf("Initiative %d", n), "en": fmt.Sprintf("Initiative %d", n), "ar": fmt.Sprintf("مبادرة %d", n)},
		Start: w.date(2010, 2024), End: w.date(2025, 2032), Territories: []string{oneIn(w, w.territories)},
	}
	if n >= 50 && w.IntN(5) < 2 {
		i.Parent = initiativeID(w.IntN(50))
	}
	if w.IntN(2) == 0 {
		i.Frameworks = []directory.FrameworkCode{oneIn(w, w.frameworks)}
	}
	return i
}

// date is a date of any precision within some years.
func (w *world) date(from, to int) directory.Date {
	year := from + w.IntN(to-from+1)
	switch w.IntN(3) {
	case 0:
		return directory.Date(fmt.Sprintf("%04d", year))
	case 1:
		return directory.Date(fmt.Sprintf("%04d-%02d", year, 1+w.IntN(12)))
	default:
		return directory.Date(fmt.Sprintf("%04d-%02d-%02d", year, 1+w.IntN(12), 1+w.IntN(28)))
	}
}

func (w *world) role(int) directory.Record {
	r := &directory.Role{
		Envelope: envelope(fmt.Sprintf("role-%016x", w.Uint64())), Type: oneIn(w, w.types),
		Actor: oneIn(w, w.actors), Function: functionID(w.IntN(w.size.Functions)),
	}
	if w.IntN(2) == 0 {
		r.Actor = oneIn(w, w.actors[:1+len(w.actors)/10])
	}
	if w.IntN(2) == 0 {
		r.Initiative = initiativeID(w.IntN(w.size.Initiatives))
		if w.IntN(4) == 0 {
			r.Function = ""
		}
	}
	for range w.IntN(4) {
		if t := oneIn(w, w.territories); !slices.Contains(r.Territories, t) {
			r.Territories = append(r.Territories, t)
		}
	}
	if w.IntN(5) == 0 {
		r.Counterparts = []string{oneIn(w, w.countries)}
	}
	if w.IntN(3) > 0 {
		r.Start = w.date(2008, 2024)
	}
	if w.IntN(3) == 0 {
		r.End = w.date(2025, 2030)
	}
	if r.Type == directory.RoleFunder {
		r.Amount = &directory.Money{Amount: float64(1000 * (1 + w.IntN(5000))), Currency: oneIn(w, []string{"MAD", "EUR", "USD"})}
	}
	if w.IntN(4) > 0 {
		r.Sources = []string{fmt.Sprintf("source-%04d", w.IntN(w.size.Sources))}
		r.Confidence = oneIn(w, []string{"high", "medium", "low"})
	}
	directory.Normalize(r)
	return r
}

// Loaded returns what State does, or fails.
func Loaded(tb testing.TB, records []directory.Record) *readmodel.Snapshot {
	tb.Helper()
	s, err := State(records)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// State returns the state of a directory that holds these records, as a store has them after one commit. Its error says
// which record cannot be held.
func State(records []directory.Record) (*readmodel.Snapshot, error) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	e := readmodel.Empty().Edit()
	for _, r := range records {
		head := r.Head()
		head.Version = 1
		head.Created = &directory.Stamp{At: directory.At(at), By: "key-1", Seq: 1}
		head.Updated = head.Created
		ref := directory.Ref{Kind: r.RecordKind(), ID: head.ID}
		text, err := directory.Encode(r)
		if err != nil {
			return nil, fmt.Errorf("encoding %s: %w", ref, err)
		}
		if err := e.Load(ledger.Record{Ref: ref, Seq: 1, Version: 1, Op: ledger.Put, JSON: text}); err != nil {
			return nil, fmt.Errorf("loading %s: %w", ref, err)
		}
	}
	if err := e.Loaded(ledger.Position{Seq: 1}, at); err != nil {
		return nil, fmt.Errorf("loading: %w", err)
	}
	return e.Snapshot(), nil
}
