# Muster. `make` alone explains itself; `make setup` is implied wherever it is needed.
PYTHON ?= python3
JOBS ?= auto
BIN := .venv/bin
UV := $(BIN)/uv
READY := .venv/.ready
PACKAGES := muster mdm offline_sync appstore mobile_api admin_ui
COMPILE = $(UV) pip compile pyproject.toml --quiet --generate-hashes --no-emit-index-url \
	--no-emit-find-links --python-version 3.11 --custom-compile-command "make lock" $(UPGRADE)

ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)# one mirror serves both installers
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo shift test test-fast browser bench check lint style templates spelling rows types size format \
	docs openapi assets migrate wheel lock

help: ## Print this page
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Start
setup: $(READY) ## Make .venv and install exactly what requirements-dev.lock pins

$(READY): requirements-dev.lock pyproject.toml
	@rm -f $@
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Muster needs Python 3.11 or newer: make PYTHON=python3.11")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock | $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r /dev/stdin
	@$(UV) pip sync --quiet --require-hashes requirements-dev.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Run everything with a generated city and police force (ARGS="--port 8080")
	$(BIN)/muster demo $(ARGS)

shift: $(READY) ## Run one whole shift against a live server, then stop; fails at the first fault
	$(BIN)/muster demo --once $(ARGS)

##@ Try
test: $(READY) ## Run every test: SQLite, and PostgreSQL if MUSTER_TEST_DATABASE_URL is set
	$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

test-fast: $(READY) ## Run the unit tests on SQLite, stopping at the first failure
	env -u MUSTER_TEST_DATABASE_URL $(BIN)/python -m pytest -x -q tests/unit $(ARGS)

browser: $(READY) ## Run the console's tests in headless Chromium
	$(BIN)/python -m pytest -m browser $(ARGS)

bench: $(READY) ## Measure everything, or one thing (NAME=mdm.checkin)
	$(BIN)/python -m bench $(NAME)

##@ Check
check: lint types test ## Everything a change must pass

lint: style templates spelling rows size ## Style, templates, spelling, import rows, sizes (-k: show all)

style: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

templates: $(READY)
	$(BIN)/djlint --lint --quiet admin_ui/templates

spelling: $(READY)
	$(BIN)/codespell

rows: $(READY)
	$(BIN)/lint-imports

types: $(READY) ## mypy, strict
	$(BIN)/mypy

size: ## How long our files are
	@find $(PACKAGES) -name '*.py' -size +0 -not -path '*/node_modules/*' -not -path '*/migrations/*' -exec wc -l {} \; \
		| sort -n | awk '{n[NR] = $$1; f[NR] = $$2} END {if (NR) printf "%d files, median %d lines, 90th percentile %d, longest %d (%s)\n", \
		NR, n[int((NR + 1) / 2)], n[int(NR * 0.9 + 0.5)], n[NR], f[NR]}'

format: $(READY) ## Let ruff lay out and mend what it can
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

##@ Build
docs: $(READY) ## Build the documentation into site/
	$(BIN)/mkdocs build --strict --quiet

openapi: $(READY) ## Write one OpenAPI document per audience to docs/openapi/
	$(BIN)/muster openapi docs/openapi

assets: ## Build the console's styles and scripts (needs node; the result is committed)
	cd admin_ui/assets && npm ci --ignore-scripts && npm run build

migrate: $(READY) ## Bring the database in MUSTER_DATABASE_URL to the newest schema
	$(BIN)/muster db upgrade

wheel: $(READY) ## Build the wheel and the source archive into dist/
	$(BIN)/python -m hatchling build

lock: $(READY) ## Pin dependencies again (UPGRADE=--upgrade takes new versions)
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --output-file requirements-dev.lock
