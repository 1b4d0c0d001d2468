# Everything goes through these targets; `make help` lists them. Needed: Python 3.11 or newer and make, nothing else.
# Neither root, nor Docker, nor a system PostgreSQL is needed; as root it works too.

SHELL := /bin/sh
.DEFAULT_GOAL := help
# Empty: compiled code is kept, whatever the surroundings say; without it each process compiles all it imports again.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
LOCKS := deploy/locks
UV := UV_LINK_MODE=copy UV_HTTP_TIMEOUT=180 $(BIN)/uv pip install --quiet --python $(BIN)/python

.PHONY: help setup run test test-slow bench faults check-process-mining clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

# Without the scripts everything still works, if less smoothly; fetch.py says so, and set-up goes on.
setup: $(VENV)/.runtime ## build .venv from the hashed lock files, fetch the pages' scripts (instant the second time)
	@$(BIN)/python deploy/front_end/fetch.py || true

run: setup ## start everything on this machine; Ctrl-C stops it. HUIYIN_HOME and HUIYIN_PORT override
	@exec $(BIN)/huiyin up

# Two processes, each with servers of its own; the fixed hash seed makes both collect the tests in one order, which is
# kept: the longest files first (tests/conftest.py).
test: setup $(VENV)/.test ## check style, types and layers, then run the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PYTHONHASHSEED=0 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-slow: setup $(VENV)/.test ## run the tests that take long
	$(BIN)/python -m pytest -m slow

bench: setup ## measure this machine; docs/benchmarks.md tells what the figures mean
	$(BIN)/huiyin bench all

faults: $(VENV)/.test ## kill every part under load and check that nothing acknowledged is lost
	$(BIN)/python -m pytest tests/faults

# pm4py is AGPL: it stays in a Python of its own below build/, and nothing that runs imports it.
PM4PY := pm4py==2.7.23.11
check-process-mining: $(VENV)/.test ## let pm4py, in a Python of its own, read what `huiyin audit export` writes
	@test -x build/process-mining/bin/python || $(BIN)/python -m venv build/process-mining
	@UV_HTTP_TIMEOUT=180 $(BIN)/uv pip install --quiet --python build/process-mining/bin/python $(PM4PY)
	$(BIN)/python -m pytest tests/process_mining/check_pm4py.py

clean: ## remove .venv, fetched scripts and caches; the data in .huiyin stay
	rm -rf $(VENV) services/web/vendor tests/artefacts build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are newer than what they were made from, so that a second `make setup` does nothing.
# umask: PostgreSQL, which as root runs as another user, has to be able to read its own programs.

$(VENV)/.boot: $(LOCKS)/boot.lock
	@umask 022; python=; \
	for candidate in python3.13 python3.12 python3.11 python3; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "需要 Python 3.11 或更新版本。请安装后重试。 Python 3.11 or newer is needed; install it, then try again." >&2; exit 1; \
	fi; \
	echo "→ $(VENV) with $$($$python --version)"; \
	"$$python" -m venv $(VENV) || { \
	  echo "无法建立 $(VENV)。 $(VENV) could not be made; on Debian and Ubuntu install python3-venv, then try again." >&2; exit 1; \
	}; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/boot.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.boot $(LOCKS)/runtime.lock pyproject.toml
	@echo "→ what Huiyin runs on (about 400 MB at the first time)"
	@umask 022; $(UV) --compile-bytecode --require-hashes -r $(LOCKS)/runtime.lock
	@umask 022; $(UV) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime $(LOCKS)/test.lock
	@echo "→ what the tests need"
	@umask 022; $(UV) --compile-bytecode --require-hashes -r $(LOCKS)/test.lock
	@touch $@
