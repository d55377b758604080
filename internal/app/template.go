package app

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"dalil/internal/interchange"
)

// templateCommand writes a workbook to fill in.
func templateCommand(sh shell) *cobra.Command {
	var lang, out string
	cmd := &cobra.Command{
		Use:   "template --out FILE.xlsx",
		Short: "Write an empty workbook to fill in and import, with a guide to its columns",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if out == "" {
				return usageError{errors.New("template needs --out, the workbook to write")}
			}
			if !slices.Contains([]string{"fr", "ar", "en"}, lang) {
				return usageError{fmt.Errorf("--lang: %q cannot be; fr, ar or en is expected", lang)}
			}
			err := replaceFile(out, func(file *os.File) error {
				return interchange.WriteTemplate(file, lang, interchange.WriteOptions{RightToLeft: lang == "ar"})
			})
			if err != nil {
				return fmt.Errorf("writing %s: %w", out, err)
			}
			_, err = fmt.Fprintf(sh.stdout, "wrote %s\n", out)
			return err
		},
	}
	cmd.Flags().StringVar(&lang, "lang", "fr", "language of the guide and the lists in it: fr, ar or en")
	cmd.Flags().StringVar(&out, "out", "", "the workbook to write; one that is there is replaced")
	return cmd
}
