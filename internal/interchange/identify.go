package interchange

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
)

// identify gives the rows without an id of their own one that follows from their content, so that reading the same
// file again gives the same ids. Rows that say the same are told apart by their order.
func identify(items []Item) {
	taken := make(map[directory.Ref]int)
	for i := range items {
		r := items[i].Record
		if r.Head().ID != "" {
			continue
		}
		id := ContentID(r)
		ref := directory.Ref{Kind: r.RecordKind(), ID: id}
		taken[ref]++
		if n := taken[ref]; n > 1 {
			id += "-" + strconv.Itoa(n)
		}
		r.Head().ID = id
	}
}

// ContentID returns the id that follows from the content of a record without one, the same from run to run. Of a role
// or a relation it is a readable beginning and a digest of what makes it the one it is; of a function its code in lower
// case; of the other kinds what directory.DeriveID says, "" where that says nothing. It may be taken already.
func ContentID(r directory.Record) string {
	switch r := r.(type) {
	case *directory.Role:
		places := slices.Sorted(slices.Values(r.Territories))
		return hashed(r.Actor+"-"+r.Type, r.Actor, r.Type, r.Function, r.Initiative, strings.Join(places, ";"), string(r.Start), string(r.End))
	case *directory.Relation:
		return hashed(r.From+"-"+r.Type, r.From, r.Type, r.To, string(r.Start), string(r.End))
	case *directory.Function:
		return strings.ToLower(r.Notation)
	default:
		return directory.DeriveID(r)
	}
}

// hashed returns the beginning, in the letters of an id and cut to 60, and ten hexadecimal digits of the parts' digest.
func hashed(beginning string, parts ...string) string {
	beginning = strings.ReplaceAll(strings.ToLower(beginning), "_", "-")
	beginning = strings.TrimRight(beginning[:min(len(beginning), 60)], "-.")
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return beginning + "-" + hex.EncodeToString(sum[:5])
}
