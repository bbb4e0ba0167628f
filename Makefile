# What a person does with this project. Every target sets up what it needs first; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:

BIN := .venv/bin
# The stamp .ci/setup leaves when the environment is what requirements.txt and pyproject.toml say.
SETUP := .venv/.complete
# More words for the command behind a target: make test-fast ARGS="-k numbers"
ARGS ?=

# What each tool looks at. Folders that do not exist (yet) are left out, for the tools stumble over them.
PYTHON_FILES := $(wildcard ingest yusuan tests dashboards benchmarks)
TYPED := $(wildcard ingest yusuan dashboards)
SQL_FILES := $(wildcard models macros tests)
YAML_FILES := $(wildcard dbt_project.yml .pre-commit-config.yaml .yamllint.yaml \
	ingest models seeds macros tests profiles dashboards)

# Its worker processes end with a warning about semaphores that means nothing to anyone here.
SQLFLUFF := PYTHONWARNINGS=ignore:resource_tracker $(BIN)/sqlfluff

say = printf '\033[1m%s\033[0m\n'

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: $(SETUP) ## make .venv from the lock file (every target below does it when needed)
	@echo '.venv is ready.'

$(SETUP): requirements.txt pyproject.toml .ci/setup
	@.ci/setup

.PHONY: build
build: $(SETUP) ## build the warehouse from data/parsed and publish it
	@$(BIN)/yusuan build $(ARGS)

.PHONY: test
test: lint ## all checks and all tests, as CI runs them
	@$(say) 'pytest'
	@$(BIN)/pytest -n auto $(ARGS)

.PHONY: test-fast
test-fast: $(SETUP) ## only the tests that take seconds
	@$(BIN)/pytest -m 'not slow' $(ARGS)

.PHONY: benchmark
benchmark: $(SETUP) ## how fast documents are read, as ratios measured in one run (minutes)
	@$(BIN)/python -m benchmarks.parsing $(ARGS)

.PHONY: lint
lint: $(SETUP) ## formatters (checking only), linters, types
	@$(say) 'ruff format'
	@$(BIN)/ruff format --check $(PYTHON_FILES)
	@$(say) 'ruff check'
	@$(BIN)/ruff check $(PYTHON_FILES)
	@$(say) 'mypy'
	@$(BIN)/mypy $(TYPED)
	@$(say) 'yamlfix'
	@$(BIN)/yamlfix --check $(YAML_FILES)
	@$(say) 'yamllint'
	@$(BIN)/yamllint --strict $(YAML_FILES)
	@$(say) 'sqlfluff'
	@$(SQLFLUFF) lint --processes 2 --disable-progress-bar $(SQL_FILES)

.PHONY: format
format: $(SETUP) ## let the formatters rewrite Python, SQL and YAML (what they cannot mend, make lint says)
	@$(BIN)/ruff format $(PYTHON_FILES)
	@$(BIN)/ruff check --fix-only $(PYTHON_FILES)
	@$(BIN)/yamlfix $(YAML_FILES)
	@$(SQLFLUFF) fix --quiet --processes 2 --disable-progress-bar $(SQL_FILES) || test $$? -eq 1

.PHONY: hooks
hooks: $(SETUP) ## run the checks before every commit (git hook by pre-commit)
	@$(BIN)/pre-commit install

# Universal: one lock for every platform and for Python 3.11 on. The header names this target,
# not the command, for that would carry the paths of whoever ran it.
.PHONY: lock
lock: $(SETUP) ## resolve pyproject.toml anew into requirements.txt (UPGRADE=1: newest versions)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
		$(if $(UPGRADE),--upgrade) --group dev pyproject.toml -o requirements.txt

.PHONY: docs
docs: $(SETUP) ## the documentation as one site that works from disk: warehouse/site/index.html
	@$(BIN)/yusuan docs $(ARGS)

.PHONY: cookbook
cookbook: $(SETUP) ## write the answers of docs/cookbook anew from the published file; then read the change
	@$(BIN)/python -m yusuan.cookbooks

# Superset wants other versions than we do: it lives in warehouse/superset with a lock file of its own.
.PHONY: superset
superset: $(SETUP) ## Superset with our dashboards, on http://127.0.0.1:8088 (PORT=…); the first time some minutes
	@dashboards/superset/start

.PHONY: superset-lock
superset-lock: $(SETUP) ## resolve dashboards/superset/requirements.in anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make superset-lock' \
		$(if $(UPGRADE),--upgrade) dashboards/superset/requirements.in -o dashboards/superset/requirements.txt

.PHONY: clean
clean: ## remove what the tools left; .venv and the warehouse stay
	@rm -rf target logs .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	@find $(wildcard ingest yusuan tests) -name __pycache__ -prune -exec rm -rf {} +
