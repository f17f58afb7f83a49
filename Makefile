# Two commands for people: `make run` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run install test fast check bench learn lock wheel clean

PYTHON ?= python3
PORT ?= 8490
SERVE ?= 1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cleaner needs Python 3.11 or newer (PYTHON=python3.12 make ...)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3-venv is missing: sudo apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

install: $(STAMP)  ## make .venv and install (run and test do it themselves)

run: $(STAMP)  ## clean the example pages, publish feeds/, serve them (SERVE=0 only publishes, PORT=8490)
	@$(BIN)/cleaner update examples
	@echo "read:      feeds/index.html, feeds/all.atom"
	@echo "explained: $(BIN)/cleaner explain tests/pages/reposted-port.txt"
	@if [ "$(SERVE)" != 0 ]; then echo "subscribe: http://127.0.0.1:$(PORT)/feeds/all.atom"; exec $(BIN)/cleaner serve --port $(PORT); fi

test: $(STAMP)  ## all tests
	@$(BIN)/python -m pytest -q -n 2

fast: $(STAMP)  ## the tests that take seconds: without faults, and without sources over HTTP
	@$(BIN)/python -m pytest -q -n 2 -m "not slow" --ignore=tests/faults --ignore=tests/unit/collect

check: $(STAMP)  ## lint, types, imports
	@$(BIN)/ruff check cleaner tests
	@$(BIN)/ruff format --check --quiet cleaner tests
	@$(BIN)/mypy
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/lint-imports

bench: $(STAMP)  ## measure accuracy and speed (needs the bench pages: $$CLEANER_SHARED, by default ../shared)
	@$(BIN)/python -m tests.benchmark

learn: $(STAMP)  ## train the labeller anew (twenty minutes; needs the bench pages)
	@$(BIN)/cleaner learn --data $${CLEANER_SHARED:-../shared}/bench --folds tests/benchmark/folds

lock: $(STAMP)  ## lock the versions anew
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev -o requirements.lock pyproject.toml

wheel: $(STAMP)  ## build the wheel into dist/
	@$(BIN)/python -m build --no-isolation --wheel --outdir dist . >/dev/null && ls dist/*.whl

clean:  ## take away what was made (feeds and state too)
	rm -rf $(VENV) state dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis feeds/*.atom feeds/*.html feeds/*.opml
