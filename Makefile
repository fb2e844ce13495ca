# `make` says what there is; `make test` sets up what the tests need and runs them all.
CARGO ?= cargo
SHARED ?= ../shared
REPLAY = $(SHARED)/registry/replay.py
SERVE = ./target/debug/ripectl sandbox serve --listen 127.0.0.1:0 --ephemeral --load {base} --accounts {accounts} --settings {settings}

.PHONY: help build test unit replay battery example keyring chain faults bench lint dist

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

build: ## builds the program
	$(CARGO) build

test: unit replay battery ## runs every test

unit: ## the tests that need nothing but Rust, and those over what `make chain` has installed
	$(CARGO) test

replay: build ## the recordings of the real registry, where ../shared is at hand
	@if [ -x $(REPLAY) ] && command -v python3 >/dev/null; then tests/replay.sh $(REPLAY) "$(SERVE)"; \
	else echo "skipped: the recordings ($(REPLAY)) or python3 are not here"; fi

battery: build ## cases from public reports, where ../shared is at hand
	@if [ -f $(SHARED)/battery/run.sh ]; then tests/battery.sh $(SHARED)/battery/run.sh "$(CURDIR)/target/debug/ripectl"; \
	else echo "skipped: the battery ($(SHARED)/battery/run.sh) is not here"; fi

example: build ## the example network, planned, applied and validated against the embedded registry
	./target/debug/ripectl apply --registry sandbox --yes

keyring: ## the keyring of the operating system, where dbus-run-session and gnome-keyring-daemon are at hand
	$(CARGO) test --features keyring --test keyring

chain: ## the gate over a real CA, validator, router and IRR, which it installs (some minutes, the first time)
	.ci/components.sh
	$(CARGO) test --test chain -- --nocapture

faults: ## every fault at every request of an apply: a quarter of an hour, and as long with a process each
	RIPECTL_FAULTS=all $(CARGO) test --test matrix --test faults -- --nocapture

bench: ## how requests, CPU and memory of a plan grow, and the gate beside what other programs take
	$(CARGO) build --release
	bench/requests.py target/release/ripectl
	bench/gate.py target/release/ripectl
	bench/routes.py 100 > target/routes.db
	$(CARGO) run --quiet --release --target-dir target --manifest-path bench/routes/Cargo.toml -- target/routes.db

lint: ## formatting, lints and documentation
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps

dist: ## the program as it is released: small and slow to build
	$(CARGO) build --profile dist
