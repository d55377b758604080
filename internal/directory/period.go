package directory

// EffectivePeriod is the time in which a role holds. Its own dates come first; a missing start or end is its
// initiative's, unless that would leave the period empty; a missing end is at the latest its actor's dissolution.
// Initiative and actor may be nil.
func (r *Role) EffectivePeriod(initiative *Initiative, actor *Actor) Period {
	p := PeriodOf(r.Start, r.End)
	if initiative != nil {
		q := p
		if r.Start == "" {
			q.First, _ = initiative.Start.Span()
		}
		if r.End == "" {
			_, q.Last = initiative.End.Span()
		}
		if !q.Empty() {
			p = q
		}
	}
	if r.End == "" && actor != nil && actor.Dissolved != "" {
		_, gone := actor.Dissolved.Span()
		p.Last = min(p.Last, max(gone, p.First))
	}
	return p
}

// Period is from the founding to the dissolution.
func (a *Actor) Period() Period { return PeriodOf(a.Founded, a.Dissolved) }

// Period is from the start to the end.
func (i *Initiative) Period() Period { return PeriodOf(i.Start, i.End) }

// Period is from the start to the end.
func (r *Relation) Period() Period { return PeriodOf(r.Start, r.End) }

// StateOn returns the state of an initiative on a day: what the record says, else what its dates say.
func (i *Initiative) StateOn(day Day) string {
	if i.State != "" {
		return i.State
	}
	switch p := i.Period(); {
	case day < p.First:
		return "planned"
	case day > p.Last:
		return "completed"
	default:
		return "active"
	}
}

// Letter is the RACI letter of a role: its own, else what its type implies; "" for a type that implies none.
func (r *Role) Letter() string {
	if r.RACI != "" {
		return r.RACI
	}
	types, _ := VocabularyNamed("role_types")
	if t, ok := types.Term(r.Type); ok {
		return t.RACI
	}
	return ""
}

// EffectiveDates are the start and the end of the effective period as dates, with the precision of those that it takes
// them from; "" where it is open.
func (r *Role) EffectiveDates(initiative *Initiative, actor *Actor) (start, end Date) {
	start, end = r.Start, r.End
	if initiative != nil {
		first, last := start, end
		if first == "" {
			first = initiative.Start
		}
		if last == "" {
			last = initiative.End
		}
		if !PeriodOf(first, last).Empty() {
			start, end = first, last
		}
	}
	if r.End == "" && actor != nil && actor.Dissolved != "" {
		p := PeriodOf(start, end)
		switch _, gone := actor.Dissolved.Span(); {
		case gone >= p.Last:
		case gone >= p.First:
			end = actor.Dissolved
		default:
			end = p.First.Date()
		}
	}
	return start, end
}
