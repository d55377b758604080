// Package httpapi has one duty: to serve the directory over HTTP. It holds the routes, reads requests strictly, calls
// one use case for each, and writes its outcome: records as the bytes they are, and every refusal as a problem
// document (RFC 9457). It holds no rule of the domain.
package httpapi
