package service

import (
	"context"
	"log/slog"
	"time"

	"dalil/internal/ledger"
)

// usesGap is how often the uses of keys are handed to the store.
const usesGap = time.Minute

// readUses reads what the store knows of the uses of keys. Without it nothing is lost but itself.
func readUses(ctx context.Context, l ledger.Ledger, log *slog.Logger) *uses {
	keeper, ok := l.(ledger.KeyUses)
	if !ok {
		return newUses(nil)
	}
	known, err := keeper.KeyUses(ctx)
	if err != nil {
		log.WarnContext(ctx, "the last uses of keys could not be read", slog.Any("error", err))
	}
	return newUses(known)
}

// keepUses hands the uses of keys to the store now and then, and at the end.
func (s *Service) keepUses(ctx context.Context) {
	keeper, ok := s.ledger.(ledger.KeyUses)
	if !ok {
		return
	}
	ticker := time.NewTicker(usesGap)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.handUses(ctx, keeper)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
			defer cancel()
			s.handUses(last, keeper)
			return
		}
	}
}

func (s *Service) handUses(ctx context.Context, keeper ledger.KeyUses) {
	fresh := s.uses.take()
	if len(fresh) == 0 {
		return
	}
	if err := keeper.NoteKeyUses(ctx, fresh); err != nil {
		s.observer.failed(TaskKeyUses)
		s.log.WarnContext(ctx, "the last uses of keys could not be kept", slog.Any("error", err))
	}
}
