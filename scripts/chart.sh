#!/usr/bin/env bash
# Checks the Helm chart as a user would use it, and the Prometheus rules it brings.
set -euo pipefail

chart=deploy/helm/crier
# Debian has no package of helm. This is the newest version that Debian 12's own Go can build.
helm_version=v3.13.3
helm=$(command -v helm || true)
if [[ -z $helm ]]; then
  helm=$PWD/build/tools/helm
  if [[ ! -x $helm ]]; then
    echo "chart: no helm in PATH; building $helm_version into build/tools"
    if ! GOBIN=$PWD/build/tools GOFLAGS=-mod=mod GOTOOLCHAIN=local \
        go install "helm.sh/helm/v3/cmd/helm@$helm_version"; then
      echo "chart: helm is needed: put it in PATH, or let Go reach its module proxy" >&2
      exit 3
    fi
  fi
fi
# A helm that was not built as a release knows no recent Kubernetes by itself.
render=("$helm" template crier "$chart" --kube-version 1.30)
crier=${CRIER:-build/release/bin/crier}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Renders with these arguments; the configuration in it must be one that crier accepts.
accept() {
  "${render[@]}" "$@" >"$folder/all.yaml"
  if [[ ! -x $crier ]]; then
    return
  fi
  "${render[@]}" "$@" --show-only templates/configmap.yaml |
    sed -e '1,/^  crier.yaml: |$/d' -e 's/^    //' >"$folder/crier.yaml"
  "$crier" --config "$folder/crier.yaml" --check-config
}

# Renders with these arguments; it must fail, and say TEXT.
refuse() {
  local text=$1
  shift
  if "${render[@]}" "$@" >/dev/null 2>"$folder/error"; then
    echo "chart: rendered with $*, which must be refused" >&2
    exit 1
  fi
  if ! grep -qF -- "$text" "$folder/error"; then
    cat "$folder/error" >&2
    echo "chart: $* was refused without a word of '$text'" >&2
    exit 1
  fi
}

"$helm" lint --strict --quiet "$chart"
[[ -x $crier ]] || echo "chart: $crier is not built, so configurations are not checked by it"
accept
for values in "$chart"/ci/*.yaml; do
  [[ -e $values ]] || continue
  echo "chart: rendering with $values"
  accept --values "$values"
done
refuse "terminationGracePeriodSeconds is 30" --set terminationGracePeriodSeconds=30
refuse "config.ops.address is 127.0.0.1:9464" --set config.ops.address=127.0.0.1:9464
refuse "config.control.address is [::1]:1" --set 'config.control.address=[::1]:1'
refuse "replicaCount" --set replicaCount=2
refuse "config.drain.spread" --set config.drain.spread=soon
refuse "config.listeners" --set-json 'config.listeners=[]'
for rules in "$chart"/rules/*.y*ml; do
  [[ -e $rules ]] || continue
  promtool check rules "$rules"
done
echo "chart: fine"
