package directory

// Role is the fact of the directory: an actor does something, for a function, an initiative or both, somewhere, from a
// day to a day.
type Role struct {
	Envelope
	Actor        string   `json:"actor" validate:"required,id"`
	Type         string   `json:"type" validate:"required,term=role_types"`
	Function     string   `json:"function,omitempty" validate:"omitempty,notation"` // sent as id or notation, kept as id
	Initiative   string   `json:"initiative,omitempty" validate:"omitempty,id"`
	Territories  []string `json:"territories,omitempty" validate:"omitempty,max=300,unique,dive,term=territories"`
	Counterparts []string `json:"counterparts,omitempty" validate:"omitempty,max=300,unique,dive,term=countries"`
	Start        Date     `json:"start,omitempty" validate:"omitempty,date"`
	End          Date     `json:"end,omitempty" validate:"omitempty,date"`
	Observed     Date     `json:"observed,omitempty" validate:"omitempty,date"`
	RACI         string   `json:"raci,omitempty" validate:"omitempty,term=raci"`
	Amount       *Money   `json:"amount,omitempty" validate:"omitnil"`
	Description  Text     `json:"description,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,prose=20000"`
}

// RecordKind returns Roles.
func (*Role) RecordKind() Kind { return Roles }

// References returns the sources, the actor, the function and the initiative.
func (r *Role) References() []Reference {
	refs := refer(r.sourceReferences(), "/actor", Actors, r.Actor)
	refs = refer(refs, "/function", Functions, r.Function)
	return refer(refs, "/initiative", Initiatives, r.Initiative)
}
