package wireproxy

import (
	"bufio"
	"bytes"
	"net"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// A link is one connection of the client and the one to the server that it stands for. The protocol takes turns, so one
// goroutine serves both directions.
type link struct {
	proxy      *Proxy
	client     net.Conn
	server     net.Conn
	fromClient *bufio.Reader
	fromServer *bufio.Reader
	closed     <-chan struct{}
	latest     string // the name of the latest command, guarded by proxy.mu
}

// run serves the link until one of its ends is gone, or a fault ends it. Why it ended is the client's to tell: it has
// lost its connection.
func (l *link) run() {
	for {
		request, err := readMessage(l.fromClient)
		if err != nil || l.pass(request) != nil {
			return
		}
	}
}

func (l *link) pass(request message) error {
	command, ok := readCommand(request)
	if !ok || command.isHello() {
		return l.shakeHands(request)
	}
	injection := l.proxy.caught(l, command)
	if injection == nil {
		return l.relay(request, unchanged)
	}
	defer injection.finish()
	return injection.rule.Fault(&exchange{
		link: l, command: command, request: request, released: injection.released, closed: l.closed,
	})
}

// shakeHands passes on a hello, or a message that no rule can be about, and hides two things that the server says of
// itself.
//
// Its topology version: a server that has lost an election says so at once in the stream of hellos that a driver keeps
// open. This server has lost none, so its stream would be silent, and the driver, having been told otherwise by a
// fault, would take it for lost for ten seconds. Without a topology version the driver asks by itself instead.
//
// Its compressors: without any the driver sends nothing that a rule could not look into.
func (l *link) shakeHands(request message) error {
	return l.relay(request, func(reply message) message {
		reply = bytes.ReplaceAll(reply, []byte("topologyVersion\x00"), []byte("topologyUnknown\x00"))
		return bytes.ReplaceAll(reply, []byte("compression\x00"), []byte("uncompressd\x00"))
	})
}

func unchanged(reply message) message { return reply }

// relay passes a request on, and what the server answers back.
func (l *link) relay(request message, seen func(message) message) error {
	if _, err := l.server.Write(request); err != nil {
		return err
	}
	if request.moreToCome() {
		return nil
	}
	for {
		reply, err := readMessage(l.fromServer)
		if err != nil {
			return err
		}
		if _, err := l.client.Write(seen(reply)); err != nil {
			return err
		}
		if !reply.moreToCome() {
			return nil
		}
	}
}

// An exchange is one request in the hands of a fault.
type exchange struct {
	link     *link
	command  *Command
	request  message
	released <-chan struct{}
	closed   <-chan struct{}
}

// forward gives the server a request and returns its answer.
func (x *exchange) forward(m message) (message, error) {
	if _, err := x.link.server.Write(m); err != nil {
		return nil, err
	}
	return readMessage(x.link.fromServer)
}

// answer gives the client an answer, or a part of one.
func (x *exchange) answer(m message) error {
	_, err := x.link.client.Write(m)
	return err
}

func (x *exchange) answerWith(fields bson.D) error {
	reply, err := x.command.reply(fields)
	if err != nil {
		return err
	}
	return x.answer(reply)
}
