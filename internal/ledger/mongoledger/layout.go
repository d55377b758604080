package mongoledger

import (
	"regexp"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"dalil/internal/directory"
)

// layoutVersion is the version of the layout that doc.go describes.
const layoutVersion = 1

// The collections beside those of the kinds.
const (
	commitsName   = "commits"
	partsName     = "commit_parts"
	revisionsName = "revisions"
	metaName      = "meta"
	keyUsesName   = "key_uses"
)

// The documents of meta.
const (
	layoutID     = "layout"
	projectionID = "projection"
	barrierID    = "barrier"
)

// kindName is the form of a kind's name, so that it can name a collection.
var kindName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,40}$`)

// mayHold tells whether records of a kind can have a collection of their own.
func mayHold(kind directory.Kind) bool {
	switch kind {
	case commitsName, partsName, revisionsName, metaName, keyUsesName, marksName:
		return false
	default:
		return kindName.MatchString(string(kind))
	}
}

// collection is what Open makes sure of: a collection, its indexes and the schema of its documents.
type collection struct {
	name    string
	indexes []mongo.IndexModel
	schema  bson.D // nil where documents have no one shape
}

// collections returns every collection of a ledger.
func collections() []collection {
	all := []collection{
		{name: commitsName, schema: commitSchema(), indexes: []mongo.IndexModel{{
			// Receipts asks for the commits with a request since a time.
			Keys:    bson.D{{Key: "at", Value: 1}},
			Options: options.Index().SetName("receipts").SetPartialFilterExpression(bson.D{{Key: "request", Value: exists}}),
		}}},
		{name: partsName, schema: partSchema(), indexes: []mongo.IndexModel{{
			// Sweep asks for the names of the parts before a time, and gets them from the index alone.
			Keys:    bson.D{{Key: "at", Value: 1}, {Key: "_id", Value: 1}},
			Options: options.Index().SetName("sweep"),
		}}},
		{name: revisionsName, schema: revisionSchema(), indexes: []mongo.IndexModel{{
			Keys:    bson.D{{Key: "kind", Value: 1}, {Key: "id", Value: 1}, {Key: "version", Value: -1}},
			Options: options.Index().SetName("history"),
		}, {
			// Erasures asks for the few revisions that name erased ones.
			Keys:    bson.D{{Key: "op", Value: 1}},
			Options: options.Index().SetName("erasures").SetPartialFilterExpression(erasing()),
		}}},
		{name: metaName},
		{name: keyUsesName},
	}
	for _, kind := range directory.AllKinds() {
		all = append(all, collection{name: string(kind), schema: recordSchema()})
	}
	return all
}
