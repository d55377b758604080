package readmodel

import "math"

// column holds the codes of a field of words once more, narrow and in long blocks, so that counting reads little memory
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
func (f *field) largest() uint32 {
	if f.multi {
		return f.lists.size
	}
	return f.words.size
}

// column returns the column of a field of words; nil when it has too many.
func (s *Snapshot) column(k kindIndex, field int) *column {
	t := s.tables[k]
	if t.fields[field].largest() > math.MaxUint16 {
		return nil
	}
	return s.caches.columns.get(maxColumns,
		func(c *column) bool { return c.table == k && c.field == field },
		func() *column { return newColumn(t, field) })
}

func newColumn(t *table, field int) *column {
	c, f := &column{table: t.kind, field: field}, &t.fields[field]
	if f.largest() <= math.MaxUint8 {
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
	f, next := &is.fields[c.field], *c
	switch {
	case c.bytes != nil && f.largest() <= math.MaxUint8:
		next.bytes = advanceBlocks(c.bytes, c.table, f, is.size, t)
	case c.wide != nil && f.largest() <= math.MaxUint16:
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
