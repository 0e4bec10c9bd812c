#!/usr/bin/env bash
# All benchmarks of the release build; bench/macro/run.py --help lists what ARGS may say.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 -B bench/macro/run.py --build build/release "$@"
