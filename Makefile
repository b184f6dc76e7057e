# make lab    opens the course in JupyterLab          make test       everything that CI runs
# make bench  measures, as ratios                     make notebooks  executes and normalises the notebooks
# make site   all notebooks as web pages, in site/
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOLVED := $(CURDIR)/build/solved
ROOT_FLAG := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)
LAB_FLAGS ?=
WORKERS ?= 2
export OMP_NUM_THREADS ?= 1
export MPLBACKEND = agg

.PHONY: help setup lab test lint unit notebooks-check browser notebooks bench site clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(STAMP) ## make .venv and install what is pinned in constraints.txt

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

lab: setup ## open the first notebook in JupyterLab
	$(BIN)/python -m jupyterlab $(ROOT_FLAG) $(LAB_FLAGS) $(firstword $(sort $(wildcard notebooks/*.ipynb)))

test: lint unit notebooks-check browser ## all tests

lint: setup ## style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

unit: setup ## the package, without browser
	$(BIN)/python -m pytest -p no:nbval -n $(WORKERS) --dist worksteal -m "not browser and not slow"

notebooks-check: setup ## every cell of every notebook, from a fresh kernel, for a learner who has solved everything
	$(BIN)/python -m tests.notebooks.solved "$(SOLVED)"
	DLCOURSE_DATA_DIR="$(SOLVED)" $(BIN)/python -m pytest --nbval --nbval-cell-timeout=120 -n $(WORKERS) --dist loadfile notebooks

browser: setup ## labs in a real JupyterLab and a real Chromium
	$(BIN)/python -m pytest -p no:nbval -n $(WORKERS) --dist worksteal -m browser tests/browser

notebooks: setup ## execute and normalise the notebooks
	$(BIN)/python tools/notebooks.py

bench: setup ## frame cost of the labs, key press to pixels, NumPy engine against PyTorch; ratios in one run
	$(BIN)/python -m tests.benchmarks

site: setup ## the course as web pages, in site/
	$(BIN)/python tools/website.py

clean: ## remove what make made
	rm -rf $(VENV) dist build site .pytest_cache .ruff_cache .hypothesis
