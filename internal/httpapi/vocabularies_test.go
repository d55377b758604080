package httpapi_test

import (
	"testing"

	"dalil/internal/directory"
)

func TestEveryVocabularyIsServed(t *testing.T) {
	t.Parallel()
	s := start(t)
	var index struct {
		Items []struct {
			Name  string         `json:"name"`
			Title directory.Text `json:"title"`
			Terms int            `json:"terms"`
		} `json:"items"`
		Total int `json:"total"`
	}
	s.get("/vocabularies").expect(200).decode(&index)
	if index.Total != len(directory.Vocabularies()) || len(index.Items) != index.Total {
		t.Errorf("%d of %d vocabularies", len(index.Items), index.Total)
	}
	for _, item := range index.Items {
		var v directory.Vocabulary
		s.get("/vocabularies/" + item.Name).expect(200).decode(&v)
		if len(v.Terms) != item.Terms || item.Title.In("fr") == "" || v.Name != item.Name {
			t.Errorf("%s: %d terms of %d", item.Name, len(v.Terms), item.Terms)
		}
	}
	var types directory.Vocabulary
	s.get("/vocabularies/relation_types").expect(200).decode(&types)
	if types.Terms[0].InverseCode != "has_part" || types.Terms[0].Inverse["fr"] == "" {
		t.Errorf("first relation type: %+v", types.Terms[0])
	}
	s.get("/vocabularies/colours").refused(404, "no_such_address", "")
}
