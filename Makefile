# Two commands for a fresh machine: `make demo` and `make test`. Each makes .venv and installs what it needs.
# A CPU-only or another build of torch: make demo PIP_ARGS='--index-url ... or --find-links ...'
PYTHON ?= python3
PIP_ARGS ?=
BIN := .venv/bin

.PHONY: demo test check fix bench clean
.DEFAULT_GOAL := test

.venv/runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cardaudit needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "this Python has no venv module: on Debian and Ubuntu, apt install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt --editable '.[reproduce,zoo]'
	@touch $@

.venv/dev: .venv/runtime
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt --group dev
	@touch $@

demo: .venv/runtime  ## Audits the cards of this repository, retrains the demo card, writes the reports.
	@$(BIN)/cardaudit lint cards --format concise --fail-on never
	@$(BIN)/cardaudit zoo cards --reproduce invoice-demo --seeds 3 --min-seeds 3 --output zoo --fail-on never
	@echo
	@echo "The demo card, retrained:  file://$(CURDIR)/zoo/cards/invoice-demo/report.html"
	@echo "All cards on one page:     file://$(CURDIR)/zoo/index.html"

test: .venv/dev  ## All tests.
	$(BIN)/python -m pytest -n auto

check: .venv/dev  ## Types, lint, format, import contracts.
	$(BIN)/mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

fix: .venv/dev  ## Format and mend what can be mended.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv dist audits zoo tests/actual
