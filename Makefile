# `make run` starts fitquiz, and `make test` tests fitquiz. The commands need GNU make and Python 3.11 or newer.
# make installs the packages of requirements.txt into .venv, and for tests also the packages of requirements-dev.txt.
# Both requirements files name exact versions, and pip checks the hash of each package.

PYTHON = python3
# make deletes the folder VENV. Therefore the command line cannot change VENV to another folder.
override VENV = .venv
PY = $(VENV)/bin/python
PIP_INSTALL = $(PY) -m pip install --disable-pip-version-check --no-input --quiet

# The command line can set these variables. Three examples:
# make admin ARGS="doctor"
# make test PYTEST_ARGS="-n 4"
# make requirements UPGRADE=1
ARGS =
PYTEST_ARGS = -n 2 --dist worksteal
UPGRADE =

# make writes one of these files at the end of each step. If the file is newer than the requirements file of the step,
# make skips the step. CREATED also contains the path of this folder.
CREATED = $(VENV)/.created
INSTALLED = $(VENV)/.installed
INSTALLED_DEV = $(VENV)/.installed-dev

# "stale" if .venv must be created again: its Python is missing, or the .venv comes from another folder.
VENV_STALE := $(shell test -x '$(PY)' && test "$$(cat '$(CREATED)' 2>/dev/null)" = "$$(pwd -P)" || echo stale)

# Shell code that prints the path of Chromium or Chrome, or nothing if neither is installed.
FIND_CHROMIUM = for name in "$${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
	"/Applications/Chromium.app/Contents/MacOS/Chromium" \
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
	if [ -n "$$name" ] && command -v "$$name"; then break; fi; done

# Shell code that prints the path of Firefox, or nothing if Firefox is not installed.
FIND_FIREFOX = for name in "$${FIREFOX:-}" firefox-esr firefox "/Applications/Firefox.app/Contents/MacOS/firefox"; do \
	if [ -n "$$name" ] && command -v "$$name"; then break; fi; done

# The browsers of the tests. Options of pytest can leave out Firefox and WebKit:
# make test PYTEST_ARGS="-n 2 --without-firefox --without-webkit"
BROWSERS = chromium $(if $(filter --without-firefox,$(PYTEST_ARGS)),,firefox) \
	$(if $(filter --without-webkit,$(PYTEST_ARGS)),,webkit)

.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help run demo admin test test-fast test-long bench lint format wheel requirements install install-dev chromium firefox webkit \
	clean stale

help:
	@echo "make run           install missing packages and start fitquiz"
	@echo "make demo          start fitquiz with the data of a made-up company"
	@echo "make admin         run a command for administrators: make admin ARGS='doctor'"
	@echo "make test          run all tests except the long tests; install missing browsers"
	@echo "make test-fast     run the tests that need no browser, except the long tests"
	@echo "make test-long     run the tests that take minutes"
	@echo "make bench         compare the speed of fitquiz with a bare Flask app (Linux only)"
	@echo "make lint          check code and templates"
	@echo "make format        format the code in the project's style"
	@echo "make wheel         build the wheel and the source archive in dist/"
	@echo "make requirements  pin the dependencies again (UPGRADE=1: to their newest versions)"
	@echo "make clean         remove .venv and all files that make created; keep the data in instance/"

run: $(INSTALLED)
	@exec $(PY) app.py $(ARGS)

demo: $(INSTALLED)
	@exec $(PY) -m fitquiz.cli.commands demo

# The shell reads ARGS. Therefore ARGS may contain quotes:
# make admin ARGS="staff add a@b.example --name 'Ada B' --permission hr"
admin: $(INSTALLED)
	@exec $(PY) -m fitquiz.cli.commands $(or $(ARGS),--help)

# `exec` replaces the shell by pytest. Without `exec`, pytest and the browsers would continue after a signal ends make.
test: $(INSTALLED_DEV) $(BROWSERS)
	@CHROMIUM="$$($(FIND_CHROMIUM))" && export CHROMIUM && echo "pytest with $$CHROMIUM" && \
		exec $(PY) -m pytest $(PYTEST_ARGS)

test-fast: $(INSTALLED_DEV)
	$(PY) -m pytest -m "not browser and not long" $(PYTEST_ARGS)

test-long: $(INSTALLED_DEV) $(BROWSERS)
	@CHROMIUM="$$($(FIND_CHROMIUM))" && export CHROMIUM && echo "pytest with $$CHROMIUM" && \
		exec $(PY) -m pytest -m long $(PYTEST_ARGS)

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

# uv writes the hashes of all files of a release. Therefore one list is valid for all platforms and Python versions.
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
		echo "fitquiz needs Python 3.11 or newer, and $(PYTHON) is missing: install Python, or name the Python program with make PYTHON=..." >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "fitquiz needs Python 3.11 or newer, and $(PYTHON) is $$('$(PYTHON)' --version 2>&1): install a newer Python, and name the Python program with make PYTHON=..." >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot create virtual environments: install Python's module venv (Debian and Ubuntu: apt install python3-venv)." >&2; \
		exit 1; }
	@echo "Creating $(VENV)"
	@'$(PYTHON)' -m venv --clear '$(VENV)'
	@pwd -P >$@

$(INSTALLED): requirements.txt $(CREATED)
	@echo "Installing requirements.txt (only the first time, and when the file changes)"
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@touch $@

# This target depends on $(INSTALLED), so that `make run` does not install packages again after `make test`.
# The editable install adds the command .venv/bin/fitquiz, which runs the code in this folder.
# pip does not download the build backend, because requirements-dev.txt contains the build backend.
$(INSTALLED_DEV): requirements-dev.txt pyproject.toml $(INSTALLED)
	@echo "Installing requirements-dev.txt (only the first time, and when the file changes)"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .
	@$(PY) -m pip check
	@touch $@

# On Debian, root can install browsers. `$(call INSTALL_FOR_TESTS,...)` installs packages.
CAN_INSTALL = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null
INSTALL_FOR_TESTS = echo "Installing $(1) for the browser tests"; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get update -qq </dev/null && apt-get install -qq -y --no-install-recommends $(1) </dev/null

# Playwright contains Node.js. Node.js needs the library libatomic1. A minimal Debian does not have this library.
BROWSER_WORKS = [ -n "$$($(FIND_CHROMIUM))" ] && $(PY) -m playwright --version >/dev/null 2>&1

chromium: $(INSTALLED_DEV)
	@if [ -n "$${CHROMIUM:-}" ] && ! command -v "$$CHROMIUM" >/dev/null; then \
		echo "CHROMIUM is $$CHROMIUM, but this program does not exist." >&2; exit 1; fi
	@if ! { $(BROWSER_WORKS); } && $(CAN_INSTALL); then \
		$(call INSTALL_FOR_TESTS,chromium fonts-noto-core libatomic1); fi
	@if ! { $(BROWSER_WORKS); }; then \
		echo "The browser tests need Chromium or Chrome. Install one of them (Debian: sudo apt install chromium libatomic1), or name the program of the browser: CHROMIUM=/path/to/chromium make test. The tests of make test-fast need no browser." >&2; \
		exit 1; fi

# With `make -j`, apt-get must not run twice at the same time. Therefore each target waits for the previous target.
firefox: | chromium
	@if [ -n "$${FIREFOX:-}" ] && ! command -v "$$FIREFOX" >/dev/null; then \
		echo "FIREFOX is $$FIREFOX, but this program does not exist." >&2; exit 1; fi
	@if [ -z "$$($(FIND_FIREFOX))" ] && $(CAN_INSTALL); then $(call INSTALL_FOR_TESTS,firefox-esr); fi
	@if [ -z "$$($(FIND_FIREFOX))" ]; then \
		echo "Some browser tests need Firefox. Install Firefox (Debian: sudo apt install firefox-esr), or name the program of Firefox: FIREFOX=/path/to/firefox make test. Or leave out the tests in Firefox: make test PYTEST_ARGS=\"-n 2 --without-firefox\"" >&2; \
		exit 1; fi

HAS_WEBKIT = command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null

webkit: | $(filter-out webkit,$(BROWSERS))
	@if ! { $(HAS_WEBKIT); } && $(CAN_INSTALL); then $(call INSTALL_FOR_TESTS,webkit2gtk-driver xvfb); fi
	@if ! { $(HAS_WEBKIT); }; then \
		echo "Some browser tests need WebKit, with the programs WebKitWebDriver and Xvfb. Install both (Debian: sudo apt install webkit2gtk-driver xvfb). Or leave out the tests in WebKit: make test PYTEST_ARGS=\"-n 2 --without-webkit\"" >&2; \
		exit 1; fi

clean:
	rm -rf '$(VENV)' dist build .mypy_cache .ruff_cache tests/.ruff_cache .pytest_cache .hypothesis .coverage htmlcov test-results
	find . -type d -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
