package access_test

import (
	"testing"
	"time"

	"dalil/internal/access"
	"dalil/internal/directory"
	"dalil/internal/fault"
)

func TestEachScopeIncludesTheOnesBeforeIt(t *testing.T) {
	t.Parallel()
	scopes := []access.Scope{access.Read, access.Write, access.Admin}
	for have, scope := range scopes {
		caller := access.Caller{ID: "k", Scope: scope}
		for want, asked := range scopes {
			err := caller.May(asked)
			if (err == nil) != (have >= want) {
				t.Errorf("%s asking for %s: %v", scope, asked, err)
			}
			if err != nil && fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s asking for %s: kind %d, want Forbidden", scope, asked, fault.KindOf(err))
			}
		}
	}
}

func TestNobodyAndAnUnknownScopeMayDoNothing(t *testing.T) {
	t.Parallel()
	if err := access.Anonymous().May(access.Read); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("anonymous: %v", err)
	}
	if err := (access.Caller{ID: "k", Scope: "root"}).May(access.Read); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("unknown scope: %v", err)
	}
}

func TestAKeyLetsInUntilItExpiresOrIsRevoked(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	expires := directory.At(now.Add(time.Hour))
	key := &directory.APIKey{Scope: "write", Clearance: directory.Partners, Expires: &expires}
	key.ID, key.Status = "key-1", directory.Published
	caller, err := access.CallerOf(key, now)
	if err != nil || caller.Scope != access.Write || caller.Clearance != directory.Partners || caller.ID != "key-1" {
		t.Fatalf("valid key: %+v, %v", caller, err)
	}
	if _, err := access.CallerOf(key, expires.Time); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("at its expiry: %v", err)
	}
	key.Status = directory.Archived
	if _, err := access.CallerOf(key, now); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("revoked: %v", err)
	}
}

func TestSecretsDifferHaveTheFormAndAreHashed(t *testing.T) {
	t.Parallel()
	a, b := access.NewSecret(), access.NewSecret()
	if a == b || !access.ValidSecret(a) {
		t.Errorf("secrets %q and %q", a, b)
	}
	if got := access.HashSecret("abc"); got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("SHA-256 of abc is %s", got) // FIPS 180-4's example
	}
	for _, bad := range []string{"", "short", "has space in it all right", "é" + a} {
		if access.ValidSecret(bad) {
			t.Errorf("%q passes for a secret", bad)
		}
	}
}
