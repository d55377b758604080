package directory

// Kind names a kind of record, as in the addresses of the API: actors, roles and so on.
type Kind string

// The six kinds of the directory proper, and those of the administration that stand on the same envelope.
const (
	Actors      Kind = "actors"
	Initiatives Kind = "initiatives"
	Functions   Kind = "functions"
	Roles       Kind = "roles"
	Relations   Kind = "relations"
	Sources     Kind = "sources"
	APIKeys     Kind = "api_keys"
	Webhooks    Kind = "webhooks"
	Citations   Kind = "citations"
)

// Kinds returns the six kinds of the directory proper, those that a referring record follows first.
func Kinds() []Kind {
	return []Kind{Sources, Functions, Actors, Initiatives, Roles, Relations}
}

// AllKinds returns every kind that a ledger may hold.
func AllKinds() []Kind { return append(Kinds(), APIKeys, Webhooks, Citations) }

// KindNamed returns the kind of the directory proper with that name.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if string(k) == name {
			return k, true
		}
	}
	return "", false
}

// New returns an empty record of the kind; nil for a kind that does not exist.
func (k Kind) New() Record {
	switch k {
	case Actors:
		return new(Actor)
	case Initiatives:
		return new(Initiative)
	case Functions:
		return new(Function)
	case Roles:
		return new(Role)
	case Relations:
		return new(Relation)
	case Sources:
		return new(Source)
	case APIKeys:
		return new(APIKey)
	case Webhooks:
		return new(Webhook)
	case Citations:
		return new(Citation)
	default:
		return nil
	}
}

// Ref names one record.
type Ref struct {
	Kind Kind
	ID   string
}

// String returns kind/id.
func (r Ref) String() string { return string(r.Kind) + "/" + r.ID }

// Reference is a place of a record that names another record.
type Reference struct {
	Pointer string // JSON Pointer into the record that refers
	To      Ref
}
