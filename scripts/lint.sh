#!/usr/bin/env bash
# Every check of make lint; goes through all of them and fails if one did.
set -uo pipefail

failed=()
check() {
  local name=$1
  shift
  echo "lint: $name"
  "$@" || failed+=("$name")
}

format() {
  # One line for each file, not for each place in it.
  local said status
  said=$(git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format-19 --dry-run --Werror 2>&1)
  status=$?
  sed -n 's/^\([^ :]*\):[0-9].* error: .*/  make format would change \1/p' <<<"$said" | sort -u
  return "$status"
}

scripts_are_sound() {
  git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck
}

each_header_alone() {
  cmake --preset lint >/dev/null &&
    cmake --build --preset lint --parallel "${JOBS:-$(nproc)}" --target crier_generated \
      crier_headers
}

check "the rules of the tree" python3 -B scripts/check_tree.py
check "that each of those rules can fail" python3 -B scripts/check_tree_test.py --quiet
check "the tests that the threat model names" python3 -B scripts/check_threats.py
check "that such a name can be wrong" python3 -B scripts/check_threats_test.py --quiet
check "shell scripts" scripts_are_sound
check "format" format
check "each header alone" each_header_alone
check "clang-tidy" python3 -B scripts/tidy.py

if ((${#failed[@]})); then
  printf 'lint: failed: %s\n' "${failed[@]}"
  exit 1
fi
echo "lint: fine"
