# Outreach: what you can ask for. Needs Python 3.11 or newer and make; everything else goes into .venv by itself.
#   make run     the whole office on this machine: web, scheduler, delivery   (Ctrl-C stops it)
#   make test    the checks and every test, a sample on PostgreSQL too; about six minutes
#   make check   style, types, imports                make prove   the long proofs, by hand
#   make crash   1,000 kills for each database while digests leave; the tables are kept in docs/crash.md
#   make bench   the benchmarks; make bench B=name for one of them

FITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c '$(FITS)' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
NEEDS := Outreach needs Python 3.11 or newer with venv: on Debian and Ubuntu, sudo apt-get install python3 python3-venv

.PHONY: run test check prove crash bench
.DEFAULT_GOAL := run
unexport PYTHONDONTWRITEBYTECODE  # each of the processes would translate every file anew

run: .venv/run.made
	@$(BIN)/python -m outreach serve

test: check
	@echo "test: every test on SQLite, a sample of them on PostgreSQL"
	@$(BIN)/python -m pytest -n 4 --dist worksteal -q

check: .venv/test.made
	@echo "check: ruff, mypy, import-linter"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy outreach config.py
	@$(BIN)/lint-imports --no-logo

prove: .venv/test.made
	@echo "prove: the long proofs"
	@$(BIN)/python -m pytest -q -m prove -o addopts="" --import-mode=importlib

crash: .venv/test.made
	@echo "crash: planners and workers are killed while digests leave, long"
	@$(BIN)/python -m tests.crash

bench: .venv/run.made
	@for run in benchmarks/$(or $(B),*)/run; do \
	  if [ -x "$$run" ]; then echo "bench: $$run"; PATH="$(CURDIR)/$(BIN):$$PATH" "$$run" || exit 1; \
	  else echo "bench: no benchmark at $$run"; fi; done

# One environment; the stamps say which requirements it holds. uv is used when it is there, because it is faster.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "$(NEEDS)"; exit 1; }
	@echo "making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "$(NEEDS)"; exit 1; }

INSTALL = @echo "installing $<"; if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BIN)/python -r $<; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -r $<; fi && touch $@

.venv/run.made: requirements.txt | .venv/bin/python
	$(INSTALL)

.venv/test.made: tests/requirements.txt requirements.txt | .venv/bin/python
	$(INSTALL)
