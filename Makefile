# One command from a fresh checkout: `make start`. It needs Python 3.11 or newer and make, nothing else.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v $$name && break; done)
BIN := .venv/bin
READY := .venv/.ready
# The files in the order of tests/conftest.py, not those of most tests first.
PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder
# What failed beside other tests on a busy machine has to pass alone; the first run has named it.
AGAIN := $(BIN)/pytest --last-failed --last-failed-no-failures none

.PHONY: start open test check bench hardening docs screenshots lock clean
.DELETE_ON_ERROR:

start: $(READY)  ## Start everything and open the browser.
	@$(BIN)/designer start --open

open: $(READY)  ## Let another browser in while Designer runs.
	@$(BIN)/designer open

test: check  ## Everything that has to hold: style, types, layers, tests, a real browser.
	$(BIN)/pytest $(PARALLEL) -m "not slow" --ignore tests/browser || $(AGAIN)
	$(BIN)/pytest $(PARALLEL) tests/browser || $(AGAIN)

check: $(READY)  ## Style, types and layers.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## Ratios against plain scripts.
	$(BIN)/python -m tests.benchmarks

hardening: $(READY)  ## Try every row of bad inputs, faults and loads; write docs/hardening.md.
	$(BIN)/python -m tests.hardening.report

docs: $(READY)  ## Write docs/modules.md and designer/sdk/modules.pyi from the modules, docs/messages.md from the source.
	@$(BIN)/python -m designer.sdk.stub > designer/sdk/modules.pyi.partial
	@mv designer/sdk/modules.pyi.partial designer/sdk/modules.pyi
	@$(BIN)/designer modules --markdown > docs/modules.md
	@$(BIN)/python -m tests.messages > docs/messages.md

screenshots: $(READY)  ## Take the pictures of the README anew, in both themes (needs chromium).
	@$(BIN)/python -m tests.screenshots

lock: $(READY)  ## Write down the versions that are installed now.
	$(BIN)/pip list --format=freeze --exclude-editable --exclude pip --exclude setuptools --exclude wheel --exclude pip-tools > requirements.lock

clean:  ## Remove what was built; data in .designer stays.
	rm -rf .venv .web .tools

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { echo "Designer needs Python 3.11 or newer with its venv module;" \
		"none was found. On Debian and Ubuntu: apt install python3-venv. Elsewhere: make PYTHON=/path/to/python."; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@echo "Designer: installing what it needs into .venv"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
