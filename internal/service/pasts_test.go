package service

import (
	"errors"
	"testing"
)

func TestAnEarlierStateThatNobodyAwaitsIsNotMade(t *testing.T) {
	t.Parallel()
	p := newPasts()
	j := p.want(7)
	p.leave(j)
	if _, err := p.begin(t.Context(), j); !errors.Is(err, errAbandoned) {
		t.Errorf("it sets out all the same: %v", err)
	}
	p.end(j, errAbandoned)
	if again := p.want(7); again == j {
		t.Error("who asks later is given what was given up")
	}
}

func TestAnEarlierStateIsGivenUpWhenTheLastRequestLeaves(t *testing.T) {
	t.Parallel()
	p := newPasts()
	j := p.want(7)
	if second := p.want(7); second != j {
		t.Fatal("the same state is made twice at once")
	}
	within, err := p.begin(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	p.leave(j)
	if within.Err() != nil {
		t.Error("it is given up while somebody waits")
	}
	p.leave(j)
	if within.Err() == nil {
		t.Error("it goes on though nobody waits")
	}
}
