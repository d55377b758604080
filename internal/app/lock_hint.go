package app

import "github.com/spf13/cobra"

// lockHint says what can be done when a command finds its store open in another process; each command has another way.
func lockHint(cmd *cobra.Command) string {
	name := cmd.Name()
	if parent := cmd.Parent(); parent != nil && parent.HasParent() {
		name = parent.Name() // key list, key create, …
	}
	switch name {
	case "serve":
		return "one process at a time serves a file store: stop the other one, or give this one another --store; several nodes need MongoDB"
	case "verify":
		return "a served store is verified by a backup of it: dalil backup --server URL --out FILE, then dalil verify --in FILE; or stop its server first"
	case "copy":
		return "stop the server of that store first; or take what it holds with dalil backup --server URL --out FILE, and restore that into the other store"
	case "restore":
		return "nothing is restored into a store that is served: stop its server first, or restore into another store"
	case "compact":
		return "a served store is not compacted from outside: stop its server first"
	default: // those that take --server
		return "if a server holds it, go through that: --server URL in place of --store, with an admin key in DALIL_KEY; or stop it first"
	}
}
