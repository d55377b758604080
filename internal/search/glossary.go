package search

import "math/rand/v2"

// wordSeed begins the hashes of words, which are kept in memory only: nobody can know beforehand which words share one.
var wordSeed = rand.Uint64() //nolint:gosec // what is hashed is no secret

const wordFactor = 0x9e3779b97f4a7c15

func hashStep(h uint64, c byte) uint64 { return (h ^ uint64(c)) * wordFactor }

// hashEnd takes the upper half, in which all bytes of a word meet.
func hashEnd(h uint64) uint32 { return uint32(h >> 32) }

func hashOf[W string | []byte](word W) uint32 {
	h := wordSeed
	for i := range len(word) {
		h = hashStep(h, word[i])
	}
	return hashEnd(h)
}

// places finds words by their hashes: a table of open addressing, which holds the place of each word in a list, and one
// more; 0 is free. It has at least twice as many slots as words, a power of two.
type places []uint32

// fewestSlots is what a small table has.
const fewestSlots = 16

// slotsFor is how many slots a table of so many words has.
func slotsFor(words int) int {
	slots := fewestSlots
	for slots < 2*words {
		slots *= 2
	}
	return slots
}

// placesOf returns the table of a list.
func placesOf(words []string) places {
	p := make(places, slotsFor(len(words)))
	for at, word := range words {
		p.put(hashOf(word), uint32(at))
	}
	return p
}

// put adds a word that is not in the table.
func (p places) put(hash, at uint32) {
	mask := uint32(len(p) - 1) //nolint:gosec // a number of 32 bits
	i := hash & mask
	for p[i] != 0 {
		i = (i + 1) & mask
	}
	p[i] = at + 1
}

// find returns the place of a word in the list that the table was made of.
func (p places) find(words []string, word []byte, hash uint32) (at uint32, ok bool) {
	mask := uint32(len(p) - 1) //nolint:gosec // as above
	for i := hash & mask; p[i] != 0; i = (i + 1) & mask {
		if words[p[i]-1] == string(word) {
			return p[i] - 1, true
		}
	}
	return 0, false
}

// glossary holds the words met while documents are encoded.
type glossary struct {
	places places
	met    []metWord
}

// metWord is one of them.
type metWord struct {
	word   string
	hash   uint32
	number uint32
	text   uint32 // the one that it was met in last
	doc    uint32
	length uint8
}

// clear forgets all words, and keeps the room.
func (g *glossary) clear() {
	clear(g.met) // of the words
	g.met = g.met[:0]
	g.places = g.places[:min(len(g.places), fewestSlots)]
	clear(g.places)
}

// meet returns a word as it was met before; ok is false when it was not.
func (g *glossary) meet(word []byte, hash uint32) (at uint32, ok bool) {
	if len(g.places) == 0 {
		return 0, false
	}
	mask := uint32(len(g.places) - 1) //nolint:gosec // a number of 32 bits
	for i := hash & mask; g.places[i] != 0; i = (i + 1) & mask {
		if at := g.places[i] - 1; g.met[at].hash == hash && g.met[at].word == string(word) {
			return at, true
		}
	}
	return 0, false
}

// add takes a word that is met for the first time.
func (g *glossary) add(m metWord) (at uint32) {
	at = uint32(len(g.met)) //nolint:gosec // as above
	g.met = append(g.met, m)
	if 2*len(g.met) <= len(g.places) {
		g.places.put(m.hash, at)
		return at
	}
	slots := slotsFor(len(g.met))
	if slots <= cap(g.places) {
		g.places = g.places[:slots]
		clear(g.places)
	} else {
		g.places = make(places, slots)
	}
	for i := range g.met {
		g.places.put(g.met[i].hash, uint32(i))
	}
	return at
}
