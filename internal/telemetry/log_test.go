package telemetry_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"dalil/internal/telemetry"
)

func TestLinesAreJSONFromTheLevelUp(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := telemetry.NewLogger(&out, "warn", "json")
	log.Info("hidden")
	log.Warn("shown")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil || line["msg"] != "shown" {
		t.Errorf("one line of JSON expected, got %q (%v)", out.String(), err)
	}
}

func TestTextIsForPeople(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	telemetry.NewLogger(&out, "debug", "text").Debug("shown")
	if !strings.Contains(out.String(), "msg=shown") {
		t.Errorf("got %q", out.String())
	}
}
