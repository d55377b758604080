// Package service has one duty: the use cases. It checks permission, judges every write against the head of the
// directory, and answers only what is durable.
//
// All writes of a process pass through one writer. A use case hands it a Propose, which looks at the head and says
// what to change, or why not. The writer takes the proposals that wait, runs each on the head as the earlier ones of
// the group leave it, appends the group to the ledger at once, and publishes the new head when, and only when, it is
// durable; then the callers get their answers. So no two requests can together break a rule that each keeps alone,
// on any number of nodes: where another node was first, the proposals are run again on what it left.
package service
