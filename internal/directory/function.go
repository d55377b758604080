package directory

// Function is a concept of the governance taxonomy, after SKOS (W3C, Simple Knowledge Organization System): notation,
// preferred labels, definition, broader concept. A child does not inherit its parent's framework codes.
type Function struct {
	Envelope
	Notation   string          `json:"notation" validate:"required,notation"`
	Parent     string          `json:"parent,omitempty" validate:"omitempty,notation"` // sent as id or notation, kept as id
	Label      Text            `json:"label" validate:"required,min=1,dive,keys,lang,endkeys,line=300"`
	Definition Text            `json:"definition,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,prose=20000"`
	Frameworks []FrameworkCode `json:"frameworks,omitempty" validate:"omitempty,max=200,unique,dive"`
	Order      *int            `json:"order,omitempty" validate:"omitnil,min=0,max=1000000"`
}

// RecordKind returns Functions.
func (*Function) RecordKind() Kind { return Functions }

// References returns the sources and the parent.
func (f *Function) References() []Reference {
	return refer(f.sourceReferences(), "/parent", Functions, f.Parent)
}
