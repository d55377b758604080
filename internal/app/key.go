package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dalil/internal/config"
	"dalil/internal/directory"
	"dalil/internal/service"
)

// keys is what the key commands need: a store opened here, or a server asked over HTTP.
type keys interface {
	create(ctx context.Context, spec service.KeySpec) (service.Key, string, error)
	list(ctx context.Context) ([]service.Key, error)
	revoke(ctx context.Context, id string) error
}

// keyPlace says where the keys are.
type keyPlace struct{ store, server string }

// keyCommand groups the commands on API keys.
func keyCommand(sh shell) *cobra.Command {
	var place keyPlace
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Create, list and revoke API keys",
		Long: `Create, list and revoke API keys.

On a store that nobody serves, name it with --store. A served file store is locked: go through its server with
--server URL, and give an admin key in DALIL_KEY (or in the file that DALIL_KEY_FILE names).`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(keyCreateCommand(sh, &place), keyListCommand(sh, &place), keyRevokeCommand(sh, &place))
	for _, c := range cmd.Commands() {
		config.StoreFlag(c.Flags(), &place.store)
		c.Flags().StringVar(&place.server, "server", "", "address of a running server, such as http://localhost:8080")
		config.Alternatives(c.Flags(), "store", "server")
	}
	return cmd
}

// on runs work on the keys of the place.
func (p *keyPlace) on(ctx context.Context, sh shell, work func(keys) error) error {
	if p.server == "" {
		return withService(ctx, sh, p.store, func(svc *service.Service) error { return work(storeKeys{svc}) })
	}
	secret, err := config.Secret(sh.env, os.ReadFile, "DALIL_KEY")
	if err != nil {
		return err
	}
	if secret == "" {
		return usageError{errors.New("--server needs an admin key in DALIL_KEY")}
	}
	return work(newServerKeys(p.server, secret))
}

// keyCreateCommand makes a key and prints its secret.
func keyCreateCommand(sh shell, place *keyPlace) *cobra.Command {
	var spec service.KeySpec
	var clearance string
	var days int
	cmd := &cobra.Command{
		Use: "create", Short: "Make a key and print its secret, once", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			spec.Clearance = directory.Visibility(clearance)
			if days < 0 {
				return usageError{errors.New("--days is zero or more")}
			}
			if days > 0 {
				at := directory.At(time.Now().AddDate(0, 0, days))
				spec.Expires = &at
			}
			return place.on(cmd.Context(), sh, func(k keys) error {
				key, secret, err := k.create(cmd.Context(), spec)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(sh.stdout, "%s\t%s, %s, %s\n%s\n", key.ID, key.Name, key.Scope, key.Clearance, secret)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&spec.Name, "name", "", "what the key is for")
	cmd.Flags().StringVar(&spec.Scope, "scope", "read", "read, write or admin")
	cmd.Flags().StringVar(&clearance, "clearance", "partners", "partners or ministry")
	cmd.Flags().IntVar(&days, "days", 0, "days until the key expires; 0 is never")
	return cmd
}

// keyListCommand prints the live keys.
func keyListCommand(sh shell, place *keyPlace) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the keys that are not revoked", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return place.on(cmd.Context(), sh, func(k keys) error {
				list, err := k.list(cmd.Context())
				if err != nil {
					return err
				}
				table := tabwriter.NewWriter(sh.stdout, 0, 0, 2, ' ', 0)
				_, _ = fmt.Fprintln(table, "ID\tNAME\tSCOPE\tCLEARANCE\tEXPIRES\tLAST USED")
				for _, key := range list {
					_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
						key.ID, key.Name, key.Scope, key.Clearance, when(key.Expires), when(key.LastUsed))
				}
				return table.Flush()
			})
		},
	}
}

func when(t *directory.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format("2006-01-02 15:04")
}

// keyRevokeCommand revokes a key.
func keyRevokeCommand(sh shell, place *keyPlace) *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "Revoke a key for good", Args: one("the ID of a key, as key list tells it"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return place.on(cmd.Context(), sh, func(k keys) error {
				if err := k.revoke(cmd.Context(), args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(sh.stdout, "revoked %s\n", args[0])
				return err
			})
		},
	}
}

// storeKeys are the keys of a store opened here.
type storeKeys struct{ svc *service.Service }

func (k storeKeys) create(ctx context.Context, spec service.KeySpec) (service.Key, string, error) {
	return k.svc.CreateKey(ctx, service.Write{Caller: operator(), Reason: "dalil key create"}, spec)
}

func (k storeKeys) list(context.Context) ([]service.Key, error) { return k.svc.Keys(operator()) }

func (k storeKeys) revoke(ctx context.Context, id string) error {
	match := service.Condition{Given: true, Any: true}
	_, err := k.svc.RevokeKey(ctx, service.Write{Caller: operator(), Reason: "dalil key revoke", IfMatch: match}, id)
	return err
}
