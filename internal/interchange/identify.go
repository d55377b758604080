package interchange

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/directory"
)

// identify gives the rows without an id of their own, roles and relations, one that is derived from their content, so
// that reading the same file again gives the same ids. Rows that say the same are told apart by their order.
func identify(items []Item) {
	taken := make(map[directory.Ref]int)
	for i := range items {
		r := items[i].Record
		if r.Head().ID != "" {
			continue
		}
		id := contentID(r)
		ref := directory.Ref{Kind: r.RecordKind(), ID: id}
		taken[ref]++
		if n := taken[ref]; n > 1 {
			id += "-" + strconv.Itoa(n)
		}
		r.Head().ID = id
	}
}

// contentID is a readable beginning and a digest of what makes a role or a relation the one it is.
func contentID(r directory.Record) string {
	switch r := r.(type) {
	case *directory.Role:
		places := slices.Sorted(slices.Values(r.Territories))
		return hashed(r.Actor+"-"+r.Type, r.Actor, r.Type, r.Function, r.Initiative, strings.Join(places, ";"), string(r.Start), string(r.End))
	case *directory.Relation:
		return hashed(r.From+"-"+r.Type, r.From, r.Type, r.To, string(r.Start), string(r.End))
	default:
		return ""
	}
}

// hashed returns the beginning, in the letters of an id and cut to 60, and ten hexadecimal digits of the parts' digest.
func hashed(beginning string, parts ...string) string {
	beginning = strings.ReplaceAll(strings.ToLower(beginning), "_", "-")
	beginning = strings.TrimRight(beginning[:min(len(beginning), 60)], "-.")
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return beginning + "-" + hex.EncodeToString(sum[:5])
}
