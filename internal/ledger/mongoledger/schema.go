package mongoledger

import "go.mongodb.org/mongo-driver/v2/bson"

// exists is the condition that a member is there.
var exists = bson.D{{Key: "$exists", Value: true}}

// The JSON schemas below are told to the server with the action "warn": they help who looks into the database and
// refuse nothing. What is right is what the hash chain says.

func object(required bson.A, properties bson.D) bson.D {
	return bson.D{
		{Key: "bsonType", Value: "object"},
		{Key: "required", Value: required},
		{Key: "properties", Value: properties},
	}
}

// typed is the schema of members that have one type each, in pairs of name and type.
func typed(names ...string) bson.D {
	var properties bson.D
	for i := 0; i+1 < len(names); i += 2 {
		properties = append(properties, bson.E{Key: names[i], Value: bson.D{{Key: "bsonType", Value: names[i+1]}}})
	}
	return properties
}

func commitSchema() bson.D {
	return object(bson.A{"_id", "format", "at", "author", "reason", "token", "prev", "hash"}, typed(
		"_id", "long", "format", "int", "at", "date", "author", "object", "reason", "object", "token", "binData",
		"ledger", "binData", "request", "object", "changes", "array", "parts", "array", "prev", "binData",
		"hash", "binData"))
}

func partSchema() bson.D {
	return object(bson.A{"_id", "at", "changes"}, typed("_id", "object", "at", "date", "changes", "array"))
}

func revisionSchema() bson.D {
	return object(bson.A{"_id", "kind", "id", "version", "seq", "at", "author", "op", "digest"}, typed(
		"_id", "string", "kind", "string", "id", "string", "version", "long", "seq", "long", "part", "int",
		"change", "int", "at", "date", "author", "object", "reason", "string", "op", "string", "erased", "array", "digest", "binData",
		"salt", "binData", "json", "string"))
}

func recordSchema() bson.D {
	dalil := object(bson.A{"seq", "version", "op", "digest"}, typed(
		"seq", "long", "version", "long", "op", "string", "digest", "binData", "salt", "binData", "json", "string"))
	properties := append(typed("_id", "string"), bson.E{Key: "_dalil", Value: dalil})
	return object(bson.A{"_id", "_dalil"}, properties)
}
