//go:build peers && linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"dalil/internal/directory"
)

// postgres is a cluster of its own, and a connection to it.
type postgres struct {
	*pgx.Conn

	cmd    *exec.Cmd
	actors []*directory.Actor // by their numbers in its tables
}

// postgresSettings are those that suit a machine on which everything fits into memory. What makes writing safe is off:
// only reads are measured.
func postgresSettings() map[string]string {
	return map[string]string{
		"listen_addresses": "", "max_connections": "20", "autovacuum": "off",
		"shared_buffers": "2GB", "effective_cache_size": "8GB", "work_mem": "256MB", "maintenance_work_mem": "1GB",
		"random_page_cost": "1.0", "seq_page_cost": "1.0", "jit": "off", "max_parallel_workers_per_gather": "2",
		"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
		"wal_level": "minimal", "max_wal_senders": "0", "max_wal_size": "4GB",
	}
}

// startPostgres makes a cluster in a folder, starts it on a socket there, and connects to it.
func startPostgres(ctx context.Context, programs, folder string) (*postgres, error) {
	who, err := unprivileged()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	if _, err := os.Stat(data); err != nil {
		if err := makeCluster(ctx, programs, folder, who); err != nil {
			return nil, err
		}
	}
	args := []string{"-D", data, "-k", folder}
	for name, value := range postgresSettings() {
		args = append(args, "-c", name+"="+value)
	}
	p := &postgres{cmd: exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(programs, "postgres"), args...)}
	p.cmd.Dir = folder
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Pdeathsig: syscall.SIGINT}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := p.connect(ctx, folder); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// makeCluster makes an empty cluster in a new folder.
func makeCluster(ctx context.Context, programs, folder string, who *syscall.Credential) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return err
	}
	if who != nil { // PostgreSQL does not run as root
		if err := os.Chown(folder, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
		if err := os.Chmod(filepath.Dir(folder), 0o711); err != nil {
			return err
		}
	}
	initdb := exec.CommandContext(ctx, filepath.Join(programs, "initdb"), "-D", filepath.Join(folder, "data"), "-U", "dalil", "-A", "trust",
		"-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.Dir, initdb.SysProcAttr = folder, &syscall.SysProcAttr{Credential: who}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %.500s", err, out)
	}
	return nil
}

// unprivileged is the user postgres when this is root's process, else nil: the user that it is.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // nil is what starts a process as the same user
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root cannot run PostgreSQL, and there is no user for it: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// startPatience is how long the cluster may take to start.
const startPatience = 20 * time.Second

func (p *postgres) connect(ctx context.Context, folder string) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		var err error
		if p.Conn, err = pgx.Connect(ctx, "host="+folder+" user=dalil database=postgres statement_cache_capacity=4096"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("connecting to PostgreSQL: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the cluster and waits for it.
func (p *postgres) stop() error {
	closing, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	var err error
	if p.Conn != nil {
		err = p.Close(closing)
	}
	// SIGINT is a fast shutdown. A terminal may have sent it to both of us already.
	if signalled := p.cmd.Process.Signal(syscall.SIGINT); signalled != nil && !errors.Is(signalled, os.ErrProcessDone) {
		return errors.Join(err, signalled)
	}
	return errors.Join(err, p.cmd.Wait())
}

// answer is what a query returned: its rows as text, each column decoded as pgx does by itself.
type answer struct {
	rows [][]any
}

// statement is a query with its arguments.
type statement struct {
	sql  string
	args []any
}

// askAll sends statements in one round trip and reads all their rows.
func (p *postgres) askAll(ctx context.Context, statements []statement) (answers []answer, took time.Duration, err error) {
	batch := new(pgx.Batch)
	for _, s := range statements {
		batch.Queue(s.sql, s.args...)
	}
	began := time.Now()
	results := p.SendBatch(ctx, batch)
	for range statements {
		rows, err := results.Query()
		if err != nil {
			return nil, 0, errors.Join(err, results.Close())
		}
		var a answer
		for rows.Next() {
			values, err := rows.Values()
			if err != nil {
				return nil, 0, errors.Join(err, results.Close())
			}
			a.rows = append(a.rows, values)
		}
		if err := rows.Err(); err != nil {
			return nil, 0, errors.Join(err, results.Close())
		}
		answers = append(answers, a)
	}
	err = results.Close()
	return answers, time.Since(began), err
}
