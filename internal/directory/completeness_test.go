package directory_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/internal/directory"
)

func TestEveryGroupCountsFieldsThatHaveALabel(t *testing.T) {
	t.Parallel()
	fields, groups := vocabulary(t, directory.VocabularyCountedFields), vocabulary(t, directory.VocabularyGroups)
	counted := map[string]bool{}
	for _, group := range append(groups.Codes(), "") {
		list := directory.CountedFields(group)
		if len(list) < 5 || !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("%s counts %v", group, list)
		}
		for _, field := range list {
			counted[field] = true
			if !fields.Has(field) {
				t.Errorf("%s counts %s, which has no label", group, field)
			}
		}
	}
	for _, field := range fields.Codes() {
		if !counted[field] {
			t.Errorf("no group counts %s", field)
		}
	}
}

func TestCompletenessCountsTheFieldsOfTheGroup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		actor   directory.Actor
		percent int
		missing []string
	}{
		{"a name alone", directory.Actor{Group: "other", Name: directory.Text{"fr": "a"}}, 20, []string{"country", "sources", "summary", "website"}},
		{"a name in another language", directory.Actor{Group: "other", Name: directory.Text{"en": "a"}}, 0, []string{"country", "name_fr", "sources", "summary", "website"}},
		{"what other groups need is nothing to this one", directory.Actor{Group: "other", Email: "a@b.c", Phone: "1", Founded: "2000"}, 0, []string{"country", "name_fr", "sources", "summary", "website"}},
		{
			"five of nine are 55 percent",
			directory.Actor{
				Envelope: directory.Envelope{Sources: []string{"a"}}, Group: "workers", Name: directory.Text{"fr": "a", "ar": "ا"}, Email: "a@b.c",
				Mandate: directory.Text{"fr": "m"},
			},
			55,
			[]string{"country", "summary", "territories", "website"},
		},
		{
			"all of them",
			directory.Actor{
				Envelope: directory.Envelope{Sources: []string{"a"}}, Group: "private_recruitment", Name: directory.Text{"fr": "a"}, Country: "MA",
				Summary: directory.Text{"fr": "s"}, Website: "https://a.b", Email: "a@b.c", Phone: "1", Identifiers: []directory.Identifier{{Scheme: "ma-ice", Value: "1"}},
			},
			100,
			[]string{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.actor.Completeness(); got != c.percent {
				t.Errorf("complete to %d percent, want %d", got, c.percent)
			}
			if diff := cmp.Diff(c.missing, c.actor.Missing()); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}
