package service

import (
	"context"

	"dalil/internal/fault"
	"dalil/internal/interchange"
)

// Beyond judges the rows of files in which cells or lines are wrong already, so that all faults are told at once: it
// returns what the directory would say of the other rows. Nothing is written.
func (s *Service) Beyond(
	ctx context.Context, w Write, items []interchange.Item, wrong []*interchange.CellError, opts ImportOptions,
) (ImportReport, error) {
	w.DryRun, opts.KeepGoing = true, false
	report, err := s.Import(ctx, w, items, opts)
	if err != nil && !fault.Is(err, fault.CodeImportRefused) {
		return ImportReport{}, err
	}
	type row struct {
		file, sheet string
		row         int
	}
	told := make(map[row]bool, len(wrong))
	for _, f := range wrong {
		told[row{f.Place.File, f.Place.Sheet, f.Place.Row}] = true
	}
	var more []ImportFault
	for _, f := range report.Faults {
		if at := items[f.Item].Place(f.Pointer); !told[row{at.File, at.Sheet, at.Row}] {
			more = append(more, f)
		}
	}
	return ImportReport{Refused: len(wrong) + report.Refused, Seq: report.Seq, Faults: more, Duplicates: report.Duplicates}, nil
}
