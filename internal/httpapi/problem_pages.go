package httpapi

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"slices"

	"dalil/internal/fault"
)

// problemPath is where the type of a problem points to.
const problemPath = "/problems"

// problemPage lists codes with what they say. It needs no style and no script.
var problemPage = template.Must(template.New("problems").Parse(`<!doctype html>
<html lang="{{.Lang}}" dir="{{.Dir}}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<h1>{{.Title}}</h1>
<dl>{{range .Codes}}
<dt id="{{.Code}}"><a href="` + problemPath + `/{{.Code}}"><code>{{.Code}}</code></a></dt><dd>{{.Text}}</dd>{{end}}
</dl>
</html>
`))

// problemView is what the page shows.
type problemView struct {
	Lang, Dir, Title string
	Codes            []problemCode
}

type problemCode struct {
	Code fault.Code
	Text string
}

// listProblems answers a page with every code.
func (a *API) listProblems(c *call) error { return c.problemPage(fault.Codes()) }

// getProblem answers a page about one code.
func (a *API) getProblem(c *call) error {
	code := fault.Code(c.gin.Param("code"))
	if !slices.Contains(fault.Codes(), code) {
		return fault.New(fault.NotFound, fault.CodeNoSuchAddress, nil)
	}
	return c.problemPage([]fault.Code{code})
}

func (c *call) problemPage(codes []fault.Code) error {
	view := problemView{Lang: messageLang(c.lang), Dir: "ltr"}
	switch view.Lang {
	case "ar":
		view.Dir, view.Title = "rtl", "ما قد لا يسير على ما يرام"
	case "en":
		view.Title = "What can go wrong"
	default:
		view.Title = "Ce qui peut mal se passer"
	}
	for _, code := range codes {
		view.Codes = append(view.Codes, problemCode{code, fault.Outline(view.Lang, code)})
	}
	if len(codes) == 1 {
		view.Title = string(codes[0])
	}
	var page bytes.Buffer
	if err := problemPage.Execute(&page, view); err != nil {
		return fmt.Errorf("rendering the problem page: %w", err)
	}
	h := c.out.Header()
	h["Content-Language"] = []string{view.Lang}
	h["Content-Security-Policy"] = []string{"default-src 'none'"}
	return c.write(text(http.StatusOK, tag{}, page.Bytes()).as("text/html; charset=utf-8"))
}
