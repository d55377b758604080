package wireproxy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const scheme = "mongodb://"

// A target is the server behind a proxy.
type target struct {
	address string
	uri     string
}

// findTarget returns the server that takes a URI's writes.
func findTarget(ctx context.Context, uri string) (target, error) {
	opts := options.Client().ApplyURI(uri)
	if err := opts.Validate(); err != nil {
		return target{}, fmt.Errorf("reading the server's URI: %w", err)
	}
	if opts.TLSConfig != nil || !strings.HasPrefix(uri, scheme) {
		return target{}, errors.New("the proxy stands before plain " + scheme + " servers only, without TLS")
	}
	if opts.Direct != nil && *opts.Direct {
		return target{address: opts.Hosts[0], uri: uri}, nil
	}
	client, err := mongo.Connect(opts)
	if err != nil {
		return target{}, fmt.Errorf("connecting to the server: %w", err)
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	var hello struct{ Me string }
	err = client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	if err != nil {
		return target{}, fmt.Errorf("asking which server is primary: %w", err)
	}
	if hello.Me == "" { // a single server
		hello.Me = opts.Hosts[0]
	}
	return target{address: hello.Me, uri: uri}, nil
}

// through returns the target's URI with another address in the place of its hosts.
func (t target) through(address string) string {
	rest := strings.TrimPrefix(t.uri, scheme)
	rest, query, _ := strings.Cut(rest, "?")
	hosts, database, _ := strings.Cut(rest, "/")
	user := ""
	if at := strings.LastIndexByte(hosts, '@'); at >= 0 {
		user = hosts[:at+1]
	}
	kept := []string{"directConnection=true"}
	for option := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(option, "=")
		switch strings.ToLower(name) {
		case "", "directconnection", "replicaset":
		default:
			kept = append(kept, option)
		}
	}
	return scheme + user + address + "/" + database + "?" + strings.Join(kept, "&")
}
