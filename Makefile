# The front door. `make demo`, `make test` and `make serve` need Python >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
READY  := $(VENV)/.ready
NODE   := $(VENV)/.node-ready
DRIVER := $(VENV)/.browser-ready

.PHONY: help setup demo serve web web-test browser browser-driver test lint fmt types arrows docs bench check lock services-start services-stop clean

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'

$(READY): requirements/dev.lock requirements/fonts.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/fonts.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

setup: $(READY) ## make the virtual environment from the lock files

demo: $(READY) ## one sale to a filed, archived contract, in out/demo; CITY=huangshi walks one through the whole service
	$(VENV)/bin/qianshu demo $(if $(CITY),--city $(CITY))

$(NODE): $(READY) requirements/web.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/web.lock
	@touch $(NODE)

$(DRIVER): $(READY) requirements/browser.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/browser.lock
	@touch $(DRIVER)

web: $(NODE) ## build the pages, if they are missing or stale
	$(PY) scripts/build_pages.py

web-test: web ## types and logic of the pages
	$(PY) scripts/web.py types test

browser-driver: $(DRIVER) ## what drives Chromium in tests

browser: web $(DRIVER) ## the pages driven in Chromium; pictures of each in out/screenshots
	$(PY) -m pytest tests/browser
	$(PY) scripts/check_pictures.py

serve: $(READY) web ## the whole service on this machine, the outside world and the pages included
	$(VENV)/bin/qianshu serve

# In the order of tests/conftest.py: long stories come first, and short tests fill in what is left at the end.
test: $(READY) ## every test this machine can run; what needs more is skipped visibly
	$(PY) -m pytest -n auto --dist loadscope --no-loadscope-reorder

fmt: $(READY) ## format the code
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix-only --quiet .

lint: $(READY) ## ruff, and the arrows between rooms
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/lint-imports

types: $(READY) ## strict types
	$(VENV)/bin/mypy

docs: $(READY) ## fail if a generated document is stale
	$(PY) scripts/check_docs.py
	$(PY) scripts/generate_lifecycle_docs.py --check
	$(PY) scripts/generate_openapi.py --check
	$(PY) scripts/generate_rules_docs.py --check

bench: $(READY) ## speed and memory, side by side, as ratios
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	$(PY) -m bench

check: lint types docs test ## what CI holds

lock: ## renew the lock files (hashes, no host)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/dev.in -o requirements/dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/runtime.in -o requirements/runtime.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-deps requirements/fonts.in -o requirements/fonts.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/web.in -o requirements/web.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/dev.lock requirements/browser.in -o requirements/browser.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/dev.lock requirements/bench.in -o requirements/bench.lock

services-start: ## PostgreSQL, RabbitMQ and MinIO on loopback; then eval "$$(scripts/services.sh env)"
	scripts/services.sh start

services-stop: ## stop them and throw their data away
	scripts/services.sh stop

clean: ## remove what was made
	rm -rf out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
