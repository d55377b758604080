package app

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dalil/internal/config"
)

// configCommand says which settings serve would have, and where each comes from.
func configCommand(sh shell) *cobra.Command {
	var settings config.Serve
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings that serve would have, and where each comes from",
		Long: `Show the settings that serve would have with the same flags and the same environment, and where each comes from:
a flag, the environment or the default. Secrets are not shown.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table := tabwriter.NewWriter(sh.stdout, 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(table, "SETTING\tVALUE\tFROM")
			cmd.Flags().VisitAll(func(f *pflag.Flag) { printSetting(table, sh, f) })
			for _, name := range []string{bootstrapSetting, "DALIL_KEY", "DALIL_WEBHOOK_KEY"} {
				printSecret(table, sh, name)
			}
			if err := table.Flush(); err != nil {
				return err
			}
			if err := settings.Validate(); err != nil {
				return usageError{err}
			}
			return nil
		},
	}
	settings.Flags(cmd.Flags())
	return cmd
}

// printSetting prints a flag. Of a store's address the user and the password are left out.
func printSetting(table *tabwriter.Writer, sh shell, f *pflag.Flag) {
	if f.Name == "help" {
		return
	}
	from := "default"
	if _, set := sh.env(config.Name(f.Name)); f.Changed {
		from = "flag"
	} else if set {
		from = config.Name(f.Name)
	}
	value := f.Value.String()
	if f.Name == "store" {
		value = storeName(value)
	}
	_, _ = fmt.Fprintf(table, "--%s\t%s\t%s\n", f.Name, value, from)
}

// printSecret says whether a secret is set, and never what it is.
func printSecret(table *tabwriter.Writer, sh shell, name string) {
	for _, from := range []string{name, name + "_FILE"} {
		if value, ok := sh.env(from); ok && value != "" {
			_, _ = fmt.Fprintf(table, "%s\t(hidden)\t%s\n", name, from)
			return
		}
	}
	_, _ = fmt.Fprintf(table, "%s\t(not set)\t-\n", name)
}
