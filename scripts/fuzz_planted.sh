#!/usr/bin/env bash
# Shows that each fuzz target finds a bug: in a copy of the tree it plants the one in
# tests/fuzz/planted/NAME.patch, builds NAME_fuzz, and runs it on the committed corpus for at most
# FUZZ_SECONDS (60). Ends with a table; fails where a target has no planted bug or does not find it.
# Usage: scripts/fuzz_planted.sh [NAME...]
set -euo pipefail

seconds=${FUZZ_SECONDS:-60}
root=$PWD
tree=$root/build/planted
planted=tests/fuzz/planted

# Names as CMake knows them, so that a new target without a planted bug is noticed.
mapfile -t targets < <(sed -nE 's/^ *crier_fuzz\(([a-z_]+) .*/\1/p' tests/fuzz/CMakeLists.txt | sort)
(($#)) && targets=("$@")

# One folder for all patches, so that each rebuilds only what it touches. A copy keeps its time where
# it is the same, and what a stopped run left planted is overwritten.
rm -rf "${tree:?}/run"
mkdir -p "$tree/run"
git ls-files -z | while IFS= read -r -d '' file; do
  [[ -f $file ]] || continue
  cmp -s "$file" "$tree/$file" || install -D -m "$(stat -c %a "$file")" "$file" "$tree/$file"
done
# A bug may cost a warning.
cmake -S "$tree" --preset fuzz -DCRIER_WERROR=OFF >/dev/null

table=()
failed=0
for name in "${targets[@]}"; do
  patch=$planted/$name.patch
  if [[ ! -f $patch ]]; then
    table+=("$name | (no $patch) | no")
    failed=1
    continue
  fi
  bug=$(head -n 1 "$patch")
  patch --silent --strip=1 --directory="$tree" <"$patch"
  cmake --build "$tree/build/fuzz" --parallel "${JOBS:-$(nproc)}" --target "${name}_fuzz" >"$tree/run/build.log" ||
    { cat "$tree/run/build.log"; exit 1; }
  mkdir -p "$tree/run/$name"
  began=$(date +%s%N)
  if "$tree/build/fuzz/bin/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
    -verbosity=0 -artifact_prefix="$tree/run/$name-" "$tree/run/$name" "tests/fuzz/corpus/$name" \
    >"$tree/run/$name.log" 2>&1; then
    found="no, not in $seconds s"
    failed=1
  else
    found="$((($(date +%s%N) - began) / 100000000))"
    found="${found%?}.${found: -1} s"
    [[ $found == .* ]] && found="0$found"
  fi
  patch --silent --strip=1 --directory="$tree" --reverse <"$patch"
  echo "fuzz_planted: $name: $found"
  table+=("$name | $bug | $found")
done

printf '\n| target | planted bug | found after |\n|---|---|---|\n'
printf '| %s |\n' "${table[@]}"
exit "$failed"
