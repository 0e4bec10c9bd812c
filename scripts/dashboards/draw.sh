#!/usr/bin/env bash
# Draws docs/dashboards/*.png from real nodes that a real Prometheus scrapes; takes two minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

scripts/setup.sh build test dashboards
mkdir -p docs/dashboards
export CRIER_SOURCE=$PWD CRIER=$PWD/build/release/bin/crier CRIERCTL=$PWD/build/release/bin/crierctl
export PYTHONPATH=$PWD/tests/e2e:$PWD/build/release/tests/e2e/generated
exec /usr/bin/python3 -B scripts/dashboards/draw.py docs/dashboards
