package app

import (
	"fmt"
	"io"
	"strings"
	"time"

	"dalil/internal/ledger"
)

// How often a bar is drawn anew on a terminal, and how often a line is written elsewhere.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 3 * time.Second
	barWidth  = 30
)

// meter shows how far a long run over commits has come: a bar on a terminal, a line now and then elsewhere. A run that
// is over before the first line says nothing.
type meter struct {
	to       io.Writer
	terminal bool
	doing    string
	total    uint64 // the last commit's number; 0 when nobody knows
	started  time.Time
	shown    time.Time
	drawn    bool // a bar stands on the line
}

// newMeter returns a meter of a run that begins now.
func newMeter(to io.Writer, doing string, total uint64) *meter {
	now := time.Now()
	return &meter{
		to: to, terminal: isTerminal(to), doing: doing, total: total, started: now, shown: now,
	}
}

// tell takes in how far the run is.
func (m *meter) tell(p ledger.Progress) {
	every := lineEvery
	if m.terminal {
		every = barEvery
	}
	now := time.Now()
	if now.Sub(m.shown) < every {
		return
	}
	m.shown = now
	rate := float64(p.Changes) / max(now.Sub(m.started).Seconds(), 0.001)
	text := fmt.Sprintf("%s: commit %d, %d changes, %.0f/s", m.doing, p.Seq, p.Changes, rate)
	if m.total > 0 {
		part := min(float64(p.Seq)/float64(m.total), 1)
		text = fmt.Sprintf("%s: %3.0f%%, commit %d of %d, %d changes, %.0f/s", m.doing, 100*part, p.Seq, m.total, p.Changes, rate)
		if m.terminal {
			full := int(part * barWidth)
			text = "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "] " + text
		}
	}
	if m.terminal {
		m.drawn = true
		_, _ = fmt.Fprint(m.to, "\r\x1b[K"+text)
		return
	}
	_, _ = fmt.Fprintln(m.to, text)
}

// done takes the bar away.
func (m *meter) done() {
	if m.drawn {
		_, _ = fmt.Fprint(m.to, "\r\x1b[K")
	}
}
