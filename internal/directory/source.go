package directory

// Source is a document: the evidence that records name.
type Source struct {
	Envelope
	Title     string `json:"title" validate:"required,line=1000"`
	Publisher string `json:"publisher,omitempty" validate:"omitempty,line=300"`
	Date      Date   `json:"date,omitempty" validate:"omitempty,date"`
	URL       string `json:"url,omitempty" validate:"omitempty,weburl"`
	Language  string `json:"language,omitempty" validate:"omitempty,lang"`
	Kind      string `json:"kind" validate:"required,term=source_kinds"`
	Note      string `json:"note,omitempty" validate:"omitempty,prose=20000"`
}

// RecordKind returns Sources.
func (*Source) RecordKind() Kind { return Sources }

// References returns the sources that this source itself names.
func (s *Source) References() []Reference { return s.sourceReferences() }
