package httpapi

import (
	"slices"

	"dalil/internal/fault"
	"dalil/internal/interchange"
)

// fileFormat is a format of api.md, "Files".
type fileFormat struct {
	name   interchange.Format
	media  string
	ending string // of a file's name
	zipped bool   // several files in one
}

const (
	mediaCSV    = "text/csv"
	mediaXLSX   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaNDJSON = "application/x-ndjson"
	mediaZip    = "application/zip"
)

// jsonName is what the parameter format calls the answer that is no file.
const jsonName = "json"

var fileFormats = []fileFormat{
	{name: interchange.CSV, media: mediaCSV, ending: ".csv"},
	{name: interchange.XLSX, media: mediaXLSX, ending: ".xlsx"},
	{name: interchange.NDJSON, media: mediaNDJSON, ending: ".ndjson"},
}

// packs tells whether it is worth while to pack a file once more.
func (f *fileFormat) packs() bool { return f.name != interchange.XLSX && !f.zipped }

// mediaType is what the answer's Content-Type says.
func (f *fileFormat) mediaType() string {
	if f.zipped {
		return mediaZip
	}
	return f.name.MediaType()
}

// formatNames are the values of the parameter format of an address.
func (r *Route) formatNames() []string {
	names := []string{jsonName}
	for i := range fileFormats {
		if slices.Contains(r.Answers, fileFormats[i].media) {
			names = append(names, string(fileFormats[i].name))
		}
	}
	return names
}

// format tells which file is asked for, by the parameter format, else by Accept; nil is the usual answer.
func (c *call) format() (*fileFormat, error) {
	if c.query.has("format") {
		asked := c.query.first("format")
		if asked == jsonName {
			return nil, nil //nolint:nilnil // said above
		}
		for i := range fileFormats {
			if string(fileFormats[i].name) == asked && slices.Contains(c.route.Answers, fileFormats[i].media) {
				return &fileFormats[i], nil
			}
		}
		return nil, unknownValue("format", asked, c.route.formatNames())
	}
	media := preferred(c.req.Header.Get("Accept"), c.route.Answers)
	for i := range fileFormats {
		if fileFormats[i].media == media {
			return &fileFormats[i], nil
		}
	}
	return nil, nil //nolint:nilnil // said above
}

// acceptable refuses a client that takes nothing of what the address offers. Whoever names a format takes it.
func (c *call) acceptable() error {
	offered := c.route.Answers
	if len(offered) == 0 || preferred(c.req.Header.Get("Accept"), offered) != "" {
		return nil
	}
	if len(offered) > 1 && c.query.has("format") {
		return nil
	}
	return fault.New(fault.NotAcceptable, fault.CodeNotAcceptable, fault.Args{"offered": joinList(offered)})
}

// preferred picks of the media types offered the one that a client likes best, the first of equals; "" when it takes
// none.
func preferred(accept string, offered []string) string {
	best, weight := "", 0.0
	for _, media := range offered {
		if q := acceptWeight(accept, media); q > weight {
			best, weight = media, q
		}
	}
	return best
}
