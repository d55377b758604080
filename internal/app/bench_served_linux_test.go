package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"dalil/internal/bench"
	"dalil/internal/directory"
	"dalil/internal/interchange"
)

// settleTime is how long a server that has started is left alone before its memory is read.
const settleTime = 3 * time.Second

// BenchmarkServed starts the program on stores of several sizes, as an operator would, and tells the resident memory of
// its process in megabytes (2^20 bytes), as the kernel counts it: after the start, and by how much it grew at most while
// this process took all actors as a file, each file from a server that had just started. Medians of the runs.
func BenchmarkServed(b *testing.B) {
	actors := slices.DeleteFunc(bench.Actors(b), func(r directory.Record) bool { return r.Head().Status == directory.Archived })
	program := filepath.Join(buildProgram(b), "dalil")
	for _, size := range []int{1_000, 10_000, 51_370, 200_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			store := importedStore(b, program, bench.Grown(actors, size))
			figures := make(map[string][]float64)
			for b.Loop() {
				for _, format := range []string{"csv", "xlsx", "ndjson"} {
					start, grown := servedFile(b, program, store, format)
					figures["start-MB"] = append(figures["start-MB"], start)
					figures[format+"-grown-MB"] = append(figures[format+"-grown-MB"], grown)
				}
			}
			for name, values := range figures {
				slices.Sort(values)
				b.ReportMetric(values[len(values)/2], name)
			}
			b.ReportMetric(0, "ns/op") // of all together it tells nothing
		})
	}
}

// importedStore makes a store with the command.
func importedStore(b *testing.B, program string, records []directory.Record) string {
	b.Helper()
	folder := b.TempDir()
	lines, store := filepath.Join(folder, "actors.ndjson"), filepath.Join(folder, "dalil.db")
	file, err := os.Create(lines) //nolint:gosec // in the test's own folder
	if err != nil {
		b.Fatal(err)
	}
	w, err := interchange.NewWriter(file, interchange.NDJSON, directory.Actors, interchange.WriteOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r, nil); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	out, err := exec.CommandContext(b.Context(), program, "import", lines, "--store", store).CombinedOutput() //nolint:gosec // ours
	if err != nil {
		b.Fatalf("importing: %v: %.500s", err, out)
	}
	return store
}

// servedFile starts a server and takes a file from it.
func servedFile(b *testing.B, program, store, format string) (start, grown float64) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "serve", "--listen", "127.0.0.1:0", "--store", store) //nolint:gosec // ours
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), "DALIL_BOOTSTRAP_KEY="+testKey)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		cancel()
		_ = cmd.Wait()
	}()
	url := ""
	lines := bufio.NewScanner(out)
	for url == "" && lines.Scan() {
		_, url, _ = strings.Cut(lines.Text(), " at ")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	time.Sleep(settleTime)
	start = residentMB(b, cmd.Process.Pid, "VmRSS")
	forgetPeak(b, cmd.Process.Pid)
	res, err := http.Get(url + "/api/v1/actors?format=" + format) //nolint:noctx,gosec // of a server of its own
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		b.Fatal(res.StatusCode, err)
	}
	return start, residentMB(b, cmd.Process.Pid, "VmHWM") - start
}

// residentMB reads a figure of a process that the kernel keeps.
func residentMB(b *testing.B, pid int, name string) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == name+":" {
			kB, err := strconv.Atoi(fields[1])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kB) / 1024
		}
	}
	b.Fatalf("the kernel does not tell %s", name)
	return 0
}

// forgetPeak begins the highest resident memory of a process anew.
func forgetPeak(b *testing.B, pid int) {
	b.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0o600); err != nil {
		b.Skipf("the peak cannot be read anew: %v", err)
	}
}
