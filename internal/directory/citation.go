package directory

// Citation is a question to the directory, frozen with all that its answer depends on, and the checksum of that answer.
type Citation struct {
	Envelope
	Path      string     `json:"path" validate:"required,line=4000"`                           // with every parameter that counts
	KnownAt   int        `json:"known_at" validate:"min=1"`                                    // the ledger position
	AsOf      string     `json:"as_of,omitempty" validate:"omitempty,line=10"`                 // as the answer says it
	Day       Date       `json:"day" validate:"required,date"`                                 // what "today" was
	Lang      string     `json:"lang" validate:"required,line=8"`                              // of labels
	Clearance Visibility `json:"clearance" validate:"required,oneof=public partners ministry"` // what was seen
	Checksum  string     `json:"checksum" validate:"required,hexadecimal,len=64"`              // SHA-256 of the answer in canonical JSON
	Title     string     `json:"title,omitempty" validate:"omitempty,line=500"`
}

// RecordKind returns Citations.
func (*Citation) RecordKind() Kind { return Citations }

// References returns nothing: what a citation is about may be archived.
func (*Citation) References() []Reference { return nil }
