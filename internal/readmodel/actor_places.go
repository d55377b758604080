package readmodel

// bearersOf returns the places of each value of a column.
func (o *orderedRoles) bearersOf(key columnKey) *bearers {
	column := o.column(key)
	o.mu.Lock()
	defer o.mu.Unlock()
	held, ok := o.values[key]
	if !ok {
		values := uint32(0)
		for _, value := range column {
			values = max(values, value+1)
		}
		held = newBearers(len(column), int(values), func(yield func(place, value uint32)) {
			for place, value := range column {
				yield(uint32(place), value)
			}
		})
		o.values[key] = held
	}
	return held
}

// placesOfActor returns the places of the roles of an actor, from one to before another. An actor that came later has none.
func (o *orderedRoles) placesOfActor(actor uint32) (from, to uint32) {
	if int(actor)+1 >= len(o.ends) {
		return 0, 0
	}
	return o.ends[actor], o.ends[actor+1]
}
