# Everything a developer types. Needs only Python 3.11 or newer, make and git: the rest is installed here.
PYTHON ?= python3
# The part of the tests to run, how many at once, and more words for pytest: make test T=tests/registrations ARGS="-x"
T ?= tests
WORKERS ?= 2
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
RUN := $(VENV)/.requirements
DEV := $(VENV)/.requirements-dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Without compiled files a start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Use it

.PHONY: run
run: export DEMO ?= 1
run: $(RUN) ## Start web server and worker with demonstration data on PORT (8000); Ctrl-C stops both
	@exec $(BIN)/python -m app.supervisor

.PHONY: demo
demo: export DEMO ?= 1
demo: $(RUN) ## Load the demonstration year into the database
	@$(BIN)/flask demo load

##@ Check it

.PHONY: sure
sure: lint test ## Everything: lint, then test

.PHONY: test
test: $(DEV) ## Run the tests, or one part: make test T=tests/registrations
	@sh tests/system-tools.sh
	@$(BIN)/python -m pytest $(T) --numprocesses $(WORKERS) --dist loadgroup $(ARGS)

.PHONY: lint
lint: $(DEV) ## Format, code, types, import rules, templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet app

.PHONY: types
types: $(DEV) ## Types only
	$(BIN)/mypy

.PHONY: arch
arch: $(DEV) ## Import rules and the guards of tests/architecture only
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest tests/architecture -q

.PHONY: bench
bench: $(DEV) ## The benchmarks, each as a ratio to a floor measured in the same run
	@$(BIN)/python -m tests.bench

##@ Change it

.PHONY: fix
fix: $(DEV) ## Repair what ruff can repair, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: migration
migration: $(DEV) ## Write the next numbered migration: make migration m="events: add a banner"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="events: add a banner"' >&2; exit 2; }
	@next=$$(printf '%04d' $$(( $$(ls migrations/versions | grep -c '^[0-9]*_.*\.py$$') + 1 ))); \
	scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	export DEMO=1 INSTANCE_PATH="$$scratch" DATABASE_URL=; \
	$(BIN)/flask db upgrade && \
	$(BIN)/flask db migrate --rev-id "$$next" --message "$(m)" && \
	basename migrations/versions/"$$next"_*.py .py > migrations/.current-alembic-head && \
	cat migrations/.current-alembic-head

.PHONY: lock
lock: $(DEV) ## Pin requirements*.in again, with hashes; nothing younger than a week
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--exclude-newer "7 days" requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
		--exclude-newer "7 days" requirements-dev.in -o requirements-dev.txt

.PHONY: clean
clean: ## Back to a fresh clone: removes .venv, instance/ with its data, and caches
	rm -rf $(VENV) instance .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find app migrations tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	rm -rf __pycache__

# ------------------------------------------------------------------------------------------ environment

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] \
		+ ": make PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python lacks venv (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements.txt | $(BIN)/python
	@echo "Installing requirements.txt …"
	@$(PIP) -r requirements.txt
	@touch $@

# --no-compile: Python compiles what the tests import when they do; compiling all of it takes longer than installing it.
$(DEV): requirements-dev.txt $(RUN)
	@echo "Installing requirements-dev.txt …"
	@$(PIP) --no-compile -r requirements-dev.txt
	@touch $@
