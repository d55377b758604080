package httpapi

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	swaggerfiles "github.com/swaggo/files/v2"
	ginswagger "github.com/swaggo/gin-swagger"
	"golang.org/x/net/webdav"

	"dalil/api"
	"dalil/internal/fault"
)

// openAPI answers the OpenAPI document as JSON.
func (a *API) openAPI(c *call) error {
	return c.write(text(http.StatusOK, a.document.json, api.JSON))
}

// openAPIYAML answers the OpenAPI document as YAML.
func (a *API) openAPIYAML(c *call) error {
	return c.write(text(http.StatusOK, a.document.yaml, api.YAML).as("application/yaml"))
}

// documentPages answers the document and the page that draws it.
type documentPages struct {
	json, yaml tag
	ui         gin.HandlerFunc
}

// uiFiles are the files of Swagger UI that its page needs; nothing else is answered.
var uiFiles = []string{
	"index.html", "index.css", "swagger-initializer.js", "favicon-16x16.png", "favicon-32x32.png", "swagger-ui.css",
	"swagger-ui-bundle.js", "swagger-ui-standalone-preset.js",
}

// newDocumentPages prepares gin-swagger over Swagger UI 5, the first that draws OpenAPI 3.1.
func newDocumentPages() (*documentPages, error) {
	files, err := uiFileSystem()
	if err != nil {
		return nil, fmt.Errorf("preparing Swagger UI: %w", err)
	}
	handler := &webdav.Handler{FileSystem: files, LockSystem: webdav.NewMemLS(), Prefix: swaggerPath}
	config := &ginswagger.Config{
		URL: "/openapi.json", Title: "Dalil API", DocExpansion: "none", DefaultModelsExpandDepth: 1, DeepLinking: true,
	}
	p := &documentPages{ui: ginswagger.CustomWrapHandler(config, handler)}
	p.json, p.yaml = contentTag(api.JSON), contentTag(api.YAML)
	return p, nil
}

func contentTag(content []byte) tag {
	d := newDigester()
	d.add(string(content))
	return tag{version: "v-" + d.mark()}
}

// uiFileSystem holds the few files of Swagger UI that are used; gin-swagger asks for them as WebDAV does.
func uiFileSystem() (webdav.FileSystem, error) {
	ctx := context.Background()
	files := webdav.NewMemFS()
	for _, name := range uiFiles {
		data, err := fs.ReadFile(swaggerfiles.FS, name)
		if err != nil {
			continue // gin-swagger makes it itself
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

// swagger answers the page that draws the document. gin-swagger takes what it serves from the raw address, and keeps
// the beginning of the first one it sees: it is only ever shown addresses that are ours, and only GET.
func (a *API) swagger(c *call) error {
	name := strings.TrimPrefix(c.gin.Param("any"), "/")
	if !slices.Contains(uiFiles, name) {
		return fault.New(fault.NotFound, fault.CodeNoSuchAddress, nil)
	}
	c.stampPosition()
	c.out.Header().Set("Content-Security-Policy", swaggerPolicy)
	asked := c.req.Clone(c.req.Context())
	asked.Method, asked.RequestURI, asked.URL.RawQuery = http.MethodGet, swaggerPath+name, ""
	c.gin.Request = asked
	a.document.ui(c.gin)
	c.gin.Request = c.req
	return nil
}
