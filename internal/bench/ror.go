package bench

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
)

// organisation is what is read of one organisation in the registry's schema 2.1.
type organisation struct {
	ID            string         `json:"id"`
	Status        string         `json:"status"`
	Types         []string       `json:"types"`
	Established   *int           `json:"established"`
	Names         []name         `json:"names"`
	Locations     []location     `json:"locations"`
	Links         []link         `json:"links"`
	ExternalIDs   []externalID   `json:"external_ids"`
	Relationships []relationship `json:"relationships"`
}

type name struct {
	Lang  string   `json:"lang"`
	Types []string `json:"types"`
	Value string   `json:"value"`
}

type location struct {
	Details struct {
		Name        string   `json:"name"`
		Country     string   `json:"country_code"`
		Subdivision string   `json:"country_subdivision_code"`
		Lat         *float64 `json:"lat"`
		Lng         *float64 `json:"lng"`
	} `json:"geonames_details"`
}

type link struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type externalID struct {
	Type      string   `json:"type"`
	Preferred string   `json:"preferred"`
	All       []string `json:"all"`
}

type relationship struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Organisations reads a file of the registry (JSON lines, gzip) as actors, in the order of the file: every one of them
// valid, with a parent that is in the file, no cycle of parents, and no identifier on two active actors.
func Organisations(path string) ([]directory.Record, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the registry's file: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	text, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("unpacking the registry's file: %w", err)
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 4<<20)
	r := registry{byID: make(map[string]*directory.Actor), taken: make(map[string]bool)}
	for n := 1; lines.Scan(); n++ {
		var o organisation
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return nil, fmt.Errorf("reading line %d: %w", n, err)
		}
		if err := r.add(&o); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("reading the registry's file: %w", err)
	}
	r.settleParents()
	return r.records, nil
}

// registry is what has been read so far.
type registry struct {
	records []directory.Record
	byID    map[string]*directory.Actor
	taken   map[string]bool // identifiers of active actors
}

func (r *registry) add(o *organisation) error {
	a := actorOf(o)
	if a.State == directory.ActorActive {
		a.Identifiers = slices.DeleteFunc(a.Identifiers, func(i directory.Identifier) bool {
			key := directory.IdentifierKey(i)
			was := r.taken[key]
			r.taken[key] = true
			return was
		})
	}
	if err := prune(a); err != nil {
		return fmt.Errorf("organisation %s: %w", o.ID, err)
	}
	if r.byID[a.ID] != nil {
		return fmt.Errorf("organisation %s stands twice", o.ID)
	}
	r.byID[a.ID] = a
	r.records = append(r.records, a)
	return nil
}

// settleParents leaves out the parents that are not in the file and those that would close a cycle.
func (r *registry) settleParents() {
	for _, record := range r.records {
		a, ok := record.(*directory.Actor)
		if ok && a.Parent != "" && !r.mayBeBelow(a) {
			a.Parent = ""
		}
	}
}

// mayBeBelow tells whether the way up from an actor ends without coming back to a place it has passed.
func (r *registry) mayBeBelow(a *directory.Actor) bool {
	passed := map[string]bool{a.ID: true}
	for above := a.Parent; above != ""; {
		next, ok := r.byID[above]
		if !ok {
			return above != a.Parent // a missing one further up is left out in its turn
		}
		if passed[above] {
			return false
		}
		passed[above] = true
		above = next.Parent
	}
	return true
}

// recordID turns the registry's address of an organisation into the id of its actor.
func recordID(address string) string { return "ror-" + code(address) }

// code is the last part of the registry's address of an organisation: nine characters.
func code(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
