package readmodel

import "math"

// column holds the codes of a field once more, narrow and in long blocks, so that counting reads little memory
// and reads it in order. Of a field with several values it holds the numbers of the lists. It is made for fields that
// facets count, when one is first asked for.
type column struct {
	table kindIndex
	field int
	bytes []*block[uint8]  // while every code fits
	wide  []*block[uint16] // from then on
}

const blockSize = 64 * leafSize

// block is a run of codes. It never changes once a snapshot has it.
type block[T uint8 | uint16] [blockSize]T

// largest is the highest code that a field has given: of a list where it has several values.
func (s *Snapshot) largest(k kindIndex, field int) uint32 {
	f := &s.tables[k].fields[field]
	if f.multi {
		return f.lists.size
	}
	if target := linked.form[k][field].target; target != noKind {
		return s.tables[target].size
	}
	return f.words.size
}

// column returns the column of a field; nil when it has too many codes.
func (s *Snapshot) column(k kindIndex, field int) *column {
	if s.largest(k, field) > math.MaxUint16 {
		return nil
	}
	return s.caches.columns.get(maxColumns,
		func(c *column) bool { return c.table == k && c.field == field },
		func() *column { return newColumn(s, k, field) })
}

func newColumn(s *Snapshot, k kindIndex, field int) *column {
	t := s.tables[k]
	c, f := &column{table: k, field: field}, &t.fields[field]
	if s.largest(k, field) <= math.MaxUint8 {
		c.bytes = newBlocks[uint8](f, t.size)
	} else {
		c.wide = newBlocks[uint16](f, t.size)
	}
	return c
}

func newBlocks[T uint8 | uint16](f *field, size uint32) []*block[T] {
	blocks := make([]*block[T], (size+blockSize-1)/blockSize)
	for i := range blocks {
		blocks[i] = new(block[T])
	}
	for from := uint32(0); from < size; from += leafSize {
		for i, code := range f.one.run(from) {
			blocks[from/blockSize][from%blockSize+uint32(i)] = T(code)
		}
	}
	return blocks
}

// advance brings the column up to date for the next snapshot, unless its codes no longer fit.
func (c *column) advance(last, s *Snapshot, t *touches) (*column, bool) {
	was, is := last.tables[c.table], s.tables[c.table]
	if was == is {
		return c, true
	}
	f, next, largest := &is.fields[c.field], *c, s.largest(c.table, c.field)
	switch {
	case c.bytes != nil && largest <= math.MaxUint8:
		next.bytes = advanceBlocks(c.bytes, c.table, f, is.size, t)
	case c.wide != nil && largest <= math.MaxUint16:
		next.wide = advanceBlocks(c.wide, c.table, f, is.size, t)
	default:
		return nil, false
	}
	return &next, true
}

// advanceBlocks returns the blocks with the codes of the records that changed. Only what differs is copied.
func advanceBlocks[T uint8 | uint16](last []*block[T], k kindIndex, f *field, size uint32, t *touches) []*block[T] {
	next, ours := last, false
	for node := range t.nodes { // in any order: each record stands for itself
		if node.table != k {
			continue
		}
		n, code := node.ord/blockSize, T(f.one.at(node.ord))
		if int(n) < len(next) && next[n][node.ord%blockSize] == code {
			continue
		}
		if !ours {
			next, ours = make([]*block[T], (size+blockSize-1)/blockSize), true
			copy(next, last)
			for i := len(last); i < len(next); i++ {
				next[i] = new(block[T])
			}
		}
		if int(n) < len(last) && next[n] == last[n] {
			own := *last[n]
			next[n] = &own
		}
		next[n][node.ord%blockSize] = code
	}
	return next
}

// count adds up the codes of the records that are marked.
func (c *column) count(m *marks, counts []int) {
	l := lanesOf(len(counts))
	defer l.release()
	if c.bytes != nil {
		countBlocks(l, c.bytes, m.words)
	} else {
		countBlocks(l, c.wide, m.words)
	}
	l.addTo(counts)
}

// countBlocks goes over the marks word by word: one word marks 64 records of one block.
func countBlocks[T uint8 | uint16](l *lanes, blocks []*block[T], words []uint64) {
	for n, b := range blocks {
		from := n * blockSize / leafSize
		if from >= len(words) {
			return
		}
		for i, word := range words[from:min(from+blockSize/leafSize, len(words))] {
			if word != 0 {
				addCodes(l, (*[leafSize]T)(b[i*leafSize:]), word)
			}
		}
	}
}

// countEach adds up the codes of some records.
func (c *column) countEach(ords []uint32, counts []int) {
	l := lanesOf(len(counts))
	defer l.release()
	if c.bytes != nil {
		countEachOf(l, c.bytes, ords)
	} else {
		countEachOf(l, c.wide, ords)
	}
	l.addTo(counts)
}

func countEachOf[T uint8 | uint16](l *lanes, blocks []*block[T], ords []uint32) {
	code := func(ord uint32) T { return blocks[ord/blockSize][ord%blockSize] }
	for ; len(ords) >= len(l); ords = ords[len(l):] {
		l[0][code(ords[0])]++
		l[1][code(ords[1])]++
		l[2][code(ords[2])]++
		l[3][code(ords[3])]++
	}
	for _, ord := range ords {
		l[0][code(ord)]++
	}
}
