// Command openapigen writes the OpenAPI document into the folder that it is started in; go generate starts it in api.
package main

import (
	"log"
	"os"

	"dalil/internal/httpapi"
)

func main() {
	asJSON, asYAML, err := httpapi.Document()
	if err != nil {
		log.Fatal(err)
	}
	for name, data := range map[string][]byte{"openapi.json": asJSON, "openapi.yaml": asYAML} {
		if err := os.WriteFile(name, data, 0o644); err != nil { //nolint:gosec // a public document
			log.Fatal(err)
		}
	}
}
