//go:build peers && linux

package main

import (
	"context"
	"fmt"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
)

// settleTime is how long a server that has started is left alone before its memory is read.
const settleTime = 3 * time.Second

// mostMemory is the target, in megabytes.
const mostMemory = 900

// listsForMemory is how many lists are asked for before the memory is read again.
const listsForMemory = 3_000

// measureMemory reads what the kernel counts of a server that holds the world: after its start, and after lists, analyses
// and searches. The peak of both is judged.
func measureMemory(ctx context.Context, s *stand) ([]line, error) {
	_, world, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	on, err := s.served(ctx)
	if err != nil {
		return nil, err
	}
	time.Sleep(settleTime)
	pid := on.cmd.Process.Pid
	start, err := residentMB(pid, "VmRSS")
	if err != nil {
		return nil, err
	}
	job := &loadJob{Connections: connections}
	for _, q := range bench.ListQueries(world, directory.Actors, bench.DeedMembers, listsForMemory, memorySeed) {
		job.Requests = append(job.Requests, loadRequest{Path: "/api/v1" + q.String()})
	}
	for _, path := range append(judgementPaths(), matrixPath, "/suggest?q=uni", "/actors?q=universit") {
		job.Requests = append(job.Requests, loadRequest{Path: "/api/v1" + path})
	}
	if _, err := new(side).ask(ctx, on, job); err != nil {
		return nil, err
	}
	after, err := residentMB(pid, "VmRSS")
	if err != nil {
		return nil, err
	}
	peak, err := residentMB(pid, "VmHWM")
	return []line{{
		work:   fmt.Sprintf("memory of the whole process, %d records", len(world)),
		target: "at most 900 MB",
		seen:   fmt.Sprintf("**%.0f MB** at its peak (VmHWM)", peak),
		beside: fmt.Sprintf("%.0f MB after the start, %.0f MB after %d requests (VmRSS); it listened after %s", start, after, len(job.Requests), say(on.took)),
		met:    peak <= mostMemory,
	}}, err
}

// memorySeed makes lists of its own.
const memorySeed = 99
