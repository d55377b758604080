package readmodel_test

import (
	"testing"

	"dalil/internal/directory"
	"dalil/internal/ledger"
	"dalil/internal/readmodel"
)

func TestThePublicIsNotToldWhoWrote(t *testing.T) {
	t.Parallel()
	const (
		head = `{"id":"x","kind":"report","note":"\"created\":{\"at\":1,\"by\":\"me\"}, {\"updated\":{\"by\":\"you\"}"`
		tail = `"title":"t","updated":{"at":"2026-01-01T00:00:00.000Z"`
	)
	for _, test := range []struct{ name, text, public string }{
		{"nobody", head + `,"title":"t"}`, head + `,"title":"t"}`},
		{
			"one", head + `,` + tail + `,"by":"key-1","seq":7},"version":1}`,
			head + `,` + tail + `,"seq":7},"version":1}`,
		},
		{
			"all three", `{"attested":{"at":"2026-01-01T00:00:00.000Z","by":"a\"b\\"},"created":{"at":"2025-01-01T00:00:00.000Z","by":"é","seq":1},"id":"x","kind":"law",` + tail + `,"by":"c","seq":7}}`,
			`{"attested":{"at":"2026-01-01T00:00:00.000Z"},"created":{"at":"2025-01-01T00:00:00.000Z","seq":1},"id":"x","kind":"law",` + tail + `,"seq":7}}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ref := directory.Ref{Kind: directory.Sources, ID: "x"}
			edit := readmodel.Empty().Edit()
			if err := edit.Load(ledger.Record{Ref: ref, Version: 1, Op: ledger.Put, JSON: []byte(test.text)}); err != nil {
				t.Fatal(err)
			}
			if err := edit.Loaded(ledger.Position{Seq: 7}, directory.At(edit.View().At()).Time); err != nil {
				t.Fatal(err)
			}
			entry, ok := edit.Snapshot().Find(ref)
			if !ok {
				t.Fatal("it is not held")
			}
			if got := string(entry.JSONFor(directory.Public)); got != test.public {
				t.Errorf("the public is told\n%s, not\n%s", got, test.public)
			}
			if got := string(entry.JSONFor(directory.Partners)); got != test.text {
				t.Errorf("partners are told\n%s, not\n%s", got, test.text)
			}
			if got := string(entry.AppendJSON([]byte("["), directory.Public)); got != "["+test.public {
				t.Errorf("appended it is\n%s", got)
			}
		})
	}
}
