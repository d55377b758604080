package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"dalil/internal/service"
)

const (
	backupPath  = basePath + "/backup"
	mediaBinary = "application/octet-stream"

	// backupTime is how long a backup may take in all; a client that takes nothing is cut off long before.
	backupTime = time.Hour
)

// backupRoute is the address of backups.
func (a *API) backupRoute() Route {
	r := read(backupPath, "backup", a.backup).administers()
	r.Answers = []string{mediaBinary}
	return r
}

// backup streams everything up to the position of its start. Whoever writes meanwhile does not wait for it. It ends when
// its client leaves. When something fails half-way the connection is broken, so that no client takes a part for the
// whole; the file has a seal at its end for those that do not notice.
func (a *API) backup(c *call) error {
	if err := service.MayBackUp(c.caller); err != nil {
		return err
	}
	h := c.out.Header()
	h["Cache-Control"] = neverCache
	if c.req.Method == http.MethodHead {
		c.beginBackup()
		return nil
	}
	to, _ := c.unhurried()
	ctx, cancel := context.WithTimeout(c.req.Context(), backupTime)
	defer cancel()
	err := a.svc.Backup(ctx, c.caller, c.head.Position(), backupWriter{c, to})
	if err == nil || !c.out.Written() {
		return err
	}
	c.breakOff(err)
	return err
}

// breakOff ends an answer that cannot go on after it began: the connection is broken, so that no client takes the part
// for the whole. It returns only when the client has left anyway.
func (c *call) breakOff(err error) {
	c.refused = err
	if c.gone || c.req.Context().Err() != nil {
		c.gone = true
		return
	}
	panic(http.ErrAbortHandler)
}

// beginBackup sends the headers of a backup.
func (c *call) beginBackup() {
	h := c.out.Header()
	h["Content-Type"] = []string{mediaBinary}
	h["Content-Disposition"] = []string{fmt.Sprintf(`attachment; filename="dalil-%d.backup"`, c.position())}
	c.stampPosition()
	c.out.WriteHeader(http.StatusOK)
	c.out.WriteHeaderNow()
}

// backupWriter sends the headers with the first bytes: until then the answer may still be a refusal.
type backupWriter struct {
	call *call
	to   io.Writer
}

func (w backupWriter) Write(p []byte) (int, error) {
	if !w.call.out.Written() {
		w.call.beginBackup()
	}
	return w.to.Write(p)
}
