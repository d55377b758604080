package search

// keyLetters is how many letters of a long word its keys are made of.
const keyLetters = 8

// eachKey calls f with the keys of a word: hashes of the word and of what is left when one letter is taken out, of words
// of eight letters or more also two, of the first eight. Two words within their edits share a key (symmetric deletion):
// what is left of both when the edited letters are taken out is the same.
func eachKey(word []rune, f func(uint32)) {
	n := len(word)
	if n < 3 {
		return
	}
	if n > keyLetters {
		word = word[:keyLetters]
	}
	f(keyOf(word, -1, -1))
	if n < 4 {
		return
	}
	for i := range word {
		if i > 0 && word[i] == word[i-1] {
			continue // the same is left
		}
		f(keyOf(word, i, -1))
		if n < keyLetters {
			continue
		}
		for j := i + 1; j < len(word); j++ {
			if j == i+1 || word[j] != word[j-1] {
				f(keyOf(word, i, j))
			}
		}
	}
}

// mostKeys is how many keys a word of so many bytes has at the most, its skeleton's included.
func mostKeys(size int) int {
	switch {
	case size < 3:
		return 1
	case size < keyLetters:
		return size + 2
	default:
		return keyLetters*(keyLetters+1)/2 + 2
	}
}

const (
	hashStart  = 2166136261
	hashFactor = 16777619
)

// keyOf hashes a word without the letters at two places.
func keyOf(word []rune, i, j int) uint32 {
	h := uint32(hashStart)
	for at, r := range word {
		if at != i && at != j {
			h = (h ^ uint32(r)) * hashFactor //nolint:gosec // a letter
			h ^= h >> 15
		}
	}
	return h
}

// skeletonKey hashes a skeleton, apart from the keys of words.
func skeletonKey(bones string) uint32 {
	h := uint32(hashStart ^ 0x5bd1e995)
	for i := range len(bones) {
		h = (h ^ uint32(bones[i])) * hashFactor
		h ^= h >> 15
	}
	return h
}

// keyTable finds words by their keys: pairs in buckets by the upper bits of the key.
type keyTable struct {
	shift  uint
	starts []uint32 // of the buckets, and the end
	keys   []uint32
	words  []uint32
}

// bucketPairs is about how many pairs a bucket has.
const bucketPairs = 8

func newKeyTable(keys, words []uint32) keyTable {
	shift := uint(32)
	for shift > 1 && len(keys)>>(32-shift) > bucketPairs {
		shift--
	}
	t := keyTable{
		shift: shift, starts: make([]uint32, 1<<(32-shift)+1), keys: make([]uint32, len(keys)), words: make([]uint32, len(keys)),
	}
	for _, key := range keys {
		t.starts[t.bucket(key)+1]++
	}
	for i := 1; i < len(t.starts); i++ {
		t.starts[i] += t.starts[i-1]
	}
	next := make([]uint32, len(t.starts)-1)
	copy(next, t.starts)
	for i, key := range keys {
		b := t.bucket(key)
		t.keys[next[b]], t.words[next[b]] = key, words[i]
		next[b]++
	}
	return t
}

func (t *keyTable) bucket(key uint32) uint32 { return uint32(uint64(key) >> t.shift) } //nolint:gosec // fewer bits

// each calls f with the words that have a key.
func (t *keyTable) each(key uint32, f func(word uint32)) {
	if len(t.keys) == 0 {
		return
	}
	b := t.bucket(key)
	for i := t.starts[b]; i < t.starts[b+1]; i++ {
		if t.keys[i] == key {
			f(t.words[i])
		}
	}
}

// keysOf makes the keys of words and of their skeletons.
func keysOf(words []string) keyTable {
	k := keysOfWords(words)
	return newKeyTable(k.keys, k.words)
}

// numberedKeys are keys of words, with the places of these among some that are numbered from first on.
type numberedKeys struct {
	keys, words []uint32
	first       uint32
}

// keysOfWords lists the keys of words and of their skeletons.
func keysOfWords(words []string) (k numberedKeys) {
	most := 0
	for _, word := range words {
		most += mostKeys(len(word))
	}
	k.keys, k.words = make([]uint32, 0, most), make([]uint32, 0, most)
	runes := make([]rune, 0, maxRunes)
	for n, word := range words {
		add := func(key uint32) {
			k.keys = append(k.keys, key)
			k.words = append(k.words, uint32(n)) //nolint:gosec // a number of 32 bits
		}
		runes = appendRunes(runes[:0], word)
		eachKey(runes, add)
		if bones := skeleton(word); bones != "" {
			add(skeletonKey(bones))
		}
	}
	return k
}

// renumbered returns the table of those words that have a new number. numbers are these and one more, 0 of the others.
func renumbered(all []numberedKeys, numbers []uint32) keyTable {
	room := 0
	for i := range all {
		room += len(all[i].keys)
	}
	keys, words := make([]uint32, 0, room), make([]uint32, 0, room)
	for i := range all {
		k := &all[i]
		for at, word := range k.words {
			if n := numbers[k.first+word]; n > 0 {
				keys, words = append(keys, k.keys[at]), append(words, n-1)
			}
		}
	}
	return newKeyTable(keys, words)
}
