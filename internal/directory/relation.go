package directory

// Relation is a typed link between two different actors, read from From to To.
type Relation struct {
	Envelope
	From        string `json:"from" validate:"required,id"`
	Type        string `json:"type" validate:"required,term=relation_types"`
	To          string `json:"to" validate:"required,id"`
	Start       Date   `json:"start,omitempty" validate:"omitempty,date"`
	End         Date   `json:"end,omitempty" validate:"omitempty,date"`
	Amount      *Money `json:"amount,omitempty" validate:"omitnil"`
	Description Text   `json:"description,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,prose=20000"`
}

// RecordKind returns Relations.
func (*Relation) RecordKind() Kind { return Relations }

// References returns the sources and the two ends.
func (r *Relation) References() []Reference {
	refs := refer(r.sourceReferences(), "/from", Actors, r.From)
	return refer(refs, "/to", Actors, r.To)
}
