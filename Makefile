# Everything a person does with this repository. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CARGO ?= cargo
TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),$(CURDIR)/target)

# The NCA's test material, where it is there; tests say NOT RUN where it is not.
ifndef TANBA_SHARED
ifneq ($(wildcard $(CURDIR)/../shared/fixtures),)
TANBA_SHARED := $(abspath $(CURDIR)/../shared)
endif
endif
ifdef TANBA_SHARED
export TANBA_SHARED
export TANBA_PYTHON ?= $(TARGET)/oracle-venv/bin/python
endif
export TANBA_PYHANKO ?= $(TARGET)/pyhanko-venv/bin/python

# One set of packages, targets and features in every step, so that nothing is compiled twice.
ALL := --workspace --all-targets --locked

.PHONY: help run release test test-full conformance guide soak bench fuzz lint format clippy house clean oracle build unit

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

run: ## Install what is missing, build, make a test key if there is no key, start the agent, open its page
	@sh installer/setup/needs.sh run
	@$(MAKE) release
	@installer/setup/run.sh "$(TARGET)/release"

release: ## Build the two programs, optimised
	$(CARGO) build --release --locked --package tanba --package tanba-signer

test: ## Install what the tests need and run them all
	@sh installer/setup/needs.sh test
	@$(MAKE) oracle build
	@installer/setup/test.sh "$(TARGET)" journeys

test-full: ## The same, with all three languages and Firefox
	@sh installer/setup/needs.sh full
	@$(MAKE) oracle build
	@installer/setup/test.sh "$(TARGET)" all-journeys

# The server that the test kit talks to, and further options (`tests/conformance/run.sh --help`).
URL ?= wss://127.0.0.1:13579
OPTIONS ?=

conformance: ## Hold any server against the NCALayer dialect, URL=wss://127.0.0.1:13579 OPTIONS=--person
	@tests/conformance/run.sh --url "$(URL)" $(OPTIONS)

guide: ## Make the pictures of the guide (docs/guide) anew, from the programs as they are
	@sh installer/setup/needs.sh test
	@$(MAKE) build
	@TANBA_GUIDE=make tests/e2e/run.sh "$(TARGET)/debug" all-journeys guide:

MINUTES ?= 60

soak: ## Load a real agent for MINUTES=60, and look whether anything leaks
	@$(CARGO) build --release --locked --package tanba --package tanba-signer --package tanba-bench
	@"$(TARGET)/release/tanba-bench" soak "$(TARGET)/release" "$(MINUTES)"

# What is measured: agent load tray window signing tokens primitives xml (all by default).
WHAT ?=

bench: ## Measure, and print figures and ratios, WHAT="tokens signing" or all
	@sh installer/setup/needs.sh bench
	@$(CARGO) build --release --locked --package tanba --package tanba-signer --package tanba-bench --package tanba-test-token
	@"$(TARGET)/release/tanba-bench" "$(TARGET)/release" $(WHAT)

# Seconds that each target runs; which targets (all of tests/fuzz/targets by default).
SECONDS ?= 60
TARGETS ?=

fuzz: ## Feed hostile bytes to every reader, SECONDS=60 to each of TARGETS="p12 cms ..." (tests/fuzz/README.md)
	@sh installer/setup/needs.sh fuzz
	@installer/setup/fuzz.sh "$(TARGET)/fuzz" "$(SECONDS)" "$(TARGETS)"

lint: format clippy house ## Formatting, clippy without a warning, the house's own rules

format:
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path tests/fuzz/Cargo.toml --check

clippy:
	$(CARGO) clippy $(ALL) --quiet -- -D warnings

house:
	$(CARGO) test --locked --quiet --package tanba-house-tests

build:
	$(CARGO) build $(ALL)

oracle:
	@sh installer/setup/oracle.sh "$(TARGET)/oracle-venv"
	@sh installer/setup/pyhanko.sh "$(TARGET)/pyhanko-venv"

clean: ## Remove everything that was built
	$(CARGO) clean
	rm -rf tests/e2e/node_modules tests/e2e/artefacts tests/fuzz/{artifacts,corpus,seeds}
