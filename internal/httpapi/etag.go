package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"dalil/internal/service"
)

// An entity tag is a version, and, for whatever is not the bare record, ";" and what makes it another representation.
//
//	"7"             the record as it is held
//	"7;open"        as anonymous callers see it
//	"7;open+gzip"   the same, packed
//	"7;f-1Yk…+zstd" some of its members, packed
//	"s512;9Zt…"     a list or another computed answer, at position 512
//
// The tag of a computed answer begins with a letter, so that it never passes for a version in an If-Match.

// tag is an entity tag before the coding of the answer is known.
type tag struct{ version, mark string }

// versionTag is the tag of a representation of one record.
func versionTag(version uint64, marks ...string) tag {
	var kept []string
	for _, m := range marks {
		if m != "" {
			kept = append(kept, m)
		}
	}
	return tag{strconv.FormatUint(version, 10), strings.Join(kept, "+")}
}

// positionTag is the tag of an answer that is computed from many records.
func positionTag(seq uint64, mark string) tag { return tag{"s" + strconv.FormatUint(seq, 10), mark} }

// with returns the tag's text for an answer in a coding.
func (t tag) with(coding string) string {
	mark := t.mark
	if coding != "" {
		if mark != "" {
			mark += "+"
		}
		mark += coding
	}
	if mark == "" {
		return `"` + t.version + `"`
	}
	return `"` + t.version + ";" + mark + `"`
}

// digester makes a short mark of everything that an answer depends on.
type digester struct{ texts []byte }

// add takes a text in; its length goes before it, so that no two lists of texts are the same.
func (d *digester) add(text string) {
	d.texts = strconv.AppendInt(d.texts, int64(len(text)), 10)
	d.texts = append(d.texts, ':')
	d.texts = append(d.texts, text...)
}

// mark returns 72 bits of the digest as text.
func (d *digester) mark() string {
	sum := sha256.Sum256(d.texts)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// condition reads If-Match: the versions of which one must be the current one.
func (c *call) condition() (service.Condition, error) {
	lines := c.req.Header["If-Match"]
	if len(lines) == 0 {
		return service.Condition{}, nil
	}
	members, star, ok := entityTags(strings.Join(lines, ","))
	if !ok {
		return service.Condition{}, badHeader("If-Match", `"3", "3;gzip", *`)
	}
	given := service.Condition{Given: true, Any: star}
	for _, member := range members {
		version, _, _ := strings.Cut(member, ";")
		if n, err := strconv.ParseUint(version, 10, 64); err == nil {
			given.Versions = append(given.Versions, n)
		}
	}
	return given, nil
}

// unchanged tells whether the client holds the answer already: whether If-None-Match names the very tag.
func (c *call) unchanged(etag string) bool {
	lines := c.req.Header["If-None-Match"]
	if len(lines) == 0 || !c.reads() {
		return false
	}
	members, star, ok := entityTags(strings.Join(lines, ","))
	if !ok {
		return false // a condition that cannot be read asks for the answer
	}
	if slices.Contains(members, etag[1:len(etag)-1]) {
		return true
	}
	return star
}

// entityTags reads a list of entity tags, without their quotes and W/, or "*".
func entityTags(list string) (members []string, star, ok bool) {
	rest := strings.TrimSpace(list)
	if rest == "*" {
		return nil, true, true
	}
	for rest != "" {
		rest = strings.TrimPrefix(rest, "W/")
		if rest == "" || rest[0] != '"' {
			return nil, false, false
		}
		text, after, closed := strings.Cut(rest[1:], `"`)
		if !closed {
			return nil, false, false
		}
		members = append(members, text)
		after = strings.TrimSpace(after)
		if after != "" && after[0] != ',' {
			return nil, false, false
		}
		rest = strings.TrimLeft(after, ", \t")
	}
	return members, false, len(members) > 0
}
