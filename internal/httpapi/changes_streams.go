package httpapi

import (
	"sync"
	"time"

	"dalil/internal/fault"
)

// How many streams may be open at once, of one caller and in all.
const (
	maxStreamsEach = 8
	maxStreams     = 512
)

// streams counts the open streams.
type streams struct {
	mu    sync.Mutex
	all   int
	by    map[string]int
	each  int // at most
	total int // at most
}

func newStreams(each, total int) *streams {
	return &streams{by: make(map[string]int), each: each, total: total}
}

// enter counts a stream of a caller in. It is counted out by what it returns.
func (s *streams) enter(who string) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind, bound := fault.TooMany, s.each
	if s.all >= s.total {
		kind, bound = fault.Unavailable, s.total
	} else if s.by[who] < s.each {
		s.all++
		s.by[who]++
		return func() { s.leave(who) }, nil
	}
	full := fault.New(kind, fault.CodeTooManyStreams, fault.Args{"max": bound})
	full.RetryAfter = time.Minute
	return nil, full
}

// open returns how many are open.
func (s *streams) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}

func (s *streams) leave(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.by[who]--; s.by[who] == 0 {
		delete(s.by, who)
	}
}
