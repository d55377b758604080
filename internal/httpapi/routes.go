package httpapi

import (
	"net/http"
	"strings"

	"dalil/internal/directory"
)

// basePath is where this version of the API stands.
const basePath = "/api/v1"

// routes is the table of every address. HEAD comes with GET; OPTIONS and 405 come from the router.
func (a *API) routes() []Route {
	table := []Route{
		page(livezPath, "livez", a.livez).probe(),
		page("/readyz", "readyz", a.readyz).probe(),
		page("/metrics", "metrics", mount(a.metrics.handler())).probe(),
		page("/openapi.json", "openapi", a.openAPI),
		page("/openapi.yaml", "openapiYAML", a.openAPIYAML),
		page(strings.TrimSuffix(swaggerPath, "/"), "swaggerDoor", toSwagger),
		page(swaggerPath+"*any", "swagger", a.swagger),
		page(problemPath, "listProblems", a.listProblems),
		page(problemPath+"/:code", "getProblem", a.getProblem),

		read(basePath+"/vocabularies", "listVocabularies", a.listVocabularies),
		read(basePath+"/vocabularies/:name", "getVocabulary", a.getVocabulary),
		read(changesPath, "listChanges", a.listChanges, changesParams()...).streams(),
		a.suggestRoute(),
		read(basePath+"/export", "export", a.export).files().dated().recalls().uncited(),
		write(http.MethodPost, basePath+"/batch", "batch", a.batch, Param{Name: "atomic"}, duplicates).takes(maxBatchBytes, mediaJSON),

		a.backupRoute(),
		read(basePath+"/stats", "getStats", a.getStats).administers(),
		read(keysPath, "listKeys", a.listKeys).administers(),
		read(keysPath+"/:id", "getKey", a.getKey).administers(),
		write(http.MethodPost, keysPath, "createKey", a.createKey).takes(maxBodyBytes, mediaJSON).administers(),
		write(http.MethodDelete, keysPath+"/:id", "revokeKey", a.revokeKey).administers(),
	}
	table = append(table, a.webhookRoutes()...)
	table = append(table, a.citationRoutes()...)
	table = append(table, a.analysisRoutes()...)
	if a.home != nil {
		table = append(table, page("/", "home", mount(a.home)))
	}
	table = append(table, a.importRoutes()...)
	table = append(table, a.judgementRoutes()...)
	for _, kind := range directory.Kinds() {
		all := basePath + "/" + string(kind)
		one := all + "/:id"
		for _, r := range []Route{
			read(all, operation("list", kind, true), a.list, listParams(kind)...).files().recalls(),
			write(http.MethodPost, all, operation("create", kind, false), a.createRecord, duplicates).takes(maxBodyBytes, mediaJSON),
			read(one, operation("get", kind, false), a.getRecord, Param{Name: "fields", Many: true}).conditional().dated().recalls(),
			write(http.MethodPut, one, operation("replace", kind, false), a.replaceRecord).takes(maxBodyBytes, mediaJSON).conditional(),
			write(http.MethodPatch, one, operation("patch", kind, false), a.patchRecord).takes(maxBodyBytes, mediaMerge, mediaJSON).conditional(),
			write(http.MethodDelete, one, operation("archive", kind, false), a.archiveRecord).conditional(),
			write(http.MethodPost, one+"/restore", operation("restore", kind, false), a.restoreRecord).conditional(),
			read(one+"/history", operation("list", kind, false)+"Versions", a.listVersions, Param{Name: "limit"}, Param{Name: "cursor", Long: true}).recalls(),
			read(one+"/history/:version", operation("get", kind, false)+"Version", a.getVersion).recalls(),
		} {
			table = append(table, r.of(kind))
		}
	}
	return table
}

// duplicates is the parameter of whatever may create a record.
var duplicates = Param{Name: "allow_duplicate"}
