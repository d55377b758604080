// Package webhook has one duty: to send one signed message to an address that somebody else chose, and nowhere else.
//
// Messages follow the Standard Webhooks conventions: webhook-id, webhook-timestamp and webhook-signature. An address
// is reached by https, directly, without following redirects, and only where it leads to a public machine: what a name
// stands for is judged when the connection is made, so that a name cannot change between the judgement and the use.
package webhook
