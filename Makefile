# `make` lists what can be made. What CI runs is .ci/run; the targets here call the same scripts.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Given on the command line: make fuzz TIMES=20, make bench BENCH=Append COUNT=6, make test PKG=./internal/directory/...
PKG   ?= ./...
TIMES ?= 2
BENCH ?= .
COUNT ?= 1

.PHONY: help
help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-12s %s\n", $$1, $$2 }'

.PHONY: check
check: ## The quick part of CI: formatting, modules, generated files, lint, tests on the embedded store
	.ci/format
	.ci/modules
	.ci/generated
	.ci/lint
	go test -race ./...

.PHONY: ci
ci: ## All of CI (about 15 minutes on two cores; installs what is missing)
	.ci/run

.PHONY: test
test: ## The tests that need nothing but Go
	go test $(PKG)

.PHONY: test-mongo
test-mongo: ## Every test with the race detector, with a MongoDB (one's own: DALIL_TEST_MONGODB_URI)
	DALIL_TEST_REQUIRE=mongodb .ci/with-mongodb go test -race -timeout 20m $(PKG)

.PHONY: lint
lint: ## The linters of .golangci.yml, the import table among them
	.ci/lint

.PHONY: fmt
fmt: ## Format the Go files
	.ci/format --write

.PHONY: fuzz
fuzz: ## Each fuzz test, with TIMES as many inputs as in CI
	.ci/fuzz $(TIMES)

.PHONY: bench
bench: ## The benchmarks that match BENCH, COUNT times, with a MongoDB; compare two runs with benchstat
	.ci/with-mongodb go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) -timeout 60m $(PKG)

.PHONY: openapi
openapi: ## Write the API document from the code, then lint it
	go generate ./api
	.ci/openapi-lint

.PHONY: golden
golden: ## Write the golden files of the tests anew (then read the difference)
	@packages=$$(grep -rl --include='*_test.go' 'flag.Bool("update"' internal | xargs -r -n 1 dirname | sort -u | sed 's|^|./|'); \
	if [ -z "$$packages" ]; then echo 'no test has golden files'; else go test $$packages -update; fi

.PHONY: run
run: ## Serve the sample on http://localhost:8080
	go run ./cmd/dalil serve --sample

.PHONY: vuln
vuln: ## Known vulnerabilities that the code can reach
	.ci/vulnerabilities
