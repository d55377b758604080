package service

import (
	"time"

	"dalil/internal/directory"
)

// HookStanding is how a webhook fares, as far as this node knows, and nothing of where it leads.
type HookStanding struct {
	ID       string
	Behind   uint64        // commits that it was not told yet
	Failing  time.Duration // since when every message failed; 0 when the last one arrived
	Disabled bool          // it is told nothing any more
}

// HookStandings returns how each live webhook fares, by id.
func (s *Service) HookStandings() []HookStanding {
	var standings []HookStanding
	head := s.Head()
	for _, entry := range head.Webhooks() {
		hook, ok := entry.Record().(*directory.Webhook)
		if !ok {
			continue
		}
		standing := HookStanding{ID: hook.ID, Disabled: hook.Disabled != ""}
		if at := s.hookView(hook).Seq; at < head.Position().Seq {
			standing.Behind = head.Position().Seq - at
		}
		if known := s.hooks.state(hook.ID, 0); known.failures > 0 && !standing.Disabled {
			standing.Failing = max(0, s.now().Sub(known.since))
		}
		standings = append(standings, standing)
	}
	return standings
}
