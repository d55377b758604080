package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// healthTime is how long a server may take to say how it is.
const healthTime = 5 * time.Second

// healthCommand asks a server whether it may be sent requests, where no curl is at hand: in a container.
func healthCommand(sh shell) *cobra.Command {
	var server string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a server whether it is ready: exit code 0 when it is, 1 when not",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return health(cmd.Context(), sh, server) },
	}
	cmd.Flags().StringVar(&server, "server", "http://localhost:8080", "address of the server")
	return cmd
}

// health prints what the server says of itself.
func health(ctx context.Context, sh shell, server string) error {
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(server, "/")+"/readyz", http.NoBody)
	if err != nil {
		return usageError{fmt.Errorf("asking %s: %w", server, err)}
	}
	req.Header.Set("Accept-Language", "en")
	answer, err := new(http.Client).Do(req)
	if err != nil {
		return fmt.Errorf("asking how the server is: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("reading how the server is: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready (%s): %s", answer.Status, said)
	}
	_, err = fmt.Fprintf(sh.stdout, "%s\n", said)
	return err
}
