package readmodel

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/tidwall/btree"

	"dalil/internal/directory"
)

// nearNames holds the index of names of one state, built when somebody first asks: only a node that writes actors does.
type nearNames struct {
	built atomic.Pointer[nameIndex]
	mu    sync.Mutex
}

// nameIndex finds live actors by names that are equal but for the order of their words, or nearly equal.
//
// A name that differs from another in at most k places shares with it at least one of k+1 parts unchanged, nearly at the
// same place (the pigeonhole principle). So every name is cut into parts, and the parts are looked up.
type nameIndex struct {
	owner  *owner
	names  vector[[]string]        // ordinal → folded names
	exact  btree.Map[string, *set] // words in alphabetical order
	pieces btree.Map[uint64, *set] // hash of a part, its number, the length of the name and the number of parts
}

// nearDegree is that of the trees. They are large, and a name changes them in a dozen places that lie far apart: small
// nodes, and pointers in them, let a commit copy little.
const nearDegree = 8

func newNameIndex() *nameIndex {
	return &nameIndex{
		owner: new(owner), exact: *btree.NewMap[string, *set](nearDegree), pieces: *btree.NewMap[uint64, *set](nearDegree),
	}
}

// The letters that two names must have at least for one and for two differences to be near.
const (
	lettersForOne = 8
	lettersForTwo = 16
)

// NearNames returns the live actors that have a name or another name equal to one of a's but for the order of the
// words, or within one edit when both have 8 letters, two when both have 16. Names are compared folded; acronyms are
// not compared, many bodies share them. The actor itself, known by its id, is not among them.
func (s *Snapshot) NearNames(a *directory.Actor) []directory.Ref {
	index := s.nameIndex()
	found := make(map[uint32]bool)
	for _, name := range foldedNames(a) {
		index.near(name, found)
	}
	t := s.tables[inActors]
	var refs []directory.Ref
	for ord := range found { // sorted below
		if entry := t.entries.at(ord); entry.id != a.ID {
			refs = append(refs, entry.Ref())
		}
	}
	slices.SortFunc(refs, compareRefs)
	return refs
}

func (s *Snapshot) nameIndex() *nameIndex {
	if index := s.near.built.Load(); index != nil {
		return index
	}
	s.near.mu.Lock()
	defer s.near.mu.Unlock()
	if index := s.near.built.Load(); index != nil {
		return index
	}
	t := s.tables[inActors]
	index := newNameIndex()
	for ord := range t.size {
		index.add(ord, liveNames(t.entries.at(ord)))
	}
	index.owner = nil // nobody changes it in place any more
	s.near.built.Store(index)
	return index
}

// renameActors brings the index of names up to date with the actors just put.
func (e *Edit) renameActors() {
	if !slices.ContainsFunc(e.changes, func(c change) bool { return c.table == inActors }) {
		return
	}
	index := e.near.built.Load()
	e.near = new(nearNames)
	if index == nil {
		return
	}
	if index.owner != e.owner {
		fork := *index
		fork.owner, fork.exact, fork.pieces = e.owner, forkMap(index.exact), forkMap(index.pieces)
		index = &fork
	}
	t := e.tables[inActors]
	for _, c := range e.changes {
		if c.table != inActors {
			continue
		}
		before, after := index.names.at(c.ord), liveNames(t.entries.at(c.ord))
		if !slices.Equal(before, after) {
			index.remove(c.ord, before)
			index.add(c.ord, after)
		}
	}
	e.near.built.Store(index)
}

// liveNames returns the folded names of a live actor; nothing for one that is not.
func liveNames(entry *Entry) []string {
	if entry == nil || entry.Archived() {
		return nil
	}
	if a, ok := entry.Record().(*directory.Actor); ok {
		return foldedNames(a)
	}
	return nil
}

// foldedNames returns the different folded names and other names of an actor, without acronyms, sorted.
func foldedNames(a *directory.Actor) []string {
	var all []string
	for _, name := range a.Name { // sorted below
		all = append(all, directory.Fold(name))
	}
	for _, other := range a.OtherNames {
		if other.Type != directory.NameAcronym {
			all = append(all, directory.Fold(other.Value))
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) > 0 && all[0] == "" { // nothing but punctuation
		all = all[1:]
	}
	return all
}

func (x *nameIndex) add(ord uint32, folded []string) {
	if len(folded) == 0 {
		return
	}
	x.names.set(x.owner, ord, folded)
	for _, name := range folded {
		enter(&x.exact, x.owner, inOrder(name), ord)
		for _, piece := range piecesOf(name) {
			enter(&x.pieces, x.owner, piece, ord)
		}
	}
}

func (x *nameIndex) remove(ord uint32, folded []string) {
	if len(folded) == 0 {
		return
	}
	x.names.set(x.owner, ord, nil)
	for _, name := range folded {
		leave(&x.exact, x.owner, inOrder(name), ord)
		for _, piece := range piecesOf(name) {
			leave(&x.pieces, x.owner, piece, ord)
		}
	}
}

// enter adds an ordinal to the set of a key.
func enter[K cmp.Ordered](sets *btree.Map[K, *set], o *owner, key K, ord uint32) {
	next := setOf(sets, key).add(o, ord)
	sets.Set(key, &next)
}

// leave takes an ordinal out of the set of a key.
func leave[K cmp.Ordered](sets *btree.Map[K, *set], o *owner, key K, ord uint32) {
	if next := setOf(sets, key).remove(o, ord); next.many == nil && len(next.few) == 0 {
		sets.Delete(key)
	} else {
		sets.Set(key, &next)
	}
}

// setOf returns the set of a key.
func setOf[K cmp.Ordered](sets *btree.Map[K, *set], key K) set {
	if s, ok := sets.Get(key); ok {
		return *s
	}
	return set{}
}

// inOrder returns the words of a folded name in alphabetical order.
func inOrder(name string) string {
	words := strings.Fields(name)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// slack is how many differences two names may have when the shorter one is this name.
func slack(name string) int {
	switch letters := utf8.RuneCountInString(name) - strings.Count(name, " "); {
	case letters >= lettersForTwo:
		return 2
	case letters >= lettersForOne:
		return 1
	default:
		return 0
	}
}

// seed makes the hashes of parts; they never leave the process.
var seed = maphash.MakeSeed()

// pieceKey is the hash of part i of n of a name with that many characters.
func pieceKey(part []rune, i, n, length int) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	_, _ = h.Write([]byte{byte(i), byte(n), byte(length), byte(length >> 8)}) //nolint:gosec // names are short
	_, _ = h.WriteString(string(part))
	return h.Sum64()
}

// piecesOf returns the keys of the parts of a name; none when it must be equal.
func piecesOf(name string) []uint64 {
	k := slack(name)
	if k == 0 {
		return nil
	}
	text, n := []rune(name), k+1
	keys := make([]uint64, n)
	for i := range n {
		keys[i] = pieceKey(text[i*len(text)/n:(i+1)*len(text)/n], i, n, len(text))
	}
	return keys
}

// Names finds actors by near names among some that it is given. The zero value holds none.
type Names struct{ index *nameIndex }

// Add takes an actor under a number of the caller's, once.
func (n *Names) Add(number int, a *directory.Actor) {
	if n.index == nil {
		n.index = newNameIndex()
	}
	n.index.add(uint32(number), foldedNames(a)) //nolint:gosec // of a batch
}

// Near returns the numbers of the actors given so far that NearNames would find, in ascending order.
func (n *Names) Near(a *directory.Actor) []int {
	if n.index == nil {
		return nil
	}
	found := make(map[uint32]bool)
	for _, name := range foldedNames(a) {
		n.index.near(name, found)
	}
	numbers := make([]int, 0, len(found))
	for number := range found { // sorted below
		numbers = append(numbers, int(number))
	}
	slices.Sort(numbers)
	return numbers
}

// near adds the actors that have a name near to this one.
func (x *nameIndex) near(name string, found map[uint32]bool) {
	setOf(&x.exact, inOrder(name)).each(func(ord uint32) bool {
		found[ord] = true
		return true
	})
	text := []rune(name)
	tried := make(map[uint32]bool)
	for k := 1; k <= 2 && slack(name) > 0; k++ {
		for length := len(text) - k; length <= len(text)+k; length++ {
			x.sharing(text, k, length, func(ord uint32) {
				if !found[ord] && !tried[ord] {
					tried[ord] = true
					found[ord] = slices.ContainsFunc(x.names.at(ord), func(other string) bool { return isNear(name, other) })
				}
			})
		}
	}
	for ord, near := range found {
		if !near {
			delete(found, ord)
		}
	}
}

// sharing calls f with the actors that have a name of a length, cut into k+1 parts, of which one occurs in the text at
// most k places away.
func (x *nameIndex) sharing(text []rune, k, length int, f func(uint32)) {
	n := k + 1
	for i := range n {
		from, to := i*length/n, (i+1)*length/n
		for shift := -k; shift <= k; shift++ {
			if from+shift < 0 || to+shift > len(text) {
				continue
			}
			setOf(&x.pieces, pieceKey(text[from+shift:to+shift], i, n, length)).each(func(ord uint32) bool {
				f(ord)
				return true
			})
		}
	}
}

// isNear tells whether two folded names differ in no more places than their letters allow.
func isNear(a, b string) bool {
	k := min(slack(a), slack(b))
	return k > 0 && within([]rune(a), []rune(b), k)
}

// within tells whether at most k insertions, deletions and replacements turn a into b.
func within(a, b []rune, k int) bool {
	if len(a)-len(b) > k || len(b)-len(a) > k {
		return false
	}
	row := make([]int, len(b)+1) // of the table of distances, one line at a time
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal, least := row[0], i
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := diagonal
			if a[i-1] != b[j-1] {
				replaced++
			}
			diagonal = row[j]
			row[j] = min(replaced, row[j]+1, row[j-1]+1)
			least = min(least, row[j])
		}
		if least > k {
			return false
		}
	}
	return row[len(b)] <= k
}
