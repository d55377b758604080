package mongoledger_test

import (
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
	"dalil/internal/ledger/mongoledger"
	"dalil/internal/ledger/mongoledger/wireproxy"
)

func TestOpenSaysWhyItCannotWithoutThePassword(t *testing.T) {
	t.Parallel()
	for uri, code := range map[string]fault.Code{
		"mongodb://amal:s3cret-word@127.0.0.1:1/dalil":           fault.CodeStoreUnreachable, // nobody listens
		"mongodb://amal:s3cret-word@127.0.0.1:port/dalil":        fault.CodeStoreUnreachable,
		"mongodb://amal:s3cret-word@/dalil":                      fault.CodeStoreUnreachable,
		"mongodb://amal:s3cret-word@[::1/dalil":                  fault.CodeStoreUnreachable,
		"mongodb://amal:s3cret-word@127.0.0.1:1/dalil?tls=maybe": fault.CodeStoreUnreachable,
		"postgres://amal:s3cret-word@127.0.0.1:1/dalil":          fault.CodeStoreUnreachable,
	} {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			log := new(lines)
			l, err := mongoledger.Open(t.Context(), uri, mongoledger.Options{Log: textLog(log)})
			if err == nil {
				_ = l.Close()
			}
			if !fault.Is(err, code) {
				t.Fatalf("got %v, want a fault with code %s", err, code)
			}
			if strings.Contains(err.Error()+log.String(), "s3cret") {
				t.Errorf("the password is told: %v\n%s", err, log)
			}
		})
	}
}

func TestOpenRefusesADatabaseOfSomebodyElse(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"commits", "actors", "revisions", "commit_parts"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDatabase(t)
			if _, err := d.Collection(name).InsertOne(t.Context(), bson.D{{Key: "title", Value: "Metropolis"}}); err != nil {
				t.Fatal(err)
			}
			if _, err := mongoledger.Open(t.Context(), d.uri, quick); !fault.Is(err, fault.CodeStoreNotOurs) {
				t.Errorf("got %v, want store_not_ours", err)
			}
			names, err := d.ListCollectionNames(t.Context(), bson.D{})
			if err != nil || len(names) != 1 {
				t.Errorf("collections were made: %v, %v", names, err)
			}
		})
	}
}

func TestOpenLeavesOtherCollectionsAlone(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	if _, err := d.Collection("films").InsertOne(t.Context(), bson.D{{Key: "title", Value: "Metropolis"}}); err != nil {
		t.Fatal(err)
	}
	open(t, d.uri, quick)
}

func TestOpenRefusesALaterLayout(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	if err := open(t, d.uri, quick).Close(); err != nil {
		t.Fatal(err)
	}
	_, err := d.Collection("meta").UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "layout"}},
		bson.D{{Key: "$inc", Value: bson.D{{Key: "version", Value: 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mongoledger.Open(t.Context(), d.uri, quick); !fault.Is(err, fault.CodeNewerFormat) {
		t.Errorf("got %v, want newer_format", err)
	}
}

func TestOpenMakesIndexesAndSchemasThatOnlyWarn(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	open(t, d.uri, quick)
	specs, err := d.ListCollectionSpecifications(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	warned := make(map[string]bool)
	for _, s := range specs {
		action, _ := s.Options.Lookup("validationAction").StringValueOK()
		warned[s.Name] = action == "warn"
	}
	for _, name := range []string{"commits", "commit_parts", "revisions", "actors", "roles", "api_keys"} {
		if !warned[name] {
			t.Errorf("%s has no schema that warns", name)
		}
	}
	for name, indexes := range map[string]string{"commits": "receipts", "commit_parts": "sweep", "revisions": "erasures history"} {
		specs, err := d.Collection(name).Indexes().ListSpecifications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range specs[1:] { // after that of _id
			names = append(names, s.Name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != indexes {
			t.Errorf("%s has the indexes %q, want %q", name, got, indexes)
		}
	}
}

func TestTwoNodesMayOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	opened := make(chan error, 4)
	for range cap(opened) {
		go func() {
			l, err := mongoledger.Open(t.Context(), d.uri, quick)
			if err == nil {
				err = l.Close()
			}
			opened <- err
		}()
	}
	for range cap(opened) {
		if err := <-opened; err != nil {
			t.Error(err)
		}
	}
}

func TestNoURIWeakensReadsAndWrites(t *testing.T) {
	t.Parallel()
	d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
	proxy, uri := d.through(t)
	weak := new(lines)
	for _, command := range []string{"insert", "update", "delete", "find", "aggregate"} {
		proxy.Inject(wireproxy.Rule{Command: command, Times: wireproxy.Always, Fault: wireproxy.CutRequest(), Where: func(c *wireproxy.Command) bool {
			if !strong(c) {
				_, _ = weak.Write([]byte(c.Body.String() + "\n"))
			}
			return false
		}})
	}
	l := open(t, uri+"&w=1&journal=false&readConcernLevel=local&readPreference=nearest&retryWrites=true", quick)
	all := scribe.Group(2, ledger.InlineChanges+1, 1)
	mustAppend(t, l, scribe, all...)
	if n, err := l.Append(t.Context(), ledger.Position{}, all); n != len(all) || err != nil {
		t.Fatalf("again: %d durable, %v", n, err)
	}
	complete(t, l)
	if err := l.Redact(t.Context(), []ledger.RefVersion{{Ref: all[0].Changes[0].Ref, Version: 1}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := l.Load(t.Context(), func(ledger.Record) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if weak.String() != "" {
		t.Errorf("sent without the concerns that it needs:\n%s", weak)
	}
}

// strong tells whether a command asks for what durability needs.
func strong(c *wireproxy.Command) bool {
	if _, retried := c.Body.Lookup("txnNumber").AsInt64OK(); retried {
		return false
	}
	switch c.Name {
	case "find", "aggregate":
		level, _ := c.Body.Lookup("readConcern", "level").StringValueOK()
		mode, named := c.Body.Lookup("$readPreference", "mode").StringValueOK()
		return level == "majority" && (!named || mode == "primary" || mode == "primaryPreferred")
	default:
		w, _ := c.Body.Lookup("writeConcern", "w").StringValueOK()
		j, _ := c.Body.Lookup("writeConcern", "j").BooleanOK()
		return w == "majority" && j
	}
}
