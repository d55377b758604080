// Package app has one duty: the commands and the wiring. It reads the settings, opens the store, starts what serves in
// order and stops it in the other; it holds no rule of the domain.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/fault"
)

// The exit codes: done, refused or failed, wrong usage.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// shell is what a command has of the world.
type shell struct {
	env            config.Env
	stdout, stderr io.Writer
}

// usageError marks an error of the one who typed, not of the directory.
type usageError struct{ error }

// Unwrap returns the error itself.
func (e usageError) Unwrap() error { return e.error }

// Run runs the command that args name and returns its exit code. It ends early, in order, on SIGINT and SIGTERM; a
// second signal ends the process at once.
func Run(ctx context.Context, args []string, env config.Env, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // from here on the next signal has its usual effect
	}()
	root := rootCommand(shell{env, stdout, stderr})
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitDone
	}
	said := describe(err)
	if fault.Is(err, fault.CodeStoreLocked) {
		said += "\n" + lockHint(cmd)
	}
	_, _ = fmt.Fprintln(stderr, "dalil: "+said)
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitRefused
}

// rootCommand builds the tree of commands.
func rootCommand(sh shell) *cobra.Command {
	root := &cobra.Command{
		Use:           "dalil",
		Short:         "The directory of labour-migration governance: who does what, where, since when, on what evidence",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(sh.stdout)
	root.SetErr(sh.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())}
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(serveCommand(sh), importCommand(sh), verifyCommand(sh), compactCommand(sh), keyCommand(sh), healthCommand(sh), versionCommand(sh))
	root.AddCommand(copyCommand(sh), backupCommand(sh), restoreCommand(sh), statsCommand(sh), configCommand(sh), exportCommand(sh), templateCommand(sh))
	root.SetHelpCommand(helpCommand())
	document(root, sh)
	return root
}

// document gives every flag of a command, and of those below it, its environment variable, and makes what is wrong
// with its arguments an error of usage.
func document(c *cobra.Command, sh shell) {
	config.Document(c.Flags())
	if args := c.Args; args != nil {
		c.Args = func(cmd *cobra.Command, list []string) error {
			if err := args(cmd, list); err != nil {
				return usageError{fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())}
			}
			return nil
		}
	}
	if run := c.RunE; run != nil {
		c.RunE = func(cmd *cobra.Command, list []string) error {
			err := config.FromEnv(cmd.Flags(), sh.env)
			if cmd.Flags().Lookup("store") != nil && cmd.Flags().Lookup("log-level") == nil {
				err = errors.Join(err, config.CheckLog(sh.env))
			}
			if err != nil {
				return usageError{err}
			}
			return run(cmd, list)
		}
	}
	for _, child := range c.Commands() {
		document(child, sh)
	}
}
