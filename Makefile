# fitquiz: `make run` starts it, `make test` tests it. Needs GNU make, Python 3.11 or newer, and nothing else.
# Everything is installed into .venv, from requirements*.txt, pinned and checked by hash.

PYTHON = python3
# Wiped when it is stale and by `make clean`, so it can't be pointed elsewhere.
override VENV = .venv
PY = $(VENV)/bin/python
PIP_INSTALL = $(PY) -m pip install --disable-pip-version-check --no-input --quiet

# Given on the command line: make admin ARGS="doctor", make test PYTEST_ARGS="-n 4", make requirements UPGRADE=1
ARGS =
PYTEST_ARGS = -n 2
UPGRADE =

# Stamps inside .venv: newer than the file they were made from means there is nothing to do.
CREATED = $(VENV)/.created
INSTALLED = $(VENV)/.installed
INSTALLED_DEV = $(VENV)/.installed-dev

# A .venv whose Python is gone, or that was copied or moved here from another folder, is made anew.
VENV_STALE := $(shell test -x '$(PY)' && test "$$(cat '$(CREATED)' 2>/dev/null)" = "$$(pwd -P)" || echo stale)

# Prints the Chromium to use, or nothing.
FIND_CHROMIUM = for name in "$${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
	"/Applications/Chromium.app/Contents/MacOS/Chromium" \
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
	if [ -n "$$name" ] && command -v "$$name"; then break; fi; done

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help run demo admin test test-fast test-long bench lint format wheel requirements install install-dev chromium clean stale

help:
	@echo "make run           install what is missing and start fitquiz"
	@echo "make demo          start fitquiz with a made-up company in it"
	@echo "make admin         run a command of administrators: make admin ARGS='doctor'"
	@echo "make test          all tests but the long ones; gets Chromium if it is missing"
	@echo "make test-fast     the tests that need no browser"
	@echo "make test-long     the tests that take minutes"
	@echo "make bench         measure it beside a bare Flask app (Linux)"
	@echo "make lint          check code and templates"
	@echo "make format        rewrite the code in the project's style"
	@echo "make wheel         build the packages into dist/"
	@echo "make requirements  pin the dependencies again (UPGRADE=1: to their newest versions)"
	@echo "make clean         remove all that make made, .venv too; data in instance/ stays"

run: $(INSTALLED)
	@exec $(PY) app.py $(ARGS)

demo: $(INSTALLED)
	@exec $(PY) -m fitquiz.cli.commands demo

# The shell reads ARGS, so quotes in it work: make admin ARGS="staff add a@b.example --name 'Ada B' --permission hr"
admin: $(INSTALLED)
	@exec $(PY) -m fitquiz.cli.commands $(or $(ARGS),--help)

test: $(INSTALLED_DEV) chromium
	@CHROMIUM="$$($(FIND_CHROMIUM))" && export CHROMIUM && echo "pytest with $$CHROMIUM" && $(PY) -m pytest $(PYTEST_ARGS)

test-fast: $(INSTALLED_DEV)
	$(PY) -m pytest -m "not browser and not long" $(PYTEST_ARGS)

test-long: $(INSTALLED_DEV) chromium
	@CHROMIUM="$$($(FIND_CHROMIUM))" && export CHROMIUM && echo "pytest with $$CHROMIUM" && \
		$(PY) -m pytest -m long $(PYTEST_ARGS)

bench: $(INSTALLED_DEV)
	@$(PY) -m tests.benchmarks $(ARGS)

lint: $(INSTALLED_DEV)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m djlint --lint templates

format: $(INSTALLED_DEV)
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

wheel: $(INSTALLED_DEV)
	rm -rf dist
	$(PY) -m build --no-isolation --outdir dist .

# The hashes are those of every file of a release, so that one list serves all platforms and Python versions.
COMPILE = $(PY) -m uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make requirements" \
	$(if $(UPGRADE),--upgrade) pyproject.toml

requirements: $(INSTALLED_DEV)
	$(COMPILE) --extra metrics --extra postgres --extra xlsx --output-file requirements.txt
	$(COMPILE) --extra metrics --extra postgres --extra xlsx --extra test --extra dev --constraints requirements.txt \
		--output-file requirements-dev.txt

install: $(INSTALLED)

install-dev: $(INSTALLED_DEV)

$(CREATED): $(if $(VENV_STALE),stale)
	@command -v '$(PYTHON)' >/dev/null || { \
		echo "fitquiz needs Python 3.11 or newer, and there is no $(PYTHON): install it, or name another one with make PYTHON=..." >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "fitquiz needs Python 3.11 or newer, and $(PYTHON) is $$('$(PYTHON)' --version 2>&1): install a newer one, and name it with make PYTHON=..." >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) can't make virtual environments: install that part of it (Debian and Ubuntu: apt install python3-venv)." >&2; \
		exit 1; }
	@echo "Creating $(VENV)"
	@'$(PYTHON)' -m venv --clear '$(VENV)'
	@pwd -P >$@

$(INSTALLED): requirements.txt $(CREATED)
	@echo "Installing requirements.txt (only the first time, and when it changes)"
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@touch $@

# Comes after $(INSTALLED), so that `make run` finds nothing to do after `make test`. The package itself is installed as
# a pointer to this folder, for the fitquiz command; its build backend is one of the pinned requirements.
$(INSTALLED_DEV): requirements-dev.txt pyproject.toml $(INSTALLED)
	@echo "Installing requirements-dev.txt (only the first time, and when it changes)"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@$(PY) -m pip check
	@touch $@

# Playwright drives the browser with a Node.js of its own, which on a small Debian lacks libatomic1.
BROWSER_WORKS = [ -n "$$($(FIND_CHROMIUM))" ] && $(PY) -m playwright --version >/dev/null 2>&1

chromium: $(INSTALLED_DEV)
	@if [ -n "$${CHROMIUM:-}" ] && ! command -v "$$CHROMIUM" >/dev/null; then \
		echo "CHROMIUM names $$CHROMIUM, and there is no such program." >&2; exit 1; fi
	@if ! { $(BROWSER_WORKS); } && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq </dev/null && \
		apt-get install -qq -y --no-install-recommends chromium fonts-noto-core libatomic1 </dev/null; fi
	@if ! { $(BROWSER_WORKS); }; then \
		echo "The browser tests need Chromium or Chrome: install it (Debian: sudo apt install chromium libatomic1), or name it with CHROMIUM=/path/to/it make test; make test-fast does without." >&2; \
		exit 1; fi

clean:
	rm -rf '$(VENV)' dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage htmlcov test-results
	find . -type d -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
