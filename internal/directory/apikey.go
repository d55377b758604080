package directory

// APIKey lets a program in. The key itself is never kept: Hash is the hexadecimal SHA-256 of its secret.
type APIKey struct {
	Envelope
	Name      string     `json:"name" validate:"required,line=200"`
	Scope     string     `json:"scope" validate:"required,oneof=read write admin"`
	Clearance Visibility `json:"clearance" validate:"required,oneof=partners ministry"`
	Hash      string     `json:"hash" validate:"required,hexadecimal,len=64"`
	Expires   *Time      `json:"expires,omitempty"`
}

// RecordKind returns APIKeys.
func (*APIKey) RecordKind() Kind { return APIKeys }

// References returns nothing: a key names no record.
func (*APIKey) References() []Reference { return nil }
