#!/usr/bin/env bash
# Proves the Dockerfile without a container engine: builds it as it is with buildah, on a base that
# mmdebstrap makes from this machine's own package sources, looks at what came out, and runs it with
# runc as a restricted pod. Needs root; exits with 77, loudly, where this machine cannot do it.
set -euo pipefail
cd "$(dirname "$0")/.."

size_max=$((80 << 20))

cannot() {
  echo "image: SKIPPED: $*" >&2
  exit 77
}

fail() {
  echo "image: $*" >&2
  exit 1
}

((EUID == 0)) || cannot "only root can do this"
for tool in buildah runc mmdebstrap; do
  command -v "$tool" >/dev/null || cannot "no $tool; scripts/setup.sh image installs it"
done

work=$(mktemp -d)
store=(--root "$work/store" --runroot "$work/run")
container=
clean_up() {
  local id
  for id in $(runc --root "$work/runc" list -q 2>/dev/null); do
    runc --root "$work/runc" delete --force "$id" || true
  done
  [[ -z $container ]] || buildah "${store[@]}" rm "$container" >/dev/null || true
  # buildah has mounts in its store as long as containers are there.
  buildah "${store[@]}" rm --all >/dev/null 2>&1 || true
  umount "$work/store/overlay" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# The base holds this machine's package sources and settings of apt, which is why it stays here.
make_base() {
  local sources=/etc/apt/sources.list settings=()
  [[ -s $sources ]] || sources=/etc/apt/sources.list.d/debian.sources
  local file
  for file in /etc/apt/apt.conf.d/*; do
    dpkg -S "$file" >/dev/null 2>&1 || [[ $file == */docker-* ]] || settings+=("$file")
  done
  # shellcheck disable=SC2016  # the hooks' own shells expand it
  mmdebstrap --quiet --variant=apt --mode=root --include=ca-certificates \
    --setup-hook='mkdir -p "$1/etc/apt/apt.conf.d"' \
    ${settings[@]:+--setup-hook="cp ${settings[*]} \"\$1/etc/apt/apt.conf.d/\""} \
    bookworm "$work/base/rootfs.tar" "$sources"
  cat >"$work/base/Dockerfile" <<'BASE'
FROM scratch
ADD rootfs.tar /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
BASE
  buildah "${store[@]}" bud --quiet --isolation chroot --format docker \
    --tag docker.io/library/debian:bookworm-slim "$work/base" >/dev/null
}

inspect() {
  buildah "${store[@]}" inspect --type image --format "{{$1}}" localhost/crier:check
}

equals() {
  [[ $2 == "$3" ]] || fail "$1 is '$2', not '$3'"
  echo "image: $1 is $2"
}

mkdir "$work/base" "$work/bundles"
echo "image: making a base of this machine's packages"
make_base
revision=${REVISION:-$(git rev-parse --short=12 HEAD)}
echo "image: building the Dockerfile as it is (log: the last lines on failure)"
buildah "${store[@]}" bud --pull-never --isolation chroot --format docker --timestamp 0 \
  --build-arg "REVISION=$revision" --tag localhost/crier:check . >"$work/log" 2>&1 || {
  tail -n 40 "$work/log" >&2
  fail "the Dockerfile does not build"
}

equals "the user" "$(inspect .Docker.Config.User)" 65532:65532
equals "the entry point" "$(inspect .Docker.Config.Entrypoint)" "[/usr/bin/crier]"
equals "the signal to stop" "$(inspect .Docker.Config.StopSignal)" SIGTERM
equals "the health check" "$(inspect .Docker.Config.Healthcheck.Test)" \
  "[CMD /usr/bin/crier healthcheck]"
equals "the revision" \
  "$(inspect 'index .Docker.Config.Labels "org.opencontainers.image.revision"')" "$revision"

container=$(buildah "${store[@]}" from --pull-never localhost/crier:check)
root=$(buildah "${store[@]}" mount "$container")
bytes=$(du --summarize --bytes "$root" | cut -f1)
((bytes <= size_max)) || fail "the image has $bytes bytes, more than $size_max"
echo "image: $((bytes >> 20)) MiB in $(find "$root" -type f | wc -l) files"
for shell in sh bash busybox dash; do
  [[ -z $(find "$root" -name "$shell") ]] || fail "there is a $shell in the image"
done
[[ -z $(find "$root" -perm /6000) ]] || fail "there are setuid files in the image"
equals "the symbols left in the binary" \
  "$(readelf --sections "$root/usr/bin/crier" | grep -c '\.debug_info\|\.symtab' || true)" 0

# The same source, REVISION and packages give the same bytes: two runs can be compared.
sha256sum "$root/usr/bin/crier" "$root/usr/bin/crierctl" | sed "s|$root|image: |"

# The programs as the tests call them, each in a container of its own.
for program in crier crierctl; do
  cat >"$work/$program" <<WRAPPER
#!/bin/sh
exec python3 -B "$PWD/scripts/image/run.py" "$work" "$root" "/usr/bin/$program" "\$@"
WRAPPER
  chmod +x "$work/$program"
done
equals "the version in its label" \
  "$(inspect 'index .Docker.Config.Labels "org.opencontainers.image.version"')" \
  "$("$work/crier" --version | cut -d' ' -f2)"

export CRIER=$work/crier CRIERCTL=$work/crierctl CRIER_SOURCE=$PWD
export PYTHONPATH=$work/generated:$PWD/tests/e2e
mkdir -p "$work/generated"
python3 -m grpc_tools.protoc -Iproto --python_out="$work/generated" \
  --grpc_python_out="$work/generated" crier/v1/control.proto
for test in scripts/image/test_restricted.py tests/e2e/test_tour.py tests/e2e/test_healthcheck.py; do
  echo "image: $test"
  python3 -B "$test"
done
echo "image: fine"
