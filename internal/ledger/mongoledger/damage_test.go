package mongoledger_test

import (
	"context"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"dalil/internal/fault"
	"dalil/internal/ledger"
	"dalil/internal/ledger/ledgertest"
)

func TestDamageToTheCommitsIsToldWhereItIs(t *testing.T) {
	t.Parallel()
	id := func(seq int64) bson.D { return bson.D{{Key: "_id", Value: seq}} }
	set := func(member string, value any) bson.D {
		return bson.D{{Key: "$set", Value: bson.D{{Key: member, Value: value}}}}
	}
	for name, c := range map[string]struct {
		damage func(ctx context.Context, d *database) error
		code   fault.Code // of the error of reading; else Verify finds commit 40
	}{
		"a commit is missing": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commits").DeleteOne(ctx, id(40))
			return err
		}, fault.CodeStoreDamaged},
		"all the first commits are missing": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commits").DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$lt", Value: 600}}}})
			return err
		}, fault.CodeStoreDamaged},
		"a commit cannot be read": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commits").UpdateOne(ctx, id(40), set("hash", "none"))
			return err
		}, fault.CodeStoreDamaged},
		"a part is missing": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commit_parts").DeleteOne(ctx, bson.D{{Key: "_id.part", Value: 1}})
			return err
		}, fault.CodeStoreDamaged},
		"a part differs": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commit_parts").UpdateOne(ctx, bson.D{{Key: "_id.part", Value: 1}}, set("changes.3.version", 77))
			return err
		}, fault.CodeStoreDamaged},
		"a text differs": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commits").UpdateOne(ctx, id(40), set("changes.0.json", "{}"))
			return err
		}, ""},
		"a reason differs": {func(ctx context.Context, d *database) error {
			_, err := d.Collection("commits").UpdateOne(ctx, id(40), set("reason.text", "because"))
			return err
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, scribe := newDatabase(t), ledgertest.NewScribe(ledgertest.Seed(t))
			l := open(t, d.uri, quick)
			mustAppend(t, l, scribe, scribe.Small(700)...)
			mustAppend(t, l, scribe, scribe.Group(2*ledger.InlineChanges)...)
			complete(t, l)
			if err := c.damage(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			var found []ledger.Finding
			_, err := ledger.Verify(t.Context(), l, func(f ledger.Finding) { found = append(found, f) })
			if c.code != "" {
				if !fault.Is(err, c.code) {
					t.Errorf("got %v, want a fault with code %s", err, c.code)
				}
				return
			}
			if err != nil || len(found) == 0 || found[0].Seq != 40 {
				t.Errorf("found %v, %v, want commit 40", found, err)
			}
		})
	}
}
