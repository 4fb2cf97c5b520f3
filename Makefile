# One door for people and for CI. `make demo` and `make test` are all a newcomer needs.

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	"$$p" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
# more workers than cores: many tests wait for processes
WORKERS ?= 3
CORE := bot/domain,bot/pricing,bot/signals,bot/strategy,bot/risk,bot/execution,bot/exchange
SHELLS := bot/exchange/server.py,bot/exchange/peer.py,bot/exchange/trace.py,bot/exchange/store.py
BESIDE_EITHER := tests/compat tests/contract tests/integration tests/unit/adapters/ib tests/unit/adapters/mqtt \
	tests/unit/exchange/wire/test_every_version.py
UV_FORM := --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 $(UV_FORM)

BASE_IMAGE ?= python:3.11-slim-bookworm

.PHONY: setup demo test successors outage foreign lint image image-test bench fuzz clean lock check-python

setup: .venv/.ready  ## make .venv with the locked run-time packages

check-python:
	@test -n "$(PYTHON)" || { echo "needs Python 3.11, 3.12 or 3.13 on the PATH"; exit 2; }

.venv/.ready: deploy/locks/default.txt pyproject.toml | check-python
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --no-deps --require-hashes -r deploy/locks/default.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

.venv/.ready-dev: .venv/.ready deploy/locks/dev.txt
	$(BIN)/pip install --quiet --no-deps --require-hashes -r deploy/locks/dev.txt
	@touch $@

demo: .venv/.ready  ## live through February 2018 on the paper exchange
	$(BIN)/alvh demo

lint: .venv/.ready-dev  ## format check, lint, imports, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

test: lint  ## everything a change must pass: lint, all tests, both coverage gates
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore=tests/container --cov --cov-branch --cov-report=
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --fail-under=100 \
		--include="$$(echo '$(CORE)' | sed 's|,|/*,|g')/*" --omit='$(SHELLS)'

# the publisher's conversation with a broker is tested beside the library it is made for
successors: .venv-successors/.ready  ## the tests beside ib_async, in an environment of its own
	.venv-successors/bin/python -m pytest -n $(WORKERS) --dist worksteal -p no:cacheprovider \
		--ignore-glob='tests/integration/test_mqtt*' $(BESIDE_EITHER)

.venv-successors/.ready: deploy/locks/successors.txt pyproject.toml | check-python
	test -x .venv-successors/bin/python || $(PYTHON) -m venv .venv-successors
	.venv-successors/bin/pip install --quiet --no-deps --require-hashes \
		-r deploy/locks/successors.txt
	.venv-successors/bin/pip install --quiet --no-deps --editable .
	@touch $@

outage: .venv/.ready-dev  ## a running bot whose MQTT broker is away for a minute
	OUTAGE_SECONDS=60 $(BIN)/python -m pytest -q -s tests/integration/test_mqtt_service.py

foreign: .venv/.ready-dev  ## other people's programs, from the index, trade on the exchange
	$(BIN)/python -m tests.foreign

image:  ## the service as a container image, on the digest of the newest base
	docker pull --quiet $(BASE_IMAGE)
	docker build --tag alvh-bot --label org.opencontainers.image.revision="$$(git rev-parse HEAD)" \
		--build-arg PYTHON_IMAGE="$$(docker inspect --format '{{index .RepoDigests 0}}' $(BASE_IMAGE))" .

image-test: .venv/.ready-dev  ## the image built and run; brings an engine up where none answers
	tests/container/engine.sh run $(BIN)/python -m pytest tests/container

bench: .venv/.ready-dev  ## measurements, as ratios against a baseline in the same run
	$(BIN)/python -m tests.bench

FUZZ_SECONDS ?= 600
FUZZ_DIR := build/fuzz

.venv-fuzz/.ready: deploy/locks/fuzz.txt | check-python
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/pip install --quiet --no-deps --require-hashes -r deploy/locks/fuzz.txt
	@touch $@

fuzz: .venv-fuzz/.ready  ## coverage-guided input for the wire, FUZZ_SECONDS long
	.venv-fuzz/bin/python -m tests.fuzz.seeds $(FUZZ_DIR)/corpus
	nice -n 19 .venv-fuzz/bin/python -m tests.fuzz $(FUZZ_DIR)/corpus \
		-artifact_prefix=$(FUZZ_DIR)/ -max_total_time=$(FUZZ_SECONDS) \
		-max_len=8192 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1

lock: .venv/.ready-dev  ## renew the lock files; new releases only after a week
	$(UV_COMPILE) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
		--extra ib --extra mqtt --extra analysis -o deploy/locks/default.txt
	$(UV_COMPILE) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
		--extra ib --extra mqtt -o deploy/locks/image.txt
	$(UV_COMPILE) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
		--extra ib --extra mqtt --extra analysis --extra dev -o deploy/locks/dev.txt
	cp deploy/locks/dev.txt deploy/locks/successors.txt  # so that it differs only where it must
	$(UV_COMPILE) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
		--extra ib-successor --extra mqtt-successor --extra test -o deploy/locks/successors.txt
	$(UV_COMPILE) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
		--extra ib --extra fuzz -o deploy/locks/fuzz.txt
	sed -n 's/^requires = \["\(.*\)"\]$$/\1/p' pyproject.toml | $(BIN)/uv pip compile - --universal \
		--python-version 3.11 $(UV_FORM) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
		-o deploy/locks/build.txt
	for program in thetagang ibkrbox; do \
		$(BIN)/uv pip compile deploy/foreign/$$program.in --python-version 3.11 \
			$(UV_FORM) --exclude-newer "$$(date -u -d '7 days ago' +%F)" \
			-o deploy/foreign/$$program.txt || exit 1; \
	done

clean:
	rm -rf .venv .venv-successors .venv-fuzz .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage .coverage.* build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
