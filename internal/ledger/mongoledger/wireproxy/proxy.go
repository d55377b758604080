package wireproxy

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
)

// Proxy is a listener whose connections lead to one server.
type Proxy struct {
	listener net.Listener
	target   target
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu         sync.Mutex
	injections []*Injection
	links      map[*link]struct{}
	down       bool
}

// Start opens a proxy on a free port of this machine for the server that the URI names; of a replica set, for the
// member that is primary now. It runs until Close, or until ctx ends.
func Start(ctx context.Context, uri string) (*Proxy, error) {
	to, err := findTarget(ctx, uri)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the proxy: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &Proxy{listener: listener, target: to, cancel: cancel, links: make(map[*link]struct{})}
	p.running.Go(func() { p.accept(ctx) })
	return p, nil
}

// URI is what a client connects to: the server's own URI with the proxy in the place of its hosts. It asks for a
// direct connection, or the driver would go round the proxy to the addresses that the server gives.
func (p *Proxy) URI() string { return p.target.through(p.Addr()) }

// Addr is the proxy's own address, host and port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Inject puts a rule to work. Of several that match a request the one injected first befalls it.
func (p *Proxy) Inject(r Rule) *Injection {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := newInjection(r)
	p.injections = append(p.injections, i)
	return i
}

// Cut breaks off every connection whose latest command is one of those named, answered or not; without a name, every
// connection. It returns how many they were. What is held of theirs can still be released.
func (p *Proxy) Cut(commands ...string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for l := range p.links {
		if len(commands) == 0 || slices.Contains(commands, l.latest) {
			_ = l.client.Close()
			delete(p.links, l)
			n++
		}
	}
	return n
}

// Down breaks off every connection and every new one, as if the server were gone, until [Proxy.Up].
func (p *Proxy) Down() {
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	p.Cut()
}

// Up ends [Proxy.Down].
func (p *Proxy) Up() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}

// Close ends the proxy and every connection. What is still held is never delivered.
func (p *Proxy) Close() error {
	p.cancel()
	err := p.listener.Close()
	p.running.Wait()
	return err
}

func (p *Proxy) accept(ctx context.Context) {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(ctx, client) })
	}
}

func (p *Proxy) serve(ctx context.Context, client net.Conn) {
	defer func() { _ = client.Close() }()
	var dialer net.Dialer
	server, err := dialer.DialContext(ctx, "tcp", p.target.address)
	if err != nil {
		return // the client sees its connection close, as without the proxy
	}
	defer func() { _ = server.Close() }()
	stop := context.AfterFunc(ctx, func() {
		_ = client.Close()
		_ = server.Close()
	})
	defer stop()
	l := &link{
		proxy: p, client: client, server: server,
		fromClient: bufio.NewReader(client), fromServer: bufio.NewReader(server), closed: ctx.Done(),
	}
	if p.enter(l) {
		l.run()
		p.leave(l)
	}
}

func (p *Proxy) enter(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return false
	}
	p.links[l] = struct{}{}
	return true
}

func (p *Proxy) leave(l *link) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
}

// caught notes the command that came by the link, and returns the injection that befalls it, if one does.
func (p *Proxy) caught(l *link, c *Command) *Injection {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.latest = c.Name
	for _, i := range p.injections {
		if i.catches(c) {
			return i
		}
	}
	return nil
}
