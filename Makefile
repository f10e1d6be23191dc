# `make help` lists the targets.
SEEDS ?= 1
RUN ?= runs/demo$(if $(filter-out 1,$(SEEDS)),_$(SEEDS)_seeds)
WORKERS ?= 2
PYTHON ?=
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

export PYTHON
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test test-long notebooks figures lab clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## create .venv, if it is not up to date
	@sh scripts/set_up.sh

demo: setup  ## train on Catch, compare with chance (SEEDS=5; OVERWRITE=1)
	@$(BIN)/twm_train --game Catch --preset tiny --run $(RUN) --seeds $(SEEDS) \
	  $(if $(OVERWRITE),--overwrite)
	@$(BIN)/twm_eval $(RUN) --episodes 300 --random

test test-long notebooks figures: export OMP_NUM_THREADS = 1

test: setup  ## all tests, except those that take minutes each
	@echo '1/3 Do notebooks, package and README agree?'
	@$(BIN)/python scripts/check_sync.py
	@echo '2/3 Does every notebook run?'
	@$(BIN)/nbdev_test --n_workers $(WORKERS)
	@echo '3/3 Tests of the package'
	@$(PYTEST) -m 'not long' --durations=20

test-long: setup  ## the tests that take minutes each
	@$(PYTEST) -m long --timeout 7200

notebooks: setup  ## run all notebooks, store outputs; renew package and README
	@$(BIN)/nbdev_export
	@$(BIN)/python scripts/run_notebook.py --jobs $(WORKERS)
	@$(BIN)/nbdev_clean
	@$(BIN)/nbdev_export
	@$(BIN)/python scripts/make_stubs.py
	@$(BIN)/python scripts/readme_from_index.py

figures: setup  ## the paper's figures and tables, into figures/ (RUNS=runs: ours too)
	@$(BIN)/python scripts/make_figures.py $(if $(RUNS),--runs $(RUNS)) \
	  $(if $(DOWNLOAD),--download)

lab: setup  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab nbs/index.ipynb --ServerApp.root_dir=. \
	  --ContentsManager.pre_save_hook=nbdev.clean.clean_jupyter

clean:  ## remove build products and caches; .venv and runs stay
	@rm -rf build dist *.egg-info .pytest_cache .hypothesis
	@find nbs tests scripts twm_nb \( -name __pycache__ -o -name .ipynb_checkpoints \) \
	  -prune -exec rm -rf {} +
