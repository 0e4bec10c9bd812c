#!/usr/bin/env bash
# Everything under ASan and UBSan, then the data plane and the gRPC-free logic under TSan.
# Usage: scripts/sanitize.sh [PRESET...]   (asan tsan)
set -euo pipefail

presets=("$@")
((${#presets[@]})) || presets=(asan tsan)

for preset in "${presets[@]}"; do
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" --parallel "${JOBS:-$(nproc)}"
  scripts/run_tests.sh "$preset"
done
