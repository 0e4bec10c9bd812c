#!/usr/bin/env bash
# Checks the Helm chart with the tools that will meet it: helm, Kubernetes's schemas and its judge of
# pods, promtool, and crier for the configuration. tests/chart/ says what is checked.
set -euo pipefail

scripts/chart/tools.sh
export CRIER_SOURCE=$PWD CRIER=$PWD/build/release/bin/crier
export CONFIG_SCHEMA=$PWD/build/release/bin/config_schema
for program in "$CRIER" "$CONFIG_SCHEMA"; do
  if [[ ! -x $program ]]; then
    echo "chart: $program is not built" >&2
    exit 3
  fi
done
cd tests/chart
exec python3 -B -m unittest discover --pattern 'test_*.py'
