package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// The time limits of a message, and how much of an answer is read.
const (
	dialTime   = 5 * time.Second
	headerTime = 10 * time.Second
	wholeTime  = 15 * time.Second
	maxAnswer  = 64 << 10
)

// Message is what is sent.
type Message struct {
	URL    string
	ID     string // the same whenever the message is sent again
	At     time.Time
	Secret []byte
	Body   []byte // JSON
}

// SendError says why a message did not arrive. Its text tells nothing of the address or of the answer's body.
type SendError struct {
	Status int // of the answer; 0 when there was none
	Text   string
}

// Error tells why.
func (f *SendError) Error() string { return f.Text }

// Sender sends messages.
type Sender struct {
	client  *http.Client
	private bool
}

// NewSender returns a sender. With private, messages also go to addresses that are not public.
func NewSender(private bool) *Sender {
	transport := &http.Transport{
		DialContext:            dialer(private).DialContext, // and no proxy: it would make the connections in our place
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTime,
		ResponseHeaderTimeout:  headerTime,
		MaxResponseHeaderBytes: maxAnswer,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        time.Minute,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}
	return &Sender{private: private, client: &http.Client{
		Transport: transport, Timeout: wholeTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Allowed tells whether a message may be sent to an address at all.
func (s *Sender) Allowed(address string) bool { return Allowed(address, s.private) }

// Close lets go of the connections.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Send sends a message, once. It arrived when the answer has a status of 200 to 299; else the error is a *SendError.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if !s.Allowed(m.URL) {
		return &SendError{Text: errAddress.Error()}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return &SendError{Text: errAddress.Error()}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Dalil")
	req.Header.Set("Webhook-Id", m.ID)
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(m.At.Unix(), 10))
	req.Header.Set("Webhook-Signature", Sign(m.Secret, m.ID, m.At, m.Body))
	res, err := s.client.Do(req)
	if err != nil {
		return &SendError{Text: said(err)}
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxAnswer)) // so that the connection can be used again
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return &SendError{Status: res.StatusCode, Text: fmt.Sprintf("answered with status %d", res.StatusCode)}
	}
	return nil
}

// said tells an error of the network in words of ours.
func said(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, errAddress):
		return errAddress.Error()
	case errors.Is(err, context.Canceled):
		return "the server stopped"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "the name of the machine is not known"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the certificate is not valid"
	}
	return "the connection failed"
}
