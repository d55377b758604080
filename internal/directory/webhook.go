package directory

// Webhook says where changes are told, and which. Its secret is never kept: it is made from Salt and what only the
// servers know.
type Webhook struct {
	Envelope
	URL         string     `json:"url" validate:"required,weburl"`
	Kinds       []string   `json:"kinds,omitempty" validate:"max=6,unique,dive,oneof=sources functions actors initiatives roles relations"`
	Ops         []string   `json:"ops,omitempty" validate:"max=6,unique,dive,oneof=put archive restore merge hide erase"`
	Description string     `json:"description,omitempty" validate:"omitempty,line=500"`
	Clearance   Visibility `json:"clearance" validate:"required,oneof=public partners ministry"`
	Salt        string     `json:"salt" validate:"required,hexadecimal,len=64"`
	Disabled    string     `json:"disabled,omitempty" validate:"omitempty,line=500"` // why nothing is told any more
}

// RecordKind returns Webhooks.
func (*Webhook) RecordKind() Kind { return Webhooks }

// References returns nothing: a webhook names no record.
func (*Webhook) References() []Reference { return nil }
