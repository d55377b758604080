package readmodel

// flatLists are the lists of codes of a field with several values, one after the other in plain memory. A list never
// changes; those that came since they were laid out are looked up in the field.
type flatLists struct {
	table  kindIndex
	field  int
	starts []uint32 // list → where its codes begin; one more at the end
	codes  []uint16
}

// maxFlatLists is of how many fields they are kept.
const maxFlatLists = 16

// mostSince is how many lists may have come since, beside a part of all, before they are laid out anew.
const mostSince = 1024

// flatLists returns the lists of a field that has few codes.
func (s *Snapshot) flatLists(k kindIndex, field int) *flatLists {
	return s.caches.lists.get(maxFlatLists,
		func(l *flatLists) bool { return l.table == k && l.field == field },
		func() *flatLists {
			lists := s.tables[k].fields[field].lists
			l := &flatLists{table: k, field: field, starts: make([]uint32, 1, lists.size+2)}
			for list := range lists.size + 1 {
				for _, code := range lists.values.at(list) {
					l.codes = append(l.codes, uint16(code)) //nolint:gosec // of few codes
				}
				l.starts = append(l.starts, uint32(len(l.codes))) //nolint:gosec // a few for each list
			}
			return l
		})
}

// advance keeps them unless too many lists came since.
func (l *flatLists) advance(s *Snapshot) (*flatLists, bool) {
	return l, int(s.tables[l.table].fields[l.field].lists.size) <= len(l.starts)+len(l.starts)/8+mostSince
}

// of returns the codes of a list; ok is false for one that came since.
func (l *flatLists) of(list uint32) (codes []uint16, ok bool) {
	if int(list)+1 >= len(l.starts) {
		return nil, false
	}
	return l.codes[l.starts[list]:l.starts[list+1]], true
}

// countLists adds up the codes of the lists of some records, whose numbers a column holds.
func (c *column) countLists(l *flatLists, f *field, ords []uint32, counts []int) {
	for _, ord := range ords {
		list := c.at(ord)
		codes, ok := l.of(list)
		if !ok {
			for _, code := range f.lists.values.at(list) {
				counts[code]++
			}
			continue
		}
		for _, code := range codes {
			counts[code]++
		}
	}
}

// at returns the code of a record.
func (c *column) at(ord uint32) uint32 {
	if c.bytes != nil {
		return uint32(c.bytes[ord/blockSize][ord%blockSize])
	}
	return uint32(c.wide[ord/blockSize][ord%blockSize])
}
