// Command dalil is the directory: the server and the commands for its operators.
package main

import (
	"context"
	"os"

	"dalil/internal/app"
)

func main() {
	os.Exit(app.Run(context.Background(), os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}
