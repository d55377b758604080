package readmodel

import "hash/maphash"

// slots is a hash table of numbers, which count from 1, of things that are kept elsewhere: it takes some bytes for each,
// where a tree of texts takes some fifty. It is filled while a checkpoint is loaded and never changes afterwards: what
// comes later goes into the tree beside it.
type slots struct {
	numbers []uint32 // 0 is free; a power of two
	used    int
}

// find returns the number of the thing with a hash; 0 when there is none. same tells whether a number is that thing's.
func (s *slots) find(hash uint64, same func(number uint32) bool) uint32 {
	if s == nil || len(s.numbers) == 0 {
		return 0
	}
	for at := s.first(hash); ; at = s.after(at) {
		if n := s.numbers[at]; n == 0 || same(n) {
			return n
		}
	}
}

// add takes the number of a thing that is not there yet. hashOf returns the hash of a number's thing.
func (s *slots) add(number uint32, hashOf func(number uint32) uint64) {
	if 4*(s.used+1) > 3*len(s.numbers) {
		old := s.numbers
		s.numbers = make([]uint32, max(16, 2*len(old)))
		for _, n := range old {
			if n != 0 {
				s.place(n, hashOf(n))
			}
		}
	}
	s.place(number, hashOf(number))
	s.used++
}

func (s *slots) place(number uint32, hash uint64) {
	at := s.first(hash)
	for s.numbers[at] != 0 {
		at = s.after(at)
	}
	s.numbers[at] = number
}

func (s *slots) first(hash uint64) int { return int(hash&(1<<31-1)) & (len(s.numbers) - 1) }

func (s *slots) after(at int) int { return (at + 1) & (len(s.numbers) - 1) }

// slotSeed makes the hashes of slots; they never leave the process.
var slotSeed = maphash.MakeSeed()

func hashText(text string) uint64 { return maphash.String(slotSeed, text) }
