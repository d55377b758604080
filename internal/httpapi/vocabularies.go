package httpapi

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"dalil/internal/directory"
	"dalil/internal/fault"
)

// vocabularies are the answers about the code lists. They are part of the program and never change while it runs.
type vocabularies struct {
	index fixed
	named map[string]fixed
}

// fixed is an answer that is the same every time, with its entity tag.
type fixed struct {
	tag  tag
	json []byte
}

// vocabularyEntry is one vocabulary in the list of them.
type vocabularyEntry struct {
	Name  string         `json:"name"`
	Title directory.Text `json:"title"`
	Terms int            `json:"terms"`
}

// vocabularyList is the wire form of the list of vocabularies.
type vocabularyList struct {
	Items []vocabularyEntry `json:"items"`
	Total int               `json:"total"`
}

// encodeVocabularies makes the answers once.
func encodeVocabularies() (*vocabularies, error) {
	all := &vocabularies{named: make(map[string]fixed)}
	list := vocabularyList{}
	for _, v := range directory.Vocabularies() {
		list.Items = append(list.Items, vocabularyEntry{v.Name, v.Title, len(v.Terms)})
		answer, err := newFixed(v)
		if err != nil {
			return nil, err
		}
		all.named[v.Name] = answer
	}
	list.Total = len(list.Items)
	var err error
	all.index, err = newFixed(list)
	return all, err
}

func newFixed(value any) (fixed, error) {
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return fixed{}, err
	}
	var d digester
	d.add(string(text))
	return fixed{tag{version: "v-" + d.mark()}, text}, nil
}

// listVocabularies answers the names and titles of the vocabularies.
func (a *API) listVocabularies(c *call) error {
	return c.write(text(http.StatusOK, a.vocabularies.index.tag, a.vocabularies.index.json))
}

// getVocabulary answers one vocabulary with its codes and labels.
func (a *API) getVocabulary(c *call) error {
	v, ok := a.vocabularies.named[c.gin.Param("name")]
	if !ok {
		return fault.New(fault.NotFound, fault.CodeNoSuchAddress, nil)
	}
	return c.write(text(http.StatusOK, v.tag, v.json))
}
