package httpapi

import (
	"maps"
	"strconv"

	"dalil/internal/directory"
	"dalil/internal/interchange"
	"dalil/internal/readmodel"
)

const qualityPath = basePath + "/quality"

// qualityRoute is the address of the report of how complete and how fresh the directory is.
func (a *API) qualityRoute() Route {
	return read(qualityPath, "getQuality", a.quality, Param{Name: "by"}, Param{Name: "stale_after"}, Param{Name: "limit"}).analyses("units")
}

// qualityBy are what it has rows for, the usual one first.
func qualityBy() []string {
	return textsOf([]readmodel.By{readmodel.ByGroup, readmodel.ByOwner, readmodel.ByActor})
}

// quality answers the report.
func (a *API) quality(c *call) error {
	q, err := c.analysis()
	if err != nil {
		return err
	}
	by, err := c.query.oneOf("by", qualityBy())
	if err != nil {
		return err
	}
	ask := &readmodel.QualityQuery{Analysis: q.Analysis, By: readmodel.By(by)}
	if ask.StaleAfter, err = c.query.integer("stale_after", mostStale, usualStale); err != nil {
		return err
	}
	if ask.Limit, err = c.told(q); err != nil {
		return err
	}
	found, err := c.head.Quality(ask)
	if err != nil {
		return err
	}
	if err := c.whole(found.Total); err != nil {
		return err
	}
	return c.answered(q, found, func() table { return qualityTable(found) })
}

// qualityTable lays a report out, one group, owner or actor a row, and how many lack each field.
func qualityTable(found *readmodel.QualityReport) table {
	fields, _ := directory.VocabularyNamed(directory.VocabularyCountedFields)
	columns := interchange.TextColumns("id", "label")
	for _, name := range []string{"actors", "percent", "complete", "roles", "unsourced_roles", "fresh", "stale", "never_attested"} {
		columns = append(columns, interchange.TableColumn{Name: name, Numbers: true})
	}
	columns = append(columns, interchange.TableColumn{Name: "last_attested", Dates: true})
	for _, field := range fields.Codes() {
		columns = append(columns, interchange.TableColumn{Name: "missing_" + field, Numbers: true})
	}
	return table{
		name: "quality", columns: columns, totals: 1,
		rows: func(yield func([]string) bool) {
			for i := range found.Items {
				item := &found.Items[i]
				if !yield(qualityRow(item.ID, item.Label, &item.QualityCounts, fields.Codes())) {
					return
				}
			}
			yield(qualityRow(totalName, "", &found.All, fields.Codes()))
		},
	}
}

func qualityRow(id, label string, n *readmodel.QualityCounts, fields []string) []string {
	row := []string{id, label}
	for _, number := range []int{n.Actors, n.Percent, n.Complete, n.Roles, n.Unsourced, n.Fresh, n.Stale, n.Never} {
		row = append(row, strconv.Itoa(number))
	}
	attested := ""
	if n.Attested != nil {
		attested = n.Attested.UTC().Format("2006-01-02")
	}
	row = append(row, attested)
	for _, field := range fields {
		row = append(row, strconv.Itoa(n.Missing[field]))
	}
	return row
}

func qualityDoc() analysisDoc {
	counts := map[string]any{
		"actors": 11, "percent": 62, "complete": 0, "missing": map[string]any{directory.FieldWebsite: 9, directory.FieldNameAr: 6},
		"roles": 18, "unsourced_roles": 2, "fresh": 3, "stale": 1, "never_attested": 7, "last_attested": exampleTime,
	}
	item := map[string]any{"id": directory.GroupWorkers, "label": "Workers' organisations"}
	maps.Copy(item, counts)
	return analysisDoc{
		id: "getQuality", summary: "How complete and how fresh", shape: readmodel.QualityReport{},
		words: "For each group (`by=group`), each organisation with its units, whoever keeps their records (`by=owner`), or each actor (`by=actor`): how many of the fields that count " +
			"for its group its actors have, which they lack, how many of their roles name no source, and how many were confirmed in the last `stale_after` days. " +
			"It is about the live actors that hold on `as_of`; `actor`, `under`, `group` and `country` choose among them, and with other filters it is about those that have a role that fits. " +
			"Owners and actors come with the least complete first.",
		example: map[string]any{
			"items": []any{item}, "total": 10, "all": counts, "fields": map[string]any{directory.GroupWorkers: directory.CountedFields(directory.GroupWorkers)},
		},
	}
}

// adjustQuality says of the schemas of the report what their Go types cannot.
func (s *schemas) adjustQuality(count, percent, fields schema) {
	for _, name := range []string{"QualityItem", "QualityCounts"} {
		for _, member := range []string{"actors", "complete", "roles", "unsourced_roles", "fresh", "stale", "never_attested"} {
			s.set(name, member, count)
		}
		s.set(name, "percent", percent)
		s.set(name, "missing", schema{"type": "object", "propertyNames": fields, "additionalProperties": count})
	}
	s.set("QualityReport", "total", count)
	s.set("QualityReport", "fields", schema{
		"type": "object", "propertyNames": ref(s.vocabulary(directory.VocabularyGroups)),
		"additionalProperties": schema{"type": "array", "items": fields},
	})
}
