# `make` lists what can be made here. Each target makes the environment it needs by itself.

PYTHON ?= python3
WORKERS ?= 2
TESTS ?= tests
DEMO_DIR ?= var/demo

RUN := .venv/bin
DEBIAN_DEMO := mosquitto espeak-ng
DEBIAN_SCREEN := libgl1 libegl1 libgles2 libgl1-mesa-dri libmtdev1
DEBIAN_TEST := $(DEBIAN_DEMO) $(DEBIAN_SCREEN) postgresql chromium gcc libc6-dev zbar-tools

demo_options = --directory '$(DEMO_DIR)' \
    $(if $(DEMO_PORT),--port $(DEMO_PORT)) \
    $(if $(DEMO_MQTT_PORT),--mqtt-port $(DEMO_MQTT_PORT)) \
    $(if $(filter-out 0,$(DEMO_HEADLESS))$(if $(DISPLAY)$(WAYLAND_DISPLAY),,1),--headless) \
    $(if $(filter-out 0,$(DEMO_TRAFFIC)),--traffic)

# Debian keeps the broker where only root's PATH looks.
export PATH := $(PATH):/usr/sbin:/sbin
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help env demo demo-reset test check bench pictures screens lock clean
.SILENT:

help: ## this list
	sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-20s%s\n", $$1, $$2 }'

env: ## .venv with everything in requirements.lock, and the fonts
	.ci/environment

demo: env ## a whole centre on this machine; DEMO_PORT DEMO_MQTT_PORT DEMO_DIR DEMO_HEADLESS=1 DEMO_TRAFFIC=1
	.ci/need $(DEBIAN_DEMO) $(DEBIAN_SCREEN)
	exec $(RUN)/motcua-hub demo $(demo_options)

demo-reset: env ## the same, with new data
	.ci/need $(DEBIAN_DEMO) $(DEBIAN_SCREEN)
	exec $(RUN)/motcua-hub demo --reset $(demo_options)

test: env ## all tests; TESTS=tests/hub for some, WORKERS=4 on a larger machine
	.ci/need $(DEBIAN_TEST)
	$(RUN)/python -m pytest -q --numprocesses $(WORKERS) --dist loadfile --ignore tests/bench $(TESTS)

check: env ## the quick ones: linter, format, types, import rules
	.ci/need $(DEBIAN_SCREEN)
	$(RUN)/ruff check --quiet
	$(RUN)/ruff format --check --quiet
	$(RUN)/mypy --no-error-summary
	$(RUN)/python -m pytest -q tests/architecture

bench: env ## how fast a ticket comes, how many at once
	.ci/need $(DEBIAN_TEST)
	$(RUN)/python -m tests.bench

pictures: env ## docs/pictures anew, from a running demo
	.ci/need $(DEBIAN_DEMO) $(DEBIAN_SCREEN) chromium
	$(RUN)/python -m tests.pictures.take

screens: env ## build/screens: every screen of the kiosk in every size, language, text, theme and mode
	.ci/need $(DEBIAN_SCREEN)
	$(RUN)/python -m tests.pictures.screens $(if $(PAIRS),--pairs)

lock: ## requirements.lock anew, from pyproject.toml
	PATH="$(CURDIR)/build/lock/bin:$$PATH"; \
	command -v uv >/dev/null || { $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip --quiet --quiet install uv; }; \
	uv --quiet pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header \
	    --universal --python-version 3.11 -o requirements.lock

clean: ## remove what was made; data in var/ stays
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
