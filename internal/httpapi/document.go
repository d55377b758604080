package httpapi

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/gin-gonic/gin"
	swaggerfiles "github.com/swaggo/files/v2"
	ginswagger "github.com/swaggo/gin-swagger"
	"golang.org/x/net/webdav"

	"dalil/api"
	"dalil/internal/fault"
)

// mediaYAML is the media type of YAML (RFC 9512).
const mediaYAML = "application/yaml"

// openAPI answers the OpenAPI document as JSON.
func (a *API) openAPI(c *call) error { return c.writeFile(a.document.json) }

// openAPIYAML answers the OpenAPI document as YAML.
func (a *API) openAPIYAML(c *call) error { return c.writeFile(a.document.yaml) }

// documentPages are the document, and the page that draws it, which never change while the program runs.
type documentPages struct {
	json, yaml file
	ui         map[string]file // the page's files; nothing else is answered
}

// file is an answer that is the same every time, with its entity tag.
type file struct {
	media   string
	tag     tag
	content []byte
}

func newFile(media string, content []byte) file {
	var d digester
	d.add(string(content))
	return file{media, tag{version: "v-" + d.mark()}, content}
}

func (c *call) writeFile(f file) error {
	return c.write(text(http.StatusOK, f.tag, f.content).as(f.media))
}

// uiFiles are the files that the page of Swagger UI needs, the page itself first.
var uiFiles = []string{
	"index.html", "index.css", "swagger-initializer.js", "favicon-16x16.png", "favicon-32x32.png", "swagger-ui.css",
	"swagger-ui-bundle.js", "swagger-ui-standalone-preset.js",
}

// newDocumentPages prepares the answers.
func newDocumentPages() (*documentPages, error) {
	ui, err := drawUI()
	if err != nil {
		return nil, fmt.Errorf("preparing Swagger UI: %w", err)
	}
	return &documentPages{json: newFile(mediaJSON, api.JSON), yaml: newFile(mediaYAML, api.YAML), ui: ui}, nil
}

// drawUI asks gin-swagger once for each file of Swagger UI 5, the first that draws OpenAPI 3.1. Requests from outside
// never reach it: it takes what it serves from the raw address, and keeps the beginning of the first one that it sees.
func drawUI() (map[string]file, error) {
	files, err := uiFileSystem()
	if err != nil {
		return nil, err
	}
	config := &ginswagger.Config{
		URL: "/openapi.json", Title: "Dalil API", DocExpansion: "none", DefaultModelsExpandDepth: 1, DeepLinking: true,
	}
	gin.SetMode(gin.ReleaseMode) // else gin prints every route
	engine := gin.New()
	engine.GET(swaggerPath+"*any", ginswagger.CustomWrapHandler(config, &webdav.Handler{
		FileSystem: files, LockSystem: webdav.NewMemLS(), Prefix: swaggerPath,
	}))
	drawn := make(map[string]file, len(uiFiles))
	for _, name := range uiFiles {
		asked, err := http.NewRequestWithContext(context.Background(), http.MethodGet, swaggerPath+name, nil)
		if err != nil {
			return nil, err
		}
		asked.RequestURI = asked.URL.Path
		got := drawing{header: make(http.Header)}
		engine.ServeHTTP(&got, asked)
		if got.status != http.StatusOK {
			return nil, fmt.Errorf("drawing %s: status %d", name, got.status)
		}
		drawn[name] = newFile(scriptMedia(got.header.Get("Content-Type")), got.content)
	}
	return drawn, nil
}

// scriptMedia gives scripts the media type that RFC 9239 gives them.
func scriptMedia(media string) string {
	if media == "application/javascript" {
		return "text/javascript; charset=utf-8"
	}
	return media
}

// drawing takes an answer into memory.
type drawing struct {
	header  http.Header
	status  int
	content []byte
}

// Header returns the header of the answer.
func (d *drawing) Header() http.Header { return d.header }

// WriteHeader keeps the status.
func (d *drawing) WriteHeader(status int) { d.status = status }

// Write keeps a part of the body.
func (d *drawing) Write(part []byte) (int, error) {
	if d.status == 0 {
		d.status = http.StatusOK
	}
	d.content = append(d.content, part...)
	return len(part), nil
}

// uiFileSystem holds the few files of Swagger UI that are used; gin-swagger asks for them as WebDAV does, and makes the
// page and its script itself.
func uiFileSystem() (webdav.FileSystem, error) {
	ctx := context.Background()
	files := webdav.NewMemFS()
	for _, name := range uiFiles {
		data, err := fs.ReadFile(swaggerfiles.FS, name)
		if err != nil {
			return nil, err
		}
		f, err := files.OpenFile(ctx, "/"+name, os.O_CREATE|os.O_WRONLY, 0o444)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(data); err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// swaggerPath is where the page stands.
const swaggerPath = "/swagger/"

// swaggerPolicy lets the page run its own scripts and styles and nobody else's.
const swaggerPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

// toSwagger leads to the page that draws the document.
func toSwagger(c *call) error {
	c.out.Header()["Location"] = []string{swaggerPath + "index.html"}
	c.stampPosition()
	c.out.WriteHeader(http.StatusFound)
	c.out.WriteHeaderNow()
	return nil
}

// swagger answers a file of the page that draws the document.
func (a *API) swagger(c *call) error {
	name := c.gin.Param("any")
	if name == "/" {
		return toSwagger(c)
	}
	f, ok := a.document.ui[strings.TrimPrefix(name, "/")]
	if !ok {
		return fault.New(fault.NotFound, fault.CodeNoSuchAddress, nil)
	}
	c.out.Header().Set("Content-Security-Policy", swaggerPolicy)
	return c.writeFile(f)
}
