// Command openapi-client reads one actor through a client generated from the API document, and checks that what came
// is that actor. The folder client is generated before it is compiled (.ci/openapi-client).
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"dalil/tools/openapi-client/client"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: openapi-client URL ACTOR")
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := read(ctx, os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// read writes what the server says of an actor, and fails when it does not say it as the document promises.
func read(ctx context.Context, out io.Writer, server, id string) error {
	api, err := client.NewClientWithResponses(server)
	if err != nil {
		return fmt.Errorf("making the client: %w", err)
	}
	answer, err := api.GetActorWithResponse(ctx, id, &client.GetActorParams{})
	if err != nil {
		return fmt.Errorf("reading actor %s: %w", id, err)
	}
	actor := answer.JSON200
	if actor == nil {
		return fmt.Errorf("reading actor %s: %s: %s", id, answer.Status(), answer.Body)
	}
	if actor.Id != id || actor.Name == nil {
		return fmt.Errorf("reading actor %s: an actor %q, or without a name: %s", id, actor.Id, answer.Body)
	}
	fmt.Fprintf(out, "%s: %v\n", id, *actor.Name)

	absent, err := api.GetActorWithResponse(ctx, "no-such-actor", &client.GetActorParams{})
	if err != nil {
		return fmt.Errorf("reading an actor that does not exist: %w", err)
	}
	problem := absent.ApplicationproblemJSON404
	if problem == nil {
		return fmt.Errorf("an actor that does not exist: %s instead of a 404 with a problem", absent.Status())
	}
	fmt.Fprintf(out, "no-such-actor: %s\n", problem.Title)
	return nil
}
