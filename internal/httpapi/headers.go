package httpapi

import (
	"iter"
	"strconv"
	"strings"
)

// The headers that are the same every time are made once; net/http only reads them. Their names are written as net/http
// keeps them.
var (
	varyHeader    = []string{"Accept, Accept-Encoding, Accept-Language, Authorization"}
	openCache     = []string{"no-cache"}
	privateCache  = []string{"private, no-cache"}
	neverCache    = []string{"no-store"}
	nosniffHeader = []string{"nosniff"}
	jsonHeader    = []string{"application/json"}
)

// weighted are the members of a header such as Accept, with their weights; a weight that cannot be read is 0.
func weighted(header string) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for member := range strings.SplitSeq(header, ",") {
			name, rest, _ := strings.Cut(member, ";")
			name = strings.ToLower(strings.TrimSpace(name))
			if name != "" && !yield(name, weightOf(rest)) {
				return
			}
		}
	}
}

// weightOf reads the q among the parameters of a member.
func weightOf(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || q < 0 || q > 1 {
			return 0
		}
		return q
	}
	return 1
}

// acceptWeight is how much a client that sent this Accept likes a media type; 0 is not at all. The most exact member
// decides.
func acceptWeight(header, media string) float64 {
	if header == "" {
		return 1
	}
	family, _, _ := strings.Cut(media, "/")
	best, weight := -1, 0.0
	for name, q := range weighted(header) {
		exact := -1
		switch name {
		case media:
			exact = 2
		case family + "/*":
			exact = 1
		case "*/*":
			exact = 0
		}
		if exact > best || (exact == best && exact >= 0 && q > weight) {
			best, weight = exact, q
		}
	}
	return max(weight, 0)
}

// splitList parts a header's list.
func splitList(list string) []string {
	var members []string
	for member := range strings.SplitSeq(list, ",") {
		if member = strings.TrimSpace(member); member != "" {
			members = append(members, member)
		}
	}
	return members
}

// joinList joins what splitList parts.
func joinList(members []string) string { return strings.Join(members, ", ") }
