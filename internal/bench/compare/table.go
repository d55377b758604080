//go:build peers && linux

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// line is one line of the table.
type line struct {
	work   string
	target string // to reach; "" where nothing is asked
	seen   string
	beside string // what was measured beside it, in the same run
	met    bool
}

func (l *line) verdict() string {
	switch {
	case l.target == "":
		return ""
	case l.met:
		return "met"
	default:
		return "**MISSED**"
	}
}

// printTable writes the lines as a table in Markdown.
func printTable(out io.Writer, lines []line) error {
	var b strings.Builder
	b.WriteString("| work | to reach | seen | beside it | |\n|---|---|---|---|---|\n")
	for i := range lines {
		l := &lines[i]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", l.work, l.target, l.seen, l.beside, l.verdict())
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// median is the middle one of some values, which it leaves as they are.
func median[T float64 | time.Duration](values []T) T { return quantile(values, 0.5) }

// quantile is the value that a part of the values do not exceed.
func quantile[T float64 | time.Duration](values []T, part float64) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(part*float64(len(sorted))))]
}

// say tells a time with as many digits as mean something.
func say(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.1f µs", float64(d.Nanoseconds())/1e3)
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Round(time.Microsecond).Microseconds())
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1e3)
	default:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
}

// times tells how many times as long one took as another.
func times(long, short time.Duration) float64 { return float64(long) / float64(max(short, 1)) }

// sayTimes tells a ratio.
func sayTimes(ratio float64) string {
	switch {
	case ratio < 3:
		return fmt.Sprintf("%.2f ×", ratio)
	case ratio < 10:
		return fmt.Sprintf("%.1f ×", ratio)
	default:
		return fmt.Sprintf("%.0f ×", ratio)
	}
}
