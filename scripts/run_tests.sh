#!/usr/bin/env bash
# Runs every test of a preset and ends with one line of counts.
# Usage: scripts/run_tests.sh PRESET [ctest arguments...]
set -uo pipefail

preset=$1
shift
log=build/$preset/ctest.log
ctest --preset "$preset" --parallel "${JOBS:-$(nproc)}" "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# ctest says: "99% tests passed, 1 tests failed out of 123".
summary=$(grep -E 'tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1)
if [[ $summary =~ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
  failed=${BASH_REMATCH[1]}
  echo "$preset: $((BASH_REMATCH[2] - failed)) passed, $failed failed"
else
  echo "$preset: no tests ran"
  status=1
fi
exit "$status"
