package service

import "sync"

// silence is what is known of a store that does not answer.
type silence struct {
	mu    sync.Mutex
	cause error         // nil while the store answers
	began chan struct{} // closed while it does not
}

func newSilence() *silence { return &silence{began: make(chan struct{})} }

// why returns what the store did not answer with; nil while it answers.
func (s *silence) why() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cause
}

// begin notes that the store does not answer, and tells whether that is new.
func (s *silence) begin(cause error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.cause == nil
	if s.cause = cause; first {
		close(s.began)
	}
	return first
}

// end notes that the store answers, and tells whether that is new.
func (s *silence) end() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cause == nil {
		return false
	}
	s.cause, s.began = nil, make(chan struct{})
	return true
}

// fell returns a channel that is closed when the store does not answer.
func (s *silence) fell() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.began
}
