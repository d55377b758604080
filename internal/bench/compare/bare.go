//go:build peers && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/gin-gonic/gin"
	"github.com/go-json-experiment/json"

	"dalil/internal/httpapi"
)

// bareMode is the argument with which this program is a server that answers from memory.
const bareMode = "bare"

// sizesPath is where it is told how many bytes it answers to each address.
const sizesPath = "/sizes"

// bare serves bytes from memory with gin, of the sizes that it was told last, until ctx ends.
func bare(ctx context.Context, out io.Writer) error {
	var sizes atomic.Pointer[map[string]int]
	memory := make([]byte, 8<<20)
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.POST(sizesPath, func(c *gin.Context) {
		told := make(map[string]int)
		if err := json.UnmarshalRead(c.Request.Body, &told); err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		sizes.Store(&told)
		c.Status(http.StatusNoContent)
	})
	engine.GET("/api/v1/:kind", func(c *gin.Context) {
		told := sizes.Load()
		if told == nil {
			c.Status(http.StatusConflict)
			return
		}
		c.Data(http.StatusOK, "application/json", memory[:(*told)[c.Request.URL.RequestURI()]])
	})
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "bytes at http://%s\n", listener.Addr()); err != nil {
		return err
	}
	server := httpapi.Server(engine, slog.New(slog.DiscardHandler)) // with the settings of ours
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stopped()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
