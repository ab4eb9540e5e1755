# Everything sets itself up; only python3 (3.11 or newer, with venv) and make must be there.

PYTHON ?= python3
RUN := .venv/bin
DEV := .venv-dev/bin
CASE ?= geneva-2026

export NUMBA_CACHE_DIR := $(shell $(PYTHON) tools/kernel_digest.py)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test lock docs serve-docs bench peers clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/stamp ## make the environment in .venv

demo: .venv/stamp ## analyse the shipped case and write its brief (CASE=name for another)
	$(RUN)/servanda brief $(CASE)
	@echo "The brief: $(CURDIR)/$(CASE)-brief.html (open it in any browser; it needs no network)"

test: .venv-dev/stamp ## run every check: format, lint, types, layers, tests, docs, spelling
	$(DEV)/ruff format --check .
	$(DEV)/ruff check .
	$(DEV)/mypy
	$(DEV)/lint-imports --cache-dir .cache/import-linter
	$(DEV)/pytest -n 2 --dist worksteal
	$(DEV)/sphinx-build -W -q -b html -d .cache/sphinx docs docs/_build/html
	$(DEV)/codespell

docs: .venv-dev/stamp ## build the documentation into docs/_build/html
	$(DEV)/sphinx-build -W -q -b html -d .cache/sphinx docs docs/_build/html

serve-docs: docs ## show the documentation on this machine only
	$(DEV)/python -m http.server --bind 127.0.0.1 --directory docs/_build/html 8000

bench: .venv-dev/stamp peers ## run the benchmarks, against others' programs where they can be had
	@set -e; for file in benchmarks/bench_*.py; do \
	  [ -e "$$file" ] || continue; echo "== $$file"; $(DEV)/python "$$file"; done

# Programs of others live in an environment of their own; without them the benchmarks go on.
peers:
	@$(MAKE) --no-print-directory .venv-peers/stamp || echo "The peers are not to be had here."

LOCK := .venv-dev/bin/uv pip compile --universal --fork-strategy fewest \
  --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
  --no-emit-find-links --quiet $(LOCKFLAGS)

lock: .venv-dev/stamp ## pin the dependencies anew (LOCKFLAGS=--upgrade for newer ones)
	$(LOCK) pyproject.toml --extra build -o requirements.lock
	$(LOCK) pyproject.toml --extra build --extra dev -o requirements-dev.lock
	$(LOCK) benchmarks/requirements.in -o benchmarks/requirements.lock

clean: ## remove what was built; environments too
	rm -rf .venv .venv-dev .venv-peers .cache docs/_build build dist

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Servanda needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r $<
	$(@D)/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
endef

.venv/stamp: requirements.lock pyproject.toml
	$(install)

.venv-dev/stamp: requirements-dev.lock pyproject.toml
	$(install)

# Some of what the peers need comes as source only, so wheels are not asked for.
.venv-peers/stamp: benchmarks/requirements.lock
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r $<
	@touch $@
