//go:build peers && linux

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// processor is what the kernel calls it.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "an unknown processor"
	}
	for l := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unknown processor"
}

// residentMB reads a figure of a process's memory that the kernel keeps, in megabytes of 2^20 bytes.
func residentMB(pid int, name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(text)) {
		if fields := strings.Fields(l); len(fields) == 3 && fields[0] == name+":" {
			kB, err := strconv.Atoi(fields[1])
			return float64(kB) / 1024, err
		}
	}
	return 0, fmt.Errorf("the kernel does not tell %s", name)
}

// clockTick is the unit of /proc's processor times: a hundredth of a second on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// processorTime is what a process has used of the processors so far.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the program's name may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	ticks := 0
	for _, field := range fields[11:13] { // user and system
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}
