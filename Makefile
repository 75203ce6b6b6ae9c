# Recipes, each written once and called by people, hooks and CI. `make help` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
LOCK := --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet
WEB_PORT ?= 8000
LUCCA_PORT ?= 8001
MAIL_PORT ?= 8002

.PHONY: help
help:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up -----------------------------------------------------------------------------------------

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Cards needs Python 3.11 or later; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip --quiet --disable-pip-version-check install uv 2>&1 | grep -v WARNING || test -x $(UV)

.stamps/python: requirements.txt requirements-dev.txt pyproject.toml | $(UV)
	@mkdir -p .stamps
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements.txt requirements-dev.txt
	@$(UV) pip install --quiet --no-deps --python $(BIN)/python --editable .
	@touch $@

.stamps/npm: package.json package-lock.json .npmrc | .stamps/python
	@mkdir -p .stamps
	@$(BIN)/python -m tools.npm ci --no-progress --loglevel=error
	@touch $@

.stamps/messages: $(shell find cards -name '*.po' 2>/dev/null) | .stamps/python
	@$(BIN)/python -m tools.messages compile
	@touch $@

.PHONY: setup
setup: .stamps/python .stamps/npm .stamps/messages  ## install everything from the lock files, into this folder only

.PHONY: lock
lock: | $(UV)  ## renew the lock files from pyproject.toml
	$(UV) pip compile pyproject.toml $(LOCK) -o requirements.txt
	$(UV) pip compile pyproject.toml --group dev $(LOCK) -c requirements.txt -o requirements-dev.txt

# --- use --------------------------------------------------------------------------------------------

.PHONY: demo
demo: setup  ## start everything with a pretend Lucca; SMOKE=1 does the main job by itself and stops
	@$(if $(SMOKE),rm -rf .demo/smoke; )exec $(BIN)/python -m demo $(if $(SMOKE),--smoke --folder .demo/smoke) \
		--web-port $(WEB_PORT) --lucca-port $(LUCCA_PORT) --mail-port $(MAIL_PORT)

.PHONY: statistics-smoke
statistics-smoke: setup  ## send statistics to a fresh pretend Lucca twice, under both readings of its arrays
	@$(BIN)/python -m demo.statistics_smoke

.PHONY: demo-reset
demo-reset:  ## forget the demo's data
	@rm -rf .demo && echo "The demo's data are gone; make demo starts anew."

# --- keep right -------------------------------------------------------------------------------------

.PHONY: format
format: setup  ## let the formatter and the linter mend what they can
	@$(BIN)/ruff check --quiet --fix --exit-zero . && $(BIN)/ruff format --quiet .

.PHONY: messages
messages: setup  ## collect the texts to translate into the .po files
	@$(BIN)/python -m tools.messages collect

.PHONY: interfaces
interfaces: setup  ## renew docs/interfaces.md from the code
	@$(BIN)/python -m tools.interfaces write

.PHONY: roles
roles: setup  ## renew docs/roles.md from the code
	@$(BIN)/python -m tools.roles write

.PHONY: check
check: setup  ## formatter, linter, types, import contracts, migrations, messages, templates, requirements, roles, isolation
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache | tail -4
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/cards makemigrations --check --dry-run
	$(BIN)/python -m tools.messages check
	$(BIN)/python -m tools.templates
	$(BIN)/python -m tools.requirements --quiet
	$(BIN)/python -m tools.interfaces check
	$(BIN)/python -m tools.roles check
	$(BIN)/python -m tools.isolation

.PHONY: test
test: setup  ## the suite on SQLite, within five minutes; without a browser
	$(BIN)/pytest -n auto --dist worksteal -m "not long and not browser" $(ARGS)

.PHONY: test-browser
test-browser: setup  ## journeys and accessibility in a real browser (Chromium), on SQLite
	$(BIN)/pytest -n auto --dist worksteal -m "browser and not long" $(ARGS)

.PHONY: test-postgresql
test-postgresql: setup  ## the same suite on a throw-away PostgreSQL server
	$(BIN)/python -m tools.postgresql $(BIN)/pytest -n auto --dist worksteal -m "not long and not browser" $(ARGS)

.PHONY: test-redis
test-redis: setup  ## the tests of runs with the queue in a throw-away Redis
	$(BIN)/python -m tools.redis $(BIN)/pytest -m "not long" tests/cards/runs $(ARGS)

.PHONY: contract
contract: setup  ## our beliefs about Lucca, also against a real one (docs/lucca-api.md)
	$(BIN)/pytest tests/contract -p no:randomly $(ARGS)

.PHONY: beliefs
beliefs: setup  ## renew the table of docs/lucca-api.md
	@PYTHONPATH=. $(BIN)/python -m tests.contract.table

.PHONY: independent-reader
independent-reader: setup  ## the pretend Lucca, read by a client that Lucca wrote (docs/simulator.md)
	@$(BIN)/python -m tools.independent_reader $(ARGS)

.PHONY: test-long
test-long: setup  ## the long matrices on both databases, about an hour (docs/reliability.md)
	$(BIN)/pytest -m long $(ARGS)
	$(BIN)/python -m tools.postgresql $(BIN)/pytest -m long $(ARGS)

.PHONY: bench
bench: setup  ## the import side by side with a floor and with other tools, into docs/bench.md (about an hour)
	@$(BIN)/python -m tools.bench $(ARGS)

.PHONY: requirements
requirements: setup  ## the founding document's statements and the tests that hold them
	@$(BIN)/python -m tools.requirements
