# What a newcomer and CI do. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

JOBS ?= 2
PORT ?= 8069
MLLP_PORT ?= 2575
DATA ?= data
# Package.swift looks at folders, so its cached answer may be stale: it is touched and asked anew.
# Exclusive access to memory is checked while debugging and testing; the release build spends nothing on it.
RELEASE := --manifest-cache none -c release --product baton -j $(JOBS) -Xswiftc -no-whole-module-optimization -Xswiftc -enforce-exclusivity=unchecked
LINTED := $(wildcard Sources Apps Formats Connectors Tests Benchmarks) Package.swift

# A package carries Swift's libraries, so that a machine needs none. It is built in a folder of its own: in one with the everyday build each would
# make the other anew.
PACKAGES ?= .build/packages

.PHONY: help setup build run test check-clients check-browser format lint tidy fuzz reliability package check-package bench clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that Baton needs
	@scripts/setup

build: setup ## build the program: .build/release/baton, with the joined web client beside it
	@touch Package.swift
	swift build $(RELEASE)
	scripts/client-bundle .build/release/client

run: build ## install, build, and serve the demo on http://127.0.0.1:8069 with its data in ./data
	exec .build/release/baton serve --data $(DATA) --port $(PORT) --mllp-port $(MLLP_PORT) --demo

test: ## install what the tests need and run every test
	@scripts/test

check-clients: ## run the tests with real clients (odoorpc, FHIR, MLLP, mail) against the built program
	@scripts/setup --tests
	@touch Package.swift
	swift build --manifest-cache none --product baton -j $(JOBS)
	Tests/Clients/run

check-browser: ## run the web client's tests in Chromium: journeys, accessibility, screenshots in .build/browser
	@scripts/setup --tests
	@touch Package.swift
	swift build --manifest-cache none --product baton -j $(JOBS)
	Tests/Browser/run

format: ## rewrite the Swift sources as swift-format wants them
	swift format --in-place --parallel --recursive $(LINTED)

lint: ## complain about Swift that swift-format would rewrite
	swift format lint --strict --parallel --recursive $(LINTED)

tidy: ## check budgets, imports, documentation, links and words
	@touch Package.swift
	swift build --manifest-cache none --build-tests -j $(JOBS)
	scripts/swift-tests TidyTests

fuzz: ## fuzz each parser of ours for a minute (SECONDS_EACH=60)
	@scripts/setup --tests
	Tests/Fuzz/run $(or $(SECONDS_EACH),60)

reliability: build ## kill -9, power loss, many nodes, a failing cluster, full disk, clocks, recovery, and a long fuzz (over an hour)
	@scripts/setup --reliability
	.venv/bin/python Tests/Reliability/kill9.py
	.venv/bin/python Tests/Reliability/powerloss.py
	.venv/bin/python Tests/Reliability/diskfull.py
	.venv/bin/python Tests/Reliability/clock.py
	.venv/bin/python Tests/Reliability/pitr.py
	.venv/bin/python Tests/Reliability/nodes.py
	.venv/bin/python Tests/Reliability/nodes.py --operations 3000 --seconds 240 --control
	.venv/bin/python Tests/Reliability/restart.py
	.venv/bin/python Tests/Reliability/ha.py
	Tests/Fuzz/run $(or $(SECONDS_EACH),120)

package: setup ## build the Debian package: .build/packages/baton_VERSION_ARCH.deb
	@touch Package.swift
	swift build $(RELEASE) --static-swift-stdlib --scratch-path .build/static
	@mkdir -p $(PACKAGES)
	scripts/package .build/static/release/baton $(PACKAGES)

check-package: package ## install the package into a clean Debian (debootstrap) and run it there; needs root
	@scripts/setup --tests
	.venv/bin/python Tests/Packaging/install.py $(PACKAGES)/baton_*.deb

bench: build ## measure requests/s, CPU, commits/s, start and memory against Benchmarks/thresholds.json (STORE=postgres, GROWTH=1, PEER=URL)
	@scripts/setup --tests
	Benchmarks/run --store $(or $(STORE),sqlite) $(if $(GROWTH),--growth) $(if $(PEER),--peer $(PEER) $(PEER_OPTIONS))
	BATON_BINARY=$(CURDIR)/.build/release/baton Tests/Browser/run test_budget

clean: ## remove what was built; ./data stays
	rm -rf .build .venv
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
