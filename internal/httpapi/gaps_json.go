package httpapi

import (
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"dalil/internal/readmodel"
)

// appendGaps appends the members of gaps to the beginning of their answer. It is by hand what the encoder would do, which
// takes longer than finding them.
func appendGaps(to []byte, found *readmodel.Gaps) []byte {
	to = appendFindings(to, &found.Findings)
	to = appendGapList(append(to, `,"items":[`...), found.Items)
	to = strconv.AppendInt(append(to, `],"total":`...), int64(found.Total), 10)
	to = append(to, `,"by_rule":{`...)
	for i, rule := range slices.Sorted(maps.Keys(found.ByRule)) {
		to = readmodel.AppendQuoted(append(to, separator(i, "")...), rule)
		to = strconv.AppendInt(append(to, ':'), int64(found.ByRule[rule]), 10)
	}
	return append(to, "}}"...)
}

// manyGaps is from how many gaps on two write them: what they name lies all over the memory, and two wait for it better
// than one.
const manyGaps = 256

func appendGapList(to []byte, gaps []readmodel.Gap) []byte {
	half := len(gaps)
	if half >= manyGaps && runtime.GOMAXPROCS(0) > 1 {
		half /= 2
	}
	var rest []byte
	var other sync.WaitGroup
	if half < len(gaps) {
		other.Go(func() {
			rest = make([]byte, 0, bytesOfAGap*(len(gaps)-half))
			for i := range gaps[half:] {
				rest = appendGap(append(rest, ','), &gaps[half+i])
			}
		})
	}
	for i := range gaps[:half] {
		to = appendGap(append(to, separator(i, "")...), &gaps[i])
	}
	other.Wait()
	return append(to, rest...)
}

// appendFindings appends what every answer of an analysis says beside its own.
func appendFindings(to []byte, f *readmodel.Findings) []byte {
	to = strconv.AppendInt(append(to, `,"hidden_by_date":`...), int64(f.HiddenByDate), 10)
	return appendMappings(to, f.Mapping)
}

// appendMappings appends through what a framework's codes were looked for, where one was asked for.
func appendMappings(to []byte, mappings []readmodel.Mapping) []byte {
	for i := range mappings {
		to = append(to, separator(i, `,"mapping":[`)...)
		to = appendMapping(to, &mappings[i])
	}
	if len(mappings) > 0 {
		to = append(to, ']')
	}
	return to
}

func appendGap(to []byte, g *readmodel.Gap) []byte {
	to = readmodel.AppendQuoted(append(to, `{"rule":`...), g.Rule)
	to = readmodel.AppendQuoted(append(to, `,"severity":`...), g.Severity)
	to = appendUnlessEmpty(to, `,"function":`, g.Function)
	to = appendUnlessEmpty(to, `,"initiative":`, g.Initiative)
	to = appendUnlessEmpty(to, `,"territory":`, g.Territory)
	to = appendUnlessEmpty(to, `,"group":`, g.Group)
	to = readmodel.AppendQuoted(append(to, `,"detail":`...), g.Detail)
	to = append(to, `,"roles":[`...)
	for i, role := range g.Roles {
		to = appendID(append(to, separator(i, "")...), role)
	}
	to = append(to, `],"candidates":[`...)
	for i := range g.Candidates {
		c := &g.Candidates[i]
		to = appendID(append(append(to, separator(i, "")...), `{"actor":`...), c.Actor)
		to = append(readmodel.AppendQuoted(append(to, `,"why":`...), c.Why), '}')
	}
	return append(to, "]}"...)
}

// appendID writes the id of a record: no character of an id needs escaping.
func appendID(to []byte, id string) []byte {
	return append(append(append(to, '"'), id...), '"')
}

func appendUnlessEmpty(to []byte, name, text string) []byte {
	if text == "" {
		return to
	}
	return readmodel.AppendQuoted(append(to, name...), text)
}
