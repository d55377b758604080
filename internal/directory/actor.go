package directory

// Actor is an organisation, a unit of one, a network or a committee.
type Actor struct {
	Envelope
	Kind        string       `json:"kind" validate:"required,term=actor_kinds"`
	Group       string       `json:"group" validate:"required,term=groups"`
	Parent      string       `json:"parent,omitempty" validate:"omitempty,id"`
	Name        Text         `json:"name" validate:"required,min=1,dive,keys,lang,endkeys,line=500"`
	Acronym     Text         `json:"acronym,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,line=80"`
	OtherNames  []OtherName  `json:"other_names,omitempty" validate:"omitempty,max=200,dive"`
	State       string       `json:"state,omitempty" validate:"omitempty,term=actor_states"`
	Founded     Date         `json:"founded,omitempty" validate:"omitempty,date"`
	Dissolved   Date         `json:"dissolved,omitempty" validate:"omitempty,date"`
	Country     string       `json:"country,omitempty" validate:"omitempty,term=countries"`
	Territories []string     `json:"territories,omitempty" validate:"omitempty,max=300,unique,dive,term=territories"`
	Locations   []Location   `json:"locations,omitempty" validate:"omitempty,max=100,dive"`
	Website     string       `json:"website,omitempty" validate:"omitempty,weburl"`
	Email       string       `json:"email,omitempty" validate:"omitempty,mail"`
	Phone       string       `json:"phone,omitempty" validate:"omitempty,phone"`
	Identifiers []Identifier `json:"identifiers,omitempty" validate:"omitempty,max=100,dive"`
	Mandate     Text         `json:"mandate,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,prose=20000"`
	Summary     Text         `json:"summary,omitempty" validate:"omitempty,min=1,dive,keys,lang,endkeys,prose=20000"`
}

// OtherName is another name of an actor: an alias, a former name or an acronym.
type OtherName struct {
	Value string `json:"value" validate:"required,line=500"`
	Lang  string `json:"lang,omitempty" validate:"omitempty,lang"`
	Type  string `json:"type" validate:"required,term=other_name_types"`
	Start Date   `json:"start,omitempty" validate:"omitempty,date"`
	End   Date   `json:"end,omitempty" validate:"omitempty,date"`
}

// Location is a place where an actor sits. City and address are free text; territory is a code.
type Location struct {
	Label     string   `json:"label,omitempty" validate:"omitempty,line=200"`
	Address   string   `json:"address,omitempty" validate:"omitempty,prose=500"`
	City      string   `json:"city,omitempty" validate:"omitempty,line=200"`
	Territory string   `json:"territory,omitempty" validate:"omitempty,term=territories"`
	Lat       *float64 `json:"lat,omitempty" validate:"omitnil,min=-90,max=90"`
	Lon       *float64 `json:"lon,omitempty" validate:"omitnil,min=-180,max=180"`
}

// Identifier is an actor's identifier in a public scheme. Issuer is required for the scheme other.
type Identifier struct {
	Scheme    string `json:"scheme" validate:"required,term=identifier_schemes"`
	Value     string `json:"value" validate:"required,line=200"`
	Issuer    string `json:"issuer,omitempty" validate:"required_if=Scheme other,omitempty,line=200"`
	Preferred bool   `json:"preferred,omitzero"`
}

// RecordKind returns Actors.
func (*Actor) RecordKind() Kind { return Actors }

// References returns the sources and the parent.
func (a *Actor) References() []Reference {
	return refer(a.sourceReferences(), "/parent", Actors, a.Parent)
}
