package service

import (
	"context"
	"errors"
)

// The bounds of the writer, for tests that reach them.
const (
	MaxGroup      = maxGroup
	MaxGroupBytes = maxGroupBytes
	MaxRounds     = maxRounds
	SurveyGap     = surveyGap
	ProbeGap      = probeGap
	ProbeTime     = probeTime
)

// Commit runs a proposal through the writer.
func (s *Service) Commit(ctx context.Context, p Propose) (Committed, error) { return s.commit(ctx, p) }

// ChangeRefused returns the index of the change that a refusal is about.
func ChangeRefused(err error) (int, bool) {
	f, ok := errors.AsType[*changeError](err)
	if !ok {
		return 0, false
	}
	return f.Index, true
}

// Keep sets how many entries the lists of all jobs that have ended may have.
func (j *ImportJobs) Keep(entries int) { j.kept = entries }
