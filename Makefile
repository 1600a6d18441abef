# Everything below sets itself up: it needs Python 3.11 or newer with pip, and make.
# `make` alone lists the targets.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The first interpreter that is new enough; `make PYTHON=... test` names another.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PINS := pyproject.toml constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
READY := $(VENV)/.ready-test
READY_DEV := $(VENV)/.ready-dev
READY_DOCS := $(VENV)/.ready-docs

# Tests run in three processes: those in a browser mostly wait for it. The kernels are compiled before, once for all of them.

# Rooms whose every line a test must run, compiled bodies apart (their NumPy twins count).
GATED := src/foedus/blocs/*,src/foedus/obligations/*,src/foedus/war/*,src/foedus/kernels/*,src/foedus/power/*,src/foedus/security/*,src/foedus/formation/*

# Tests in which lines are counted. Counting costs a test half as much time again, so that those of the documentation, of the published data, in a
# browser and of rooms that are not gated run without.
COUNTED := tests/fuzz tests/property $(addprefix tests/unit/,blocs cli formation kernels obligations params power report security studies system war)
PYTEST := $(BIN)/python -m pytest --numprocesses=3 --dist=worksteal

# What `make page` writes: committed, so that the studio needs no Node.
PAGE := src/foedus/studio/page
# Where releases are built.
DIST := dist

.PHONY: help setup warm demo test lint types bench browser examples docs fuzz page page-check licences dist sbom release-check changelog clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F'|' '{ printf "%-19s %s\n", $$1, $$2 }'

setup: $(READY) warm ## create .venv, install foedus with its test tools, compile the kernels

demo: setup ## set up, then brief a bundled scenario (offline once set up)
	$(BIN)/foedus brief --in middle-east-2019
	@echo; echo 'The same on a web page of this machine, to ask and to change: $(BIN)/foedus studio'

test: $(READY) warm ## set up, then run the tests; every line of the gated rooms must be covered
	$(BIN)/coverage erase
ifdef ARGS
	$(PYTEST) --cov --cov-report= $(ARGS)
else
	@failed=; \
	echo "$(PYTEST) tests, but those of COUNTED"; $(PYTEST) tests $(COUNTED:%=--ignore=%) || failed=1; \
	echo "$(PYTEST) --cov $(COUNTED)"; $(PYTEST) --cov --cov-report= $(COUNTED) || failed=1; \
	test -z "$$failed"
endif
	$(BIN)/coverage report --include='$(GATED)' --fail-under=100

browser: $(READY) ## run the tests of the studio in a real browser (needs Chromium); GOLDENS=1 takes its pictures anew
	FOEDUS_UPDATE_GOLDENS=$(GOLDENS) $(PYTEST) tests/browser $(ARGS)

lint: $(READY_DEV) ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY_DEV) ## check types
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: setup ## run the benchmarks
	$(BIN)/python -m pytest benchmarks -o python_files='bench_*.py' -o python_functions='bench_*' --benchmark-only $(ARGS)

examples: $(READY) ## run every example of the documentation and of the docstrings
	$(BIN)/python -m pytest tests/docs $(ARGS)

docs: $(READY_DOCS) ## build the documentation's site into build/docs, without a network; a warning is an error
	$(BIN)/python -m sphinx -b html -W -n --keep-going -j auto -q -d build/doctrees $(ARGS) docs build/docs
	@echo 'Open $(CURDIR)/build/docs/index.html in a browser.' >&2

fuzz: $(READY) warm ## fuzz every reader for MINUTES=60 in all; keeps new inputs in fuzz/corpus, crashes in fuzz/crashes
	$(PIP) install -q -c constraints.txt -e '.[fuzz]'
	$(BIN)/python -m fuzz.all $(or $(MINUTES),60) $(TARGETS)

page: web/node_modules ## build the studio's page into src/foedus/studio/page (needs Node 20 or newer)
	cd web && npm run build

licences: $(READY) ## print the licence of every package that foedus needs, and fail where one is not allowed
	$(BIN)/python release/licences.py

dist: $(READY) ## build sdist and wheel of HEAD into dist/, twice, and fail unless both are the same bytes
	$(BIN)/python release/build.py --out $(DIST)

sbom: dist ## the same, and the wheel's bill of materials (CycloneDX) beside it; looks up checksums with pip
	$(BIN)/python release/sbom.py --wheel $(DIST)/foedus-*.whl

release-check: dist ## install the built wheel with its core alone into a fresh environment and run every command; ARGS='--data FOLDER' on data too
	$(BIN)/python release/check.py --wheel $(DIST)/foedus-*.whl $(ARGS)

changelog: $(READY) ## gather changelog.d under VERSION=X.Y.Z DATE=YYYY-MM-DD; ARGS=--draft only prints
	$(BIN)/python release/changelog.py '$(VERSION)' '$(DATE)' $(ARGS)

page-check: ## check and test the page's source, rebuild it, fail if the committed page differs
	cd web && npm ci && npm run check && npm test && npm run build
	@test -z "$$(git status --porcelain -- $(PAGE))" || { git status --short -- $(PAGE); \
		echo 'The committed page differs from its source: run make page and commit $(PAGE).' >&2; exit 1; }

web/node_modules: web/package-lock.json
	cd web && npm ci
	@touch $@

warm: $(READY) ## compile the kernels that users run; setup does it too
	@echo 'Compiling the kernels; the first time takes about half a minute.' >&2
	@$(BIN)/python -m foedus.studies.warm

clean: ## remove what the other targets made
	rm -rf $(VENV) web/node_modules dist build docs/generated fuzz/tried .pytest_cache .ruff_cache .hypothesis .benchmarks .coverage foedus-brief*
	find src tests benchmarks fuzz -name __pycache__ -type d -prune -exec rm -rf {} +

# Some systems ship Python without ensurepip: then the interpreter's own pip fills the environment.
$(BIN)/python:
	@test -n '$(PYTHON)' || { echo 'foedus needs Python 3.11 or newer; none was found. Name one: make PYTHON=/path/to/python3.11' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install -q pip; } || { rm -rf $(VENV); exit 1; }

$(READY): $(PINS) | $(BIN)/python
	@echo 'Installing foedus[test] into $(VENV); this takes a minute or two.' >&2
	$(PIP) install -q -c constraints.txt -e '.[test]'
	@touch $@

$(READY_DEV): $(PINS) | $(BIN)/python
	@echo 'Installing foedus[dev] into $(VENV); this takes a minute or two.' >&2
	$(PIP) install -q -c constraints.txt -e '.[dev]'
	@touch $@ $(READY) $(READY_DOCS)

$(READY_DOCS): $(PINS) | $(BIN)/python
	@echo 'Installing foedus[docs] into $(VENV); this takes a minute or two.' >&2
	$(PIP) install -q -c constraints.txt -e '.[docs]'
	@touch $@
