package wireproxy

import (
	"math"
	"sync"
)

// Always as a rule's Times lets it befall every request that it matches.
const Always = math.MaxInt

// Rule says which requests a fault befalls.
type Rule struct {
	// Command is the name of the command, such as "insert". A rule cannot be about a hello.
	Command string
	// Collection is the collection of the command; empty means any.
	Collection string
	// Where looks more closely; nil means every such command.
	Where func(*Command) bool
	// Skip is how many matching requests pass before the first that is befallen.
	Skip int
	// Times is how many requests are befallen then; 0 means one.
	Times int
	// Fault is what befalls them.
	Fault Fault
}

func (r *Rule) matches(c *Command) bool {
	return r.Command == c.Name &&
		(r.Collection == "" || r.Collection == c.Collection) &&
		(r.Where == nil || r.Where(c))
}

// Injection is a rule at work.
type Injection struct {
	rule     Rule
	fired    chan struct{}
	done     chan struct{}
	released chan struct{}

	finish func() // closes done, once

	mu    sync.Mutex
	seen  int
	hits  int
	ended bool
}

func newInjection(r Rule) *Injection {
	r.Times = max(r.Times, 1)
	done := make(chan struct{})
	return &Injection{
		rule:     r,
		fired:    make(chan struct{}),
		done:     done,
		released: make(chan struct{}),
		finish:   sync.OnceFunc(func() { close(done) }),
	}
}

// Fired is closed when the first request has been caught.
func (i *Injection) Fired() <-chan struct{} { return i.fired }

// Done is closed when the fault has run its course on the first request: the server has answered what was forwarded to
// it, and the client has been told whatever it is told.
func (i *Injection) Done() <-chan struct{} { return i.done }

// Hits is how many requests have been caught so far.
func (i *Injection) Hits() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.hits
}

// Release lets what is held go to the server, and ends the rule.
func (i *Injection) Release() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.ended {
		i.ended = true
		close(i.released)
	}
}

// catches reports whether the rule befalls the command, and counts it.
func (i *Injection) catches(c *Command) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ended || i.hits == i.rule.Times || !i.rule.matches(c) {
		return false
	}
	i.seen++
	if i.seen <= i.rule.Skip {
		return false
	}
	i.hits++
	if i.hits == 1 {
		close(i.fired)
	}
	return true
}
