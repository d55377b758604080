package directory

import "strconv"

// Initiative is a strategy, programme, project, agreement, law or event.
type Initiative struct {
	Envelope
	Kind        string           `json:"kind" validate:"required,term=initiative_kinds"`
	Parent      string           `json:"parent,omitempty" validate:"omitempty,id"`
	Links       []InitiativeLink `json:"links,omitempty" validate:"omitempty,max=100,dive"`
	Name        Text             `json:"name" validate:"required,min=1,dive,keys,lang,endkeys,line=500"`
	Acronym     Text             `json:"acronym,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,line=80"`
	State       string           `json:"state,omitempty" validate:"omitempty,term=initiative_states"`
	Start       Date             `json:"start,omitempty" validate:"omitempty,date"`
	End         Date             `json:"end,omitempty" validate:"omitempty,date"`
	Place       string           `json:"place,omitempty" validate:"omitempty,line=200"`
	Territories []string         `json:"territories,omitempty" validate:"omitempty,max=300,unique,dive,term=territories"`
	Budget      *Money           `json:"budget,omitempty" validate:"omitnil"`
	Frameworks  []FrameworkCode  `json:"frameworks,omitempty" validate:"omitempty,max=200,unique,dive"`
	Website     string           `json:"website,omitempty" validate:"omitempty,weburl"`
	Summary     Text             `json:"summary,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,prose=20000"`
}

// InitiativeLink ties an initiative to another, other than its parent.
type InitiativeLink struct {
	Type       string `json:"type" validate:"required,term=initiative_links"`
	Initiative string `json:"initiative" validate:"required,id"`
}

// Money is an amount in a currency (ISO 4217), in units of the currency.
type Money struct {
	Amount   float64 `json:"amount" validate:"min=0,max=1000000000000000"`
	Currency string  `json:"currency" validate:"required,currency"`
}

// FrameworkCode is one code of a reference framework.
type FrameworkCode struct {
	Framework string `json:"framework" validate:"required,term=frameworks"`
	Code      string `json:"code" validate:"required,line=20"`
}

// String returns FRAMEWORK:code.
func (f FrameworkCode) String() string { return f.Framework + ":" + f.Code }

// RecordKind returns Initiatives.
func (*Initiative) RecordKind() Kind { return Initiatives }

// References returns the sources, the parent and the linked initiatives.
func (i *Initiative) References() []Reference {
	refs := refer(i.sourceReferences(), "/parent", Initiatives, i.Parent)
	for n, link := range i.Links {
		refs = refer(refs, "/links/"+strconv.Itoa(n)+"/initiative", Initiatives, link.Initiative)
	}
	return refs
}
