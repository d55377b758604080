package app

import (
	"fmt"

	"github.com/spf13/cobra"
)

// one asks for one argument, and says which.
func one(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("%s takes one argument, %s; %q is one too many", cmd.CommandPath(), what, args[1])
		}
		return some(what)(cmd, args)
	}
}

// some asks for one argument or more, and says which.
func some(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s needs %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

// helpCommand tells of another command; of one that there is not it tells that.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say what a command does and takes",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) > 0 {
				err = fmt.Errorf("unknown command %q for %q", rest[0], about.CommandPath())
			}
			if err != nil {
				return usageError{fmt.Errorf("%w (see dalil --help)", err)}
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}
