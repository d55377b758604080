package app

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// stages shows how far work in named stages has come: a bar on a terminal, a line now and then elsewhere.
type stages struct {
	to       io.Writer
	terminal bool

	mu    sync.Mutex
	shown time.Time
	drawn bool // a bar stands on the line
}

func newStages(to io.Writer) *stages {
	return &stages{to: to, terminal: isTerminal(to), shown: time.Now()}
}

// isTerminal tells whether somebody reads what is written as it comes.
func isTerminal(to io.Writer) bool {
	file, ok := to.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// tell takes in how far a stage has come, from any goroutine.
func (s *stages) tell(stage string, done, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	every := lineEvery
	if s.terminal {
		every = barEvery
	}
	now := time.Now()
	if now.Sub(s.shown) < every || total == 0 {
		return
	}
	s.shown = now
	text := fmt.Sprintf("%s: %d of %d", stage, done, total)
	if !s.terminal {
		_, _ = fmt.Fprintln(s.to, text)
		return
	}
	full := min(done*barWidth/total, barWidth)
	s.drawn = true
	_, _ = fmt.Fprint(s.to, "\r\x1b[K["+strings.Repeat("#", full)+strings.Repeat(".", barWidth-full)+"] "+text)
}

// done takes the bar away.
func (s *stages) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.drawn {
		_, _ = fmt.Fprint(s.to, "\r\x1b[K")
	}
}
