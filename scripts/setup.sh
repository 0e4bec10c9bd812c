#!/usr/bin/env bash
# Installs the Debian packages that a command needs and that are not there yet; silent when nothing
# is missing. Usage: scripts/setup.sh GROUP...   with groups build, test, bench, lint, fuzz,
# chart, dashboards, image.
set -euo pipefail

fail() {
  echo "setup: $*" >&2
  exit 1
}

purpose() {
  case $1 in
    build) echo "to build and run crier" ;;
    test) echo "to build and run the tests and benchmarks" ;;
    bench) echo "to measure crier beside its peers" ;;
    lint) echo "to check format and style" ;;
    fuzz) echo "to build and run the fuzz targets" ;;
    chart) echo "to check the chart and its rules" ;;
    dashboards) echo "to draw the dashboards" ;;
    image) echo "to build and run the image without a container engine" ;;
    *)
      fail "no group '$1'; there are build, test, bench, lint, fuzz, chart, dashboards and image"
      ;;
  esac
}

packages() {
  case $1 in
    build)
      echo g++ cmake ninja-build ccache pkgconf ca-certificates \
        libasio-dev liburing-dev libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc \
        golang-github-gogo-googleapis-dev prometheus-cpp-dev libspdlog-dev libyaml-cpp-dev \
        libcli11-dev libmicrohttpd-dev libhiredis-dev libssl-dev zlib1g-dev \
        libcjose-dev libjansson-dev
      ;;
    test)
      # Beside the C++ libraries: callers in other languages, promtool, and what the tour types.
      echo libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev \
        python3 python3-grpcio python3-protobuf python3-grpc-tools python3-pkg-resources \
        python3-yaml python3-jsonschema \
        golang-go golang-google-grpc-dev golang-google-protobuf-dev \
        golang-github-golang-protobuf-1-5-dev \
        protoc-gen-go-1-5 protoc-gen-go-grpc prometheus curl netcat-openbsd redis-server openssl iproute2
      ;;
    bench) echo nats-server redis-server mosquitto golang-go python3 python3-matplotlib ;;
    lint) echo git python3 clang-format-19 clang-tidy-19 shellcheck ;;
    fuzz) echo clang-19 libclang-rt-19-dev ;;
    chart) echo python3 python3-yaml python3-jsonschema prometheus ca-certificates ;;
    dashboards) echo python3-matplotlib ;;
    image) echo buildah runc mmdebstrap python3 curl netcat-openbsd ;;
  esac
}

missing=()
declare -A seen=()
collect_missing() {
  local group=$1 package names
  read -ra names < <(packages "$group")
  local -A installed=()
  while read -r package status; do
    [[ $status == installed ]] && installed[$package]=1
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${names[@]}" 2>/dev/null)
  local lacking=()
  for package in "${names[@]}"; do
    if [[ -z ${installed[$package]:-} && -z ${seen[$package]:-} ]]; then
      seen[$package]=1
      lacking+=("$package")
    fi
  done
  if ((${#lacking[@]})); then
    echo "setup: installing, $(purpose "$group"): ${lacking[*]}"
    missing+=("${lacking[@]}")
  fi
}

command -v dpkg-query >/dev/null ||
  fail "no dpkg here: the packages named in scripts/setup.sh come from Debian 12; install their" \
    "counterparts yourself and run cmake --preset release"
for group in "$@"; do
  purpose "$group" >/dev/null
  collect_missing "$group"
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail "these packages need root and there is no sudo; as root run:" \
      "apt-get install --no-install-recommends ${missing[*]}"
  as_root=(sudo)
  # Without a terminal nobody could type a password: fail rather than hang.
  [[ -t 0 ]] || as_root+=(-n)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

if ((EUID != 0)) && ! "${as_root[@]}" true; then
  fail "sudo refused; as root run: apt-get install --no-install-recommends ${missing[*]}"
fi
# Debian starts a server when it is installed, and at every boot. Nobody asked for that here: the
# tests and benchmarks start what they need. A policy that is there already is somebody's decision.
policy=/usr/sbin/policy-rc.d
log=$(mktemp)
clean_up() {
  rm -f "$log"
  [[ -z ${our_policy:-} ]] || "${as_root[@]}" rm -f "$policy"
}
trap clean_up EXIT
if [[ ! -e $policy ]]; then
  our_policy=1
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin "$policy"
fi

apt update || fail "apt-get update failed; is the network up and /etc/apt in order?"
if ! apt install --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  fail "apt-get could not install the packages; they are those of Debian 12 (bookworm)"
fi
if command -v systemctl >/dev/null; then
  for package in "${missing[@]}"; do
    [[ $package == *-server || $package == mosquitto || $package == prometheus ]] || continue
    "${as_root[@]}" systemctl --quiet disable "$package" 2>/dev/null || true
  done
fi
echo "setup: installed ${#missing[@]} packages and what they depend on"
