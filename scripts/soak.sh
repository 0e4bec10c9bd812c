#!/usr/bin/env bash
# Runs build/release/bin/crier under mixed load for SECONDS, and says whether it grew.
# Usage: scripts/soak.sh SECONDS
set -euo pipefail

release=$PWD/build/release
export CRIER=$release/bin/crier CRIERCTL=$release/bin/crierctl CRIER_SOURCE=$PWD
export PYTHONPATH=$release/tests/e2e/generated:$PWD/tests/e2e:$PWD/tests/soak
exec /usr/bin/python3 -B tests/soak/soak.py "$1"
