package httpapi

import (
	"cmp"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

// table is an answer as rows and columns.
type table struct {
	name    string // of the sheet, and of the file
	columns []interchange.TableColumn
	rows    iter.Seq[[]string] // each as long as columns
	totals  int                // how many of them, the last ones, add up the others

	file   string             // name of the file, where it is not that of the sheet
	others []table            // further sheets of a workbook
	facts  []interchange.Fact // told with what a workbook says about itself
}

// laid is the table as files have it, without what is told about it.
func (t *table) laid() *interchange.Table {
	laid := &interchange.Table{Name: t.name, Columns: t.columns, Rows: t.rows, Totals: t.totals}
	for i := range t.others {
		laid.Others = append(laid.Others, t.others[i].laid())
	}
	return laid
}

// answerTable answers an analysis: as the JSON that say appends, or as a file of the table that lay makes of it.
func (c *call) answerTable(q *analysis, say func(to []byte) []byte, lay func() table) error {
	f, err := c.format()
	if err != nil {
		return err
	}
	c.out.Header()["Content-Language"] = []string{q.Lang}
	mark := q.tag(c)
	if f == nil {
		return c.write(&answer{status: http.StatusOK, tag: mark, parts: 1, part: func(to []byte, _ int) []byte { return say(to) }})
	}
	laid := lay()
	file := laid.laid()
	if f.name == interchange.XLSX {
		if file.About, err = c.about(q, say(nil)); err != nil {
			return err
		}
		file.About = append(file.About, laid.facts...)
	}
	mark.mark += "+" + string(f.name)
	return c.sendFile(f, cmp.Or(laid.file, laid.name)+f.ending, mark, func(w io.Writer) error {
		return interchange.WriteTable(w, f.name, file, interchange.WriteOptions{RightToLeft: q.Lang == "ar"})
	})
}

// answered is answerTable for what was found as a struct.
func (c *call) answered(q *analysis, found any, lay func() table) error {
	text, err := c.answerJSON(q, found)
	if err != nil {
		return err
	}
	return c.answerTable(q, func(to []byte) []byte { return append(to, text...) }, lay)
}

// about tells, beside a table, how to get its answer again and to see that it is the same: by the checksum that a citation
// of the query has. It says, too, through what a framework's codes were looked for.
func (c *call) about(q *analysis, text jsontext.Value) ([]interchange.Fact, error) {
	var said struct {
		Mapping []readmodel.Mapping `json:"mapping"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, err
	}
	if err := text.Canonicalize(); err != nil {
		return nil, err
	}
	facts := []interchange.Fact{
		{Name: "query", Value: c.req.URL.Path + "?" + q.address(c.position())},
		{Name: "as_of", Value: q.asOf},
		{Name: "today", Value: string(q.Today.Date())}, // what is fresh or stale depends on it
		{Name: "seq", Value: strconv.FormatUint(c.position(), 10), Number: true},
		{Name: "lang", Value: q.Lang},
		{Name: "clearance", Value: string(q.Clearance)},
		{Name: "sha256", Value: checksum(text)},
	}
	for i := range said.Mapping {
		m := &said.Mapping[i]
		facts = append(facts, interchange.Fact{Name: "mapping", Value: m.Framework + ":" + m.Code + " " + string(m.Kind) + "/" + m.ID})
	}
	return facts, nil
}

// address writes the query with its date, position and language, whatever was said of them. Of two states that are
// compared it holds the positions already.
func (q *analysis) address(position uint64) string {
	two := len(q.chosen.all(knownAt)) == maxStates
	parts := make([]string, 0, len(q.chosen)+3)
	for _, p := range q.chosen {
		if p.name != "as_of" && (p.name != knownAt || two) {
			parts = append(parts, p.name+"="+url.QueryEscape(p.value))
		}
	}
	if !q.undated {
		parts = append(parts, "as_of="+q.asOf)
	}
	if !two {
		parts = append(parts, knownAt+"="+strconv.FormatUint(position, 10))
	}
	return strings.Join(append(parts, "lang="+q.Lang), "&")
}
