package interchange

// What a file may have at most. The limits are far above what a directory of a country needs, and keep what a broken
// or hostile file can cost within bounds.
const (
	maxTextBytes     = 1 << 30   // of a CSV or JSON lines file, unpacked
	maxWorkbookBytes = 100 << 20 // of an XLSX file as it is
	maxUnpackedBytes = 512 << 20 // of all parts of an XLSX file
	maxPartBytes     = 16 << 20  // of a part that is held in memory; sheets and the texts that they share may be larger
	maxSharedBytes   = 128 << 20 // of the texts that the sheets of a workbook share, held in memory
	maxParts         = 10_000
	maxPacking       = 200       // how many times smaller a large part may be in the file
	maxRows          = 2_000_000 // of a file or sheet
	maxColumns       = 2_000
	maxRowBytes      = 1 << 20 // of a CSV row or a line
	maxCellBytes     = 256 << 10
	maxFaults        = 10_000 // told of one file; more are counted
)
