# What can be done here; `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench bench-reading pictures clean

help:
	@echo "make setup     the environment: a virtual environment with pinned, hash-checked packages"
	@echo "make run       the desk with its demo, at http://127.0.0.1:8000"
	@echo "make test      every test; as root it installs the Debian packages they need"
	@echo "make check     style, types, floors, and both example policies"
	@echo "make bench     every promised figure, measured; fails where one falls short"
	@echo "make bench-reading  how well messages are read: each figure beside its target"
	@echo "make pictures  the pictures in docs/"
	@echo "make clean     remove the environment and what tests left; the desk's own var/ stays"

setup: $(VENV)/installed

run: $(VENV)/installed
	@$(BIN)/evenhand serve --demo

test: $(VENV)/developing
	@$(BIN)/python scripts/test.py

check: $(VENV)/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy evenhand
	$(BIN)/lint-imports
	$(BIN)/evenhand policy check examples/policies/americommerce.md
	$(BIN)/evenhand policy check examples/policies/sparkpay.md

bench: $(VENV)/developing
	$(BIN)/python -m bench

bench-reading: $(VENV)/developing
	$(BIN)/python -m bench.reading

pictures: $(VENV)/developing
	$(BIN)/python scripts/pictures.py

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp says that this set of packages was installed, so a second start asks nobody anything.
$(VENV)/installed: requirements-build.lock requirements.lock pyproject.toml
	@$(PYTHON) scripts/new_environment.py $(VENV)
	@echo "Installing packages; this happens once."
	@$(PIP) --require-hashes -r requirements-build.lock -r requirements.lock
	@$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
