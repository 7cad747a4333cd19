# make run · make test · make lint · make bench · make clean
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
NODE := $(shell command -v node 2>/dev/null)
NPM := $(shell command -v npm 2>/dev/null)
CHROMIUM := $(shell command -v chromium 2>/dev/null)
TSC := tests/js/node_modules/.bin/tsc

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test lint bench clean python-checks script-types script-tests browser

# What cannot be had is skipped with a shout; with BACKPROP_NOTHING_SKIPPED set (as in CI) that is an error.
skip = { printf '\n*** SKIPPED: %s ***\n\n' $(1) >&2; [ -z "$$BACKPROP_NOTHING_SKIPPED" ]; }

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1 — /p' Makefile

run: .venv/run ## serve the page and open a browser (PORT=8000, HOST=127.0.0.1)
	@$(BIN)/backprop serve --host $(HOST) --port $(PORT) --open

test: .venv/test ## every check and every test; one that fails does not keep the others from running
	@failed=""; \
	for check in python-checks script-types script-tests browser; do $(MAKE) $$check || failed="$$failed $$check"; done; \
	[ -z "$$failed" ] || echo "failed so far:$$failed" >&2; \
	echo "== pytest"; \
	$(BIN)/python -m pytest -q --numprocesses=auto --maxprocesses=4 --dist=loadscope && [ -z "$$failed" ]

lint: python-checks script-types ## ruff, mypy --strict and tsc --strict

bench: .venv/test browser ## measure: ratios to plain numpy, to ready-made bytes, to an empty page
	@$(BIN)/python -m tests.bench.engine
	@$(BIN)/python -m tests.bench.train
	@$(BIN)/python -m tests.bench.request
	@$(BIN)/python -m tests.bench.frames
	@$(BIN)/python -m tests.bench.hover
	@$(BIN)/python -m tests.bench.edit
	@$(BIN)/python -m tests.bench.sizes
	@$(BIN)/python -m tests.bench.train_page
	@$(BIN)/python -m tests.bench.viewers

clean: ## remove everything that make has made
	@rm -rf .venv dist tests/js/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

python-checks: .venv/test
	@echo "== ruff"
	@$(BIN)/ruff check --quiet . && echo "no complaints"
	@echo "== mypy --strict"
	@$(BIN)/mypy

ifeq ($(and $(NODE),$(NPM)),)
script-types:
	@$(call skip,'no node with npm: the types of static/js were not checked')
else
script-types: tests/js/node_modules/.installed
	@echo "== tsc --strict"
	@$(TSC) -p tests/js && $(TSC) -p tests/js/tsconfig.tests.json && echo "no complaints"
endif

script-tests:
ifeq ($(NODE),)
	@$(call skip,'no node: the tests of static/js did not run')
else
	@echo "== node --test"
	@files=$$(find tests/js -name node_modules -prune -o -name '*.test.js' -print | sort); \
	said=$$($(NODE) --import ./tests/js/modules.js --test --test-reporter=spec $$files 2>&1) || { echo "$$said"; exit 1; }; \
	echo "$$said" | sed -n 's/^[^ ]* \(tests\|pass\|skipped\) /\1 /p' | paste -s -d ' '
endif

# Chromium: the one that is there, else Debian's, else Playwright's own.
browser: .venv/test
ifneq ($(CHROMIUM),)
	@:
else
	@echo "== Chromium"
	@if [ -f /etc/debian_version ] && [ "$$(id -u)" = 0 ]; then \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null; \
	else \
	  $(BIN)/playwright install chromium; \
	fi || $(call skip,'no Chromium: the browser tests cannot run')
endif

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=… says which" >&2; exit 1; }
	@echo "== .venv"
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; exit 1; }

.venv/run: pyproject.toml | $(BIN)/python
	@echo "== the package and what it needs"
	@$(PIP) install --editable .
	@touch $@

.venv/test: pyproject.toml | $(BIN)/python
	@echo "== the package and what its tests need"
	@$(PIP) install --editable '.[test]'
	@touch .venv/run $@

tests/js/node_modules/.installed: tests/js/package.json tests/js/package-lock.json
	@echo "== npm: what checks static/js"
	@cd tests/js && $(NPM) ci --no-fund --no-audit --no-update-notifier --loglevel=error >/dev/null
	@touch $@
