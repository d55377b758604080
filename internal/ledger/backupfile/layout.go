package backupfile

import (
	"time"

	"dalil/internal/ledger"
)

// Format is the version of the file that this program writes, and the newest that it reads.
const Format = 1

const (
	magic      = "DALIL BACKUP "
	magicLimit = 32 // a first line that is longer is not ours

	windowBytes = 4 << 20  // of zstd, at the writer and at the reader
	runBytes    = 1 << 20  // about how long a run of changes is
	frameLimit  = 64 << 20 // the longest frame
	commitLimit = 2 << 30  // the most that the changes of one commit may take
)

// The letters of the frames.
const (
	headerFrame = 'H'
	commitFrame = 'C'
	runFrame    = 'R'
	endFrame    = 'E'
)

// Header is what a file says of itself at its beginning.
type Header struct {
	Ledger ledger.ID16
	Made   time.Time       // UTC, milliseconds
	Head   ledger.Position // of the last commit in the file
}

// Totals is what a file holds.
type Totals struct {
	Commits uint64
	Changes uint64
	Head    ledger.Position
}
