# The commands of this repository; `make help` lists them. Each sets up what it needs by itself.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
ARGS ?=
FUZZ_SECONDS ?= 20
SOAK_SECONDS ?= 7200
# The machine may carry other tool chains first in PATH; what Debian packages is what we build with.
export PATH := /usr/sbin:/usr/bin:/sbin:/bin:$(PATH)
export JOBS

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup build run test bench fuzz fuzz-planted soak lint format sanitize chart image-check clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 20

setup:  ## Install every Debian package that any of the commands needs
	@scripts/setup.sh build test bench lint fuzz chart

build:  ## Build build/release/bin/crier and crierctl
	@scripts/setup.sh build
	@test -f build/release/build.ninja || \
	  cmake --preset release -DCRIER_TESTS=OFF -DCRIER_BENCH=OFF
	@cmake --build --preset release --parallel $(JOBS) --target crier crierctl

run: build  ## Build and run crier with its defaults, or with ARGS="--config FILE.yaml"
	@scripts/run.sh build/release/bin/crier $(ARGS)

test:  ## Build everything and run every test
	@scripts/setup.sh build test
	@cmake --preset release -DCRIER_TESTS=ON -DCRIER_BENCH=ON >/dev/null
	@cmake --build --preset release --parallel $(JOBS)
	@echo "test: skipped what needs helm: make chart does it, with a recent Go"
	@scripts/run_tests.sh release

bench:  ## Measure crier beside its peers; ARGS=--help says what can be chosen
	@scripts/setup.sh build test bench
	@cmake --preset release -DCRIER_TESTS=ON -DCRIER_BENCH=ON >/dev/null
	@cmake --build --preset release --parallel $(JOBS)
	@bench/run.sh $(ARGS)

fuzz:  ## Run each fuzz target for FUZZ_SECONDS (20 if not given)
	@scripts/setup.sh build fuzz
	@cmake --preset fuzz -DCRIER_FUZZ_SECONDS=$(FUZZ_SECONDS) >/dev/null
	@cmake --build --preset fuzz --parallel $(JOBS) --target crier_fuzz_targets
	@scripts/run_tests.sh fuzz --timeout $$(($(FUZZ_SECONDS) + 120))

fuzz-planted:  ## Show that each fuzz target finds a planted bug within a minute
	@scripts/setup.sh build fuzz
	@scripts/fuzz_planted.sh

soak:  ## Run crier under mixed load for SOAK_SECONDS (7200 if not given): does it grow?
	@scripts/setup.sh build test
	@cmake --preset release -DCRIER_TESTS=ON >/dev/null
	@cmake --build --preset release --parallel $(JOBS) --target crier crierctl e2e_stubs
	@scripts/soak.sh $(SOAK_SECONDS)

lint:  ## Check format, style, include directions and sizes
	@scripts/setup.sh build test lint
	@scripts/lint.sh

format:  ## Format every C++ file in place
	@scripts/setup.sh lint
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

sanitize:  ## Run the tests under ASan and UBSan, then under TSan
	@scripts/setup.sh build test
	@scripts/sanitize.sh

chart:  ## Check the Helm chart, its rules and its dashboards; needs a recent Go
	@scripts/setup.sh build chart
	@test -f build/release/build.ninja || \
	  cmake --preset release -DCRIER_TESTS=OFF -DCRIER_BENCH=OFF
	@cmake --build --preset release --parallel $(JOBS) --target crier config_schema
	@scripts/chart.sh

image-check:  ## Build the Dockerfile without a container engine, and try what comes out
	@scripts/setup.sh test image
	@scripts/image_check.sh

clean:  ## Remove everything that was built
	rm -rf build
