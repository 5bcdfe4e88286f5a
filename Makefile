# make run · make check · make test · make test-all · make train NAME=… · make evaluate NAME=… · make bench · make load N=100 · make space · make pages · make screenshot · make format · make redis · make pins · make audit

PYTHONS := 3.11 3.12 3.13
SUITS := import sys; sys.exit(f'{sys.version_info[0]}.{sys.version_info[1]}' not in '$(PYTHONS)'.split())
PYTHON ?= $(shell for p in $(PYTHONS:%=python%) python3 python; do \
	$$p -c "$(SUITS)" 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input
PYTEST := PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 4 --dist loadscope --no-loadscope-reorder -rfER
CONTRACTS := $(patsubst %,tests/test_%.py,tabs fields address exercises course finder javascript project models pythons readme workflows \
	every_question checkpoints cards mechanism spaces joint desk)
export GRADIO_SERVER_PORT ?= 7860

.PHONY: redis run test test-all check lint train evaluate bench load space pages screenshot format pins audit chromium name

run: .venv/.run
	$(BIN)/python app.py

test: lint
	@echo "About 12 to 15 minutes on two cores, by how fast they are."
	$(PYTEST) -m "not deep"

test-all: lint
	@echo "About two hours on two cores."
	$(PYTEST)

check: lint
	@echo "About two minutes on two cores."
	$(PYTEST) -q -m "not deep" $(CONTRACTS)

lint: .venv/.test chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deno fmt --check --quiet
	$(BIN)/deno lint --quiet
	$(BIN)/python -m tests.typed
	$(BIN)/python -m tests.js_types

train: .venv/.run name
	$(BIN)/python -m explorer.train $(NAME) $(ARGS)

evaluate: .venv/.run name
	$(BIN)/python -m explorer.evaluate $(NAME) $(ARGS)

bench: .venv/.test chromium
	$(BIN)/python -m tests.benchmarks.bench

load: .venv/.test
	$(BIN)/python -m tests.benchmarks.load --visitors $(or $(N),100) $(ARGS)

space: .venv/.test chromium
	$(BIN)/python -m tests.benchmarks.space

pages: .venv/.test chromium
	$(BIN)/python -m tests.benchmarks.pages

screenshot: .venv/.test chromium
	$(BIN)/python -m tests.screenshot

format: .venv/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/deno fmt --quiet

chromium: .venv/.test
	@$(BIN)/python -m tests.chromium

redis: .venv/.test
	@$(BIN)/python -m tests.redis_server

pins:
	$(PYTHON) -m tests.pins

audit: .venv/audit/bin/pip-audit
	$< --requirement constraints.txt --no-deps --disable-pip --strict $(ARGS)

name:
	@test -n "$(NAME)" || { echo "Say which model, as in: make train NAME=beta-vae-mnist"; exit 2; }

.venv/.run: requirements.txt constraints.txt
	@test -n "$(PYTHON)" || { echo "None of Python $(PYTHONS) was found. Name one, as in: make run PYTHON=/path/to/python3.12"; exit 2; }
	@$(PYTHON) -c "$(SUITS)" || { echo "$(PYTHON) is none of Python $(PYTHONS)."; exit 2; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.txt -c constraints.txt
	@touch $@

.venv/audit/bin/pip-audit: Makefile
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/pip install --disable-pip-version-check --no-input --quiet pip-audit==2.10.1
	@touch $@

.venv/.test: .venv/.run requirements-dev.txt
	$(PIP) -r requirements-dev.txt -c constraints.txt
	@touch $@
