# `make help` lists the targets. Needs Debian 12, Swift 6.2 or later, git and make; the rest is fetched.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# Where `make demo` writes.
OUT ?= out
# Model for `make demo`: a checkpoint, its name, or none; empty: the one that ships.
MODEL ?=
# Runs only the tests whose name matches, as in `make test TEST_FILTER=DamagedVideo`.
TEST_FILTER ?=
# Seconds for each fuzzer.
FUZZ_SECONDS ?= 20
# Rounds of the benchmarks.
ROUNDS ?= 5

# A module that imports another one without declaring it fails the build.
BOUNDARIES = --explicit-target-dependency-import-check error
# Demo, tests and fuzzers share one release build, and so its flags: other flags would compile everything again.
RELEASE = -c release $(BOUNDARIES) -Xswiftc -enable-testing
VTRACK = .build/release/vtrack
# What is installed runs without a Swift toolchain and is compiled without what only tests need: a build of its own, so
# that it does not make the other one compile everything again.
STATIC = -c release $(BOUNDARIES) --static-swift-stdlib --scratch-path .build/static
STAGED = .build/static/release/vtrack

bindir = $(DESTDIR)$(PREFIX)/bin
sharedir = $(DESTDIR)$(PREFIX)/share

.DEFAULT_GOAL := help
.PHONY: help build demo test bench fuzz format lint stage install uninstall clean dependencies test-dependencies

help: ## List these targets
	@echo 'make demo     installs missing packages, builds, tracks the clip that ships with vtrack'
	@echo 'make test     the same set-up, then all tests'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dependencies:
	@scripts/install-dependencies.sh

test-dependencies:
	@scripts/install-dependencies.sh --tests

build: dependencies ## Build the program (release) at .build/release/vtrack
	$(SWIFT) build $(RELEASE) --product vtrack

demo: build ## Track demo/demo.mp4 and print the summary; results in OUT (default out/)
	@mkdir -p $(OUT)
	$(VTRACK) run demo/demo.mp4 --boxes demo/gt/gt.txt --classes 1,3 $(if $(MODEL),--model $(MODEL)) \
		--out $(OUT)/tracks.txt --report $(OUT)/report.json --annotate $(OUT)/demo.mp4
	@echo
	@echo 'Wrote $(OUT)/tracks.txt, $(OUT)/report.json and $(OUT)/demo.mp4 (the clip with boxes, numbers and trails).'

test: test-dependencies ## Run all tests, or those that match TEST_FILTER
	$(SWIFT) build $(RELEASE) --product vtrack
	$(SWIFT) test $(RELEASE) --disable-testable-imports --disable-xctest $(if $(TEST_FILTER),--filter '$(TEST_FILTER)')

bench: dependencies ## Measure the engine and the assignment against their peers in PYTHON, ROUNDS times
	scripts/bench.sh $(ROUNDS)

fuzz: test-dependencies ## Run each fuzzer for FUZZ_SECONDS (default 20)
	scripts/fuzz.sh $(FUZZ_SECONDS)

format: ## Format all Swift code in place
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift $(wildcard Benchmarks/Sources Benchmarks/Package.swift)

lint: ## Check the format of the code, the shell scripts and the manual page
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift $(wildcard Benchmarks/Sources Benchmarks/Package.swift)
	@for script in scripts/*.sh .ci/run; do bash -n $$script || exit 1; done
	@if command -v mandoc >/dev/null; then mandoc -T lint -W warning docs/vtrack.1; fi

$(STAGED): Package.swift $(shell find Sources -type f)
	@scripts/install-dependencies.sh
	$(SWIFT) build $(STATIC) --product vtrack
	@touch $@

stage: $(STAGED) ## Build what install installs, as in `make stage && sudo make install`

install: $(STAGED) ## Install program, model, configs, completions and manual page below PREFIX (default /usr/local)
	install -d $(bindir) $(sharedir)/vtrack/configs $(sharedir)/vtrack/models $(sharedir)/man/man1 \
		$(sharedir)/bash-completion/completions $(sharedir)/zsh/site-functions $(sharedir)/fish/vendor_completions.d
	install -s -m 755 $(STAGED) $(bindir)/vtrack
	install -m 644 configs/*.yaml $(sharedir)/vtrack/configs/
	install -m 644 Models/vtrack-tiny.safetensors $(sharedir)/vtrack/models/
	install -m 644 docs/vtrack.1 $(sharedir)/man/man1/vtrack.1
	$(STAGED) --generate-completion-script bash >$(sharedir)/bash-completion/completions/vtrack
	$(STAGED) --generate-completion-script zsh >$(sharedir)/zsh/site-functions/_vtrack
	$(STAGED) --generate-completion-script fish >$(sharedir)/fish/vendor_completions.d/vtrack.fish

uninstall: ## Remove what install put below PREFIX
	rm -f $(bindir)/vtrack $(sharedir)/man/man1/vtrack.1 $(sharedir)/bash-completion/completions/vtrack \
		$(sharedir)/zsh/site-functions/_vtrack $(sharedir)/fish/vendor_completions.d/vtrack.fish
	rm -rf $(sharedir)/vtrack

clean: ## Remove everything that was built
	rm -rf .build Benchmarks/.build $(OUT)
