package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"dalil/internal/config"
	"dalil/internal/httpapi"
	"dalil/internal/service"
	"dalil/internal/web"
)

// port is where a server listens, from before the directory is loaded until the end.
type port struct {
	gate    *httpapi.Gate
	server  *http.Server
	address net.Addr
	failed  <-chan error // why it listens no longer
}

// listen opens a port, which says that the directory is being loaded.
func listen(ctx context.Context, address string, log *slog.Logger) (*port, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	gate := httpapi.NewGate(log)
	failed := make(chan error, 1)
	p := &port{gate, httpapi.Server(gate, log), listener.Addr(), failed}
	go func() { failed <- p.server.Serve(listener) }()
	log.InfoContext(ctx, "listening", slog.String("address", p.address.String()))
	return p, nil
}

// close lets go of the port, whatever is under way. It is free when close returns.
func (p *port) close() error {
	err := p.server.Close()
	<-p.failed //nolint:errcheck // it says that it was closed
	return err //nolint:wrapcheck // of its listener
}

// serve answers requests until ctx ends or the service must.
func (p *port) serve(ctx context.Context, sh shell, svc *service.Service, settings config.Serve, seen instruments) error {
	imports := service.NewImportJobs(svc, "")
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), settings.StopGrace)
		defer cancel()
		if err := imports.Close(closing); err != nil {
			seen.log.WarnContext(closing, "an import was still under way", slog.Any("error", err))
		}
	}()
	api, err := newAPI(svc, imports, settings, seen)
	if err != nil {
		return errors.Join(err, p.close())
	}
	p.gate.Open(api)
	_, _ = fmt.Fprintf(sh.stdout, "Dalil serves %s at http://%s\n", storeName(settings.Store), reachable(p.address))
	seen.log.InfoContext(ctx, "serving", slog.Uint64("position", svc.Head().Position().Seq))
	defer settleMemory(sh.env)()
	defer spreadThreads(sh.env)()
	return p.wait(ctx, svc, api, settings.StopGrace)
}

// newAPI makes what answers requests.
func newAPI(svc *service.Service, imports *service.ImportJobs, settings config.Serve, seen instruments) (*httpapi.API, error) {
	home, err := web.NewHome(svc.Head)
	if err != nil {
		return nil, err
	}
	return httpapi.New(svc, httpapi.Options{
		Imports: imports,
		Log:     seen.log, Now: time.Now, Home: home, Version: version(), Metrics: seen.metrics, Tracer: seen.tracer,
		RateAnonymous: settings.RateAnonymous, RateSignedIn: settings.RateSignedIn, TrustedProxies: settings.TrustedProxies,
	})
}

// wait ends the server in order when it is told to, or when the service can no longer serve.
func (p *port) wait(ctx context.Context, svc *service.Service, api *httpapi.API, grace time.Duration) error {
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-svc.Fatal():
	case err := <-p.failed:
		return fmt.Errorf("serving: %w", err)
	}
	api.Stopping()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := p.server.Shutdown(closing); err != nil {
		return errors.Join(cause, fmt.Errorf("requests were still under way after %s: %w", grace, err), p.server.Close())
	}
	return cause
}

// reachable says an address as one types it: a server on every address is reached at localhost.
func reachable(address net.Addr) string {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return address.String()
	}
	if tcp.IP.IsUnspecified() || tcp.IP.IsLoopback() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return address.String()
}
