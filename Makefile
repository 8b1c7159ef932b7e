# What a person can do with this folder; `make help` explains every target.
PYTHON ?= python3
RUN = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help demo serve test check fix lock screenshots

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

.PHONY: packages packages-dev
packages:
	@$(PYTHON) tools/bootstrap.py requirements.lock
packages-dev:
	@$(PYTHON) tools/bootstrap.py requirements-dev.lock

demo: packages  ## the demo company on 127.0.0.1:8501: install, seed, serve (again: starts in seconds, keeps the data)
	@$(RUN) manage.py demo

serve: packages  ## your own company: migrate and serve; the first start prints a set-up code
	@$(RUN) manage.py serve

test: packages-dev  ## everything: style, types, content, every test on SQLite, PostgreSQL and in the browser
	@set -e; \
	MUSTER_CHROMIUM=$$(sh tools/chromium.sh); export MUSTER_CHROMIUM; \
	$(RUN) -m ruff format --check .; \
	$(RUN) -m ruff check .; \
	$(RUN) -m mypy .; \
	$(RUN) manage.py check; \
	$(RUN) manage.py lint; \
	$(RUN) manage.py schema --check; \
	$(RUN) -m pytest -n auto --dist loadfile

check: packages  ## check the content files only; prints file:line:column code message
	@$(RUN) manage.py check

fix: packages-dev  ## format, mend what ruff can, write the JSON Schemas
	@$(RUN) -m ruff format . ; $(RUN) -m ruff check --fix . ; $(RUN) manage.py schema

screenshots: packages-dev  ## take the pictures of README.md anew, of a demo company in a temporary folder
	@set -e; MUSTER_CHROMIUM=$$(sh tools/chromium.sh); export MUSTER_CHROMIUM; $(RUN) tools/screenshots.py

lock:  ## write the lock files anew from requirements*.txt (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.txt -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.txt -o requirements-dev.lock
