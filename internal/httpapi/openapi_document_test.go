package httpapi_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"dalil/api"
	"dalil/internal/directory"
	"dalil/internal/httpapi"
	"dalil/internal/service"
)

func TestTheCommittedDocumentIsWhatTheCodeMakes(t *testing.T) {
	t.Parallel()
	asJSON, asYAML, err := httpapi.Document()
	if err != nil {
		t.Fatalf("making the document: %v", err)
	}
	if !bytes.Equal(asJSON, api.JSON) || !bytes.Equal(asYAML, api.YAML) {
		t.Error("api/openapi.json or .yaml is not what the code makes: run go generate ./api/...")
	}
}

// document is what the tests look at in the document.
type document struct {
	Paths      map[string]map[string]any            `json:"paths"`
	Components map[string]map[string]map[string]any `json:"components"`
}

func theDocument(t *testing.T) *document {
	t.Helper()
	d := new(document)
	if err := json.Unmarshal(api.JSON, d); err != nil {
		t.Fatalf("reading the document: %v", err)
	}
	return d
}

func TestEveryRouteIsDocumentedAndNothingElseIs(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *httpapi.Options, _ *service.Options) { o.Home = http.NotFoundHandler() })
	parameter := regexp.MustCompile(`[:*]([a-z]+)`)
	var served, described []string
	for _, route := range s.api.Routes() {
		served = append(served, route.Method+" "+parameter.ReplaceAllString(route.Path, "{$1}"))
	}
	for path, methods := range theDocument(t).Paths {
		for method := range methods {
			if method != "parameters" {
				described = append(described, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(served)
	slices.Sort(described)
	if diff := cmp.Diff(served, described); diff != "" {
		t.Errorf("the routes and the document differ (-served +described):\n%s", diff)
	}
}

func TestEveryComponentIsThereAndUsed(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, found := range regexp.MustCompile(`"\$ref": "#/components/([^"]+)"`).FindAllSubmatch(api.JSON, -1) {
		named[string(found[1])] = true
	}
	there := map[string]bool{}
	for section, components := range theDocument(t).Components {
		for name := range components {
			there[section+"/"+name] = section != "securitySchemes"
		}
	}
	for name := range named {
		if !there[name] {
			t.Errorf("%s is named and not there", name)
		}
	}
	for name, counts := range there {
		if counts && !named[name] {
			t.Errorf("%s is there and never named", name)
		}
	}
}

func TestEveryMemberOfEverySchemaIsExplained(t *testing.T) {
	t.Parallel()
	for name, shape := range theDocument(t).Components["schemas"] {
		if shape["description"] == nil {
			t.Errorf("%s is not explained", name)
		}
		properties, _ := shape["properties"].(map[string]any)
		for member, plain := range properties {
			if explained, _ := plain.(map[string]any); explained["description"] == nil && !strings.HasPrefix(name, "MoneyPatch") {
				t.Errorf("%s.%s is not explained", name, member)
			}
		}
	}
}

func TestEveryExampleFitsItsSchema(t *testing.T) {
	t.Parallel()
	d, c := theDocument(t), theContract()
	if c.failed != nil {
		t.Fatal(c.failed)
	}
	sent := regexp.MustCompile(`"\$ref": "#/components/examples/([A-Za-z]+)"\s*\}\s*\},\s*"schema": \{\s*"\$ref": "#/components/schemas/([A-Za-z]+)"|` +
		`"schema": \{\s*"\$ref": "#/components/schemas/([A-Za-z]+)"\s*\},\s*"examples": \{\s*"example": \{\s*"\$ref": "#/components/examples/([A-Za-z]+)"`)
	checked := 0
	for _, found := range sent.FindAllSubmatch(api.JSON, -1) {
		example, name := string(found[1])+string(found[4]), string(found[2])+string(found[3])
		shape, ok := c.model.Components.Schemas.Get(name)
		if !ok {
			t.Fatalf("there is no schema %s", name)
		}
		text, err := json.Marshal(d.Components["examples"][example]["value"])
		if err != nil {
			t.Fatal(err)
		}
		if valid, faults := c.shapes.ValidateSchemaBytes(shape.Schema(), text); !valid {
			t.Errorf("the example %s does not fit %s: %s", example, name, said(faults))
		}
		checked++
	}
	if checked < 50 {
		t.Errorf("only %d examples were found", checked)
	}
}

func TestTheExamplesOfRecordsAreRecords(t *testing.T) {
	t.Parallel()
	examples := theDocument(t).Components["examples"]
	for _, kind := range directory.Kinds() {
		name := strings.TrimSuffix(strings.ToUpper(string(kind[:1]))+string(kind[1:]), "s")
		for _, example := range []string{name, name + "Input", name + "Replacement"} {
			text, err := json.Marshal(examples[example]["value"])
			if err != nil {
				t.Fatal(err)
			}
			record, err := directory.Decode(kind, text)
			if err != nil {
				t.Errorf("decoding %s: %v", example, err)
				continue
			}
			if err := directory.Validate(record); err != nil {
				t.Errorf("judging %s: %v", example, err)
			}
		}
	}
}

func TestEveryValueThatAParameterIsSaidToTakeIsTaken(t *testing.T) {
	t.Parallel()
	s, d := start(t), theDocument(t)
	asked := 0
	for _, kind := range directory.Kinds() {
		get, _ := d.Paths["/api/v1/"+string(kind)]["get"].(map[string]any)
		parameters, _ := get["parameters"].([]any)
		for _, plain := range parameters {
			pointer, _ := plain.(map[string]any)["$ref"].(string)
			parameter := d.Components["parameters"][strings.TrimPrefix(pointer, "#/components/parameters/")]
			shape, _ := parameter["schema"].(map[string]any)
			items, _ := shape["items"].(map[string]any)
			values, _ := items["enum"].([]any)
			query := fmt.Sprintf("/%s?%v=", kind, parameter["name"])
			for _, value := range values {
				address := fmt.Sprint(query, value)
				if strings.HasSuffix(address, "relevance") { // of what is looked for
					address += "&q=a"
				}
				s.get(address).expect(http.StatusOK)
				asked++
			}
			if len(values) > 0 {
				s.get(query + "nonsense").expect(http.StatusBadRequest)
			}
		}
	}
	if asked < 200 {
		t.Errorf("only %d values were found", asked)
	}
}
