package backupfile

// Limit lowers the most that the changes of one commit may take.
func (r *Reader) Limit(bytes int64) { r.limit = bytes }

// SealOf returns the seal of what stands before it in a file.
func SealOf(file []byte) []byte {
	sum := newSum()
	_, _ = sum.Write(file)
	return sealOf(sum)
}

// Frames lets tests write files that no writer writes.
const (
	HeaderFrame = headerFrame
	CommitFrame = commitFrame
	RunFrame    = runFrame
	EndFrame    = endFrame
	FrameLimit  = frameLimit
)
