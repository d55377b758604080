// Package access has one duty: to say who is asking and what they may do. It holds callers, scopes and the secrets of
// API keys; accounts and sign-in will stand here too.
//
// A secret is shown once, to the one who made the key; what is kept is its SHA-256.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"time"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// Scope says what a caller may do; each scope includes the ones before it.
type Scope string

// The scopes. The zero scope, of anonymous callers, only reads what is public.
const (
	Read  Scope = "read"
	Write Scope = "write"
	Admin Scope = "admin"
)

// rank orders the scopes; an unknown word allows nothing.
func (s Scope) rank() int {
	switch s {
	case Admin:
		return 3
	case Write:
		return 2
	case Read:
		return 1
	default:
		return 0
	}
}

// Caller is whoever makes a request.
type Caller struct {
	ID        string // the key's id; "" for anonymous callers
	Scope     Scope
	Clearance directory.Visibility
	Via       string // the way in: api, cli, start
}

// Anonymous returns the caller that shows no key: it reads what is public.
func Anonymous() Caller { return Caller{Clearance: directory.Public, Via: "api"} }

// SignedIn tells whether the caller is somebody.
func (c Caller) SignedIn() bool { return c.ID != "" }

// May returns nil when the caller has the scope, else a fault: unauthenticated for nobody, forbidden for somebody.
func (c Caller) May(scope Scope) error {
	switch {
	case c.Scope.rank() >= scope.rank():
		return nil
	case !c.SignedIn():
		return fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, nil)
	default:
		return fault.New(fault.Forbidden, fault.CodeForbidden, nil)
	}
}

// secretPattern is the form of a secret; what has another form is no key and is not even hashed.
var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{20,200}$`)

// NewSecret returns a new secret: dalil_ and 130 random bits or more.
func NewSecret() string { return "dalil_" + rand.Text() + rand.Text() }

// ValidSecret tells whether a text may be a secret: 20 to 200 letters, digits, '-' and '_'.
func ValidSecret(secret string) bool { return secretPattern.MatchString(secret) }

// HashSecret returns what is kept of a secret: its SHA-256 in hexadecimal. Secrets are random and long, so that a
// slow hash would add nothing.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// CallerOf returns the caller that a live key lets in now; a key that has expired lets nobody in.
func CallerOf(key *directory.APIKey, now time.Time) (Caller, error) {
	if key.Status != directory.Published || (key.Expires != nil && !now.Before(key.Expires.Time)) {
		return Caller{}, fault.New(fault.Unauthenticated, fault.CodeUnauthenticated, nil)
	}
	return Caller{ID: key.ID, Scope: Scope(key.Scope), Clearance: key.Clearance, Via: "api"}, nil
}
