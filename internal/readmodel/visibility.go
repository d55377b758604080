package readmodel

// node is one record of one table.
type node struct {
	table kindIndex
	ord   uint32
}

// settleLevels brings the effective visibilities up to date after some records changed their own visibility or what
// they name.
//
// The levels are the least that satisfy: each is at least the record's own and at least that of every record it names.
// Records may name each other in a circle, so levels that may have to fall are first set back, together with all that
// stands on them, and then everything rises to what it must be. Most changes need neither.
func (e *Edit) settleLevels(moved []node) {
	fallen := make(map[node]struct{})
	for _, n := range moved {
		if e.mayFall(n) {
			e.closure(n, fallen)
		}
	}
	open := make([]node, 0, len(fallen)+len(moved))
	for n := range fallen { // the order does not matter: what is least is unique
		e.setLevel(n, e.ownLevel(n))
		open = append(open, n)
	}
	e.rise(append(open, moved...))
}

// mayFall tells whether a record's level may have to fall. It may not when it is the lowest, when the record asks for
// that level itself, and when the record now asks for more than before by what cannot stand on its old level.
func (e *Edit) mayFall(n node) bool {
	was := e.tables[n.table].levels.at(n.ord)
	return was > 0 && e.ownLevel(n) < was && e.levelOfNamed(n) <= was
}

// closure adds a record and all that name it, directly or not, to a set.
func (e *Edit) closure(n node, into map[node]struct{}) {
	open := []node{n}
	for len(open) > 0 {
		next := open[len(open)-1]
		open = open[:len(open)-1]
		if _, ok := into[next]; ok {
			continue
		}
		into[next] = struct{}{}
		open = e.appendReferrers(open, next)
	}
}

// rise raises the levels of records, and of those that name them, to what they must be.
func (e *Edit) rise(open []node) {
	for len(open) > 0 {
		n := open[len(open)-1]
		open = open[:len(open)-1]
		level := max(e.ownLevel(n), e.levelOfNamed(n))
		if level <= e.tables[n.table].levels.at(n.ord) {
			continue
		}
		e.setLevel(n, level)
		open = e.appendReferrers(open, n)
	}
}

func (e *Edit) setLevel(n node, level uint8) {
	was := e.tables[n.table].levels.at(n.ord)
	if was == level {
		return
	}
	e.telling.remember(n, was)
	e.touch(n.table, n.ord)
	e.table(n.table).levels.set(e.owner, n.ord, level)
	e.house(n.table, n.ord)
}

// ownLevel is what a record asks for by itself; an id that is only named so far asks for nothing. Of an earlier state
// it is at least what the record has now.
func (e *Edit) ownLevel(n node) uint8 {
	least := uint8(0)
	if e.floors != nil {
		least = e.floors[n.table].levels.at(n.ord)
	}
	if entry := e.tables[n.table].entries.at(n.ord); entry != nil && entry.past != notYet {
		return max(least, entry.level())
	}
	return least
}

// levelOfNamed is the highest level among the records that a record names.
func (e *Edit) levelOfNamed(n node) (level uint8) {
	t := e.tables[n.table]
	var buffer [1]uint32
	for _, f := range linked.from[n.table] {
		named := e.tables[linked.form[n.table][f].target]
		for _, code := range t.fields[f].codes(n.ord, &buffer) {
			level = max(level, named.levels.at(code-1))
		}
	}
	return level
}

func (e *Edit) appendReferrers(to []node, n node) []node {
	for _, from := range linked.to[n.table] {
		e.tables[from.table].fields[from.field].set(n.ord + 1).each(func(by uint32) bool {
			to = append(to, node{from.table, by})
			return true
		})
	}
	return to
}
