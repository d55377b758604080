// Package wireproxy stands between MongoDB's driver and a server in tests, and lets happen on purpose what a network
// and a replica set do by chance: requests that arrive late, answers that get lost, elections in the middle of a write.
//
// A test starts a [Proxy], connects to [Proxy.URI] and injects a [Rule]: which request is meant, and which [Fault]
// befalls it. Everything else passes unchanged. What the client gets is what a real server would answer, error labels
// included, so that the driver's own retries run as well, unless the test turns them off.
//
// The proxy reads OP_MSG, in both of its forms (documents inside the body, and documents beside it), and the legacy
// handshake, which it only passes on. It refuses a server that wants TLS and offers no compression, since no rule could
// look into either.
package wireproxy
