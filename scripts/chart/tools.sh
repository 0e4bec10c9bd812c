#!/usr/bin/env bash
# Builds the tools that check the chart, at pinned versions from their Go modules, into build/tools,
# and prepares the schemas against which objects are checked. Says what is missing and fails where
# there is no Go that can.
set -euo pipefail
cd "$(dirname "$0")/../.."

go_minor=26
helm=helm.sh/helm/v3/cmd/helm@v3.22.0
kubeconform=github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
kube_score=github.com/zegl/kube-score/cmd/kube-score@v1.20.0
# The oldest Kubernetes that the chart supports, and the newest when this was written.
kubernetes=(v1.30.14 v1.37.2)
operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
keda=github.com/kedacore/keda/v2@v2.20.2
tools=build/tools

fail() {
  echo "chart: $*" >&2
  exit 3
}

# The first Go that is new enough; the Makefile puts Debian's in front of PATH.
find_go() {
  local candidate version
  while read -r candidate; do
    version=$("$candidate" env GOVERSION 2>/dev/null) || continue
    if [[ $version =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= go_minor)); then
      echo "$candidate"
      return
    fi
  done < <(type -aP go; ls /usr/local/go/bin/go /usr/lib/go-1.*/bin/go 2>/dev/null)
  return 1
}

# Runs a command that reads the module proxy; a slow network gets a second chance.
twice() {
  "$@" && return
  echo "chart: once more: $*" >&2
  "$@" || fail "failed: $*; can Go reach its module proxy?"
}

# The folder of a module.
download() {
  "$go" mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' | grep .
}

go=$(find_go) ||
  fail "needs Go 1.$go_minor or newer to build helm and its like from their modules (Debian 12's" \
    "own is too old); put one into PATH or /usr/local/go"
export GOFLAGS=-mod=mod CGO_ENABLED=0 GOBIN=$PWD/$tools
mkdir -p "$tools"

build() {
  local package=$1 program=${1%@*}
  program=$tools/${program##*/}
  [[ -x $program && $(cat "$program.of" 2>/dev/null) == "$package" ]] && return
  echo "chart: building $package"
  twice "$go" install -trimpath "$package"
  echo "$package" >"$program.of"
}
build "$helm"
build "$kubeconform"
build "$kube_score"
(cd scripts/chart/podsecurity && GOFLAGS=-mod=readonly twice "$go" build -trimpath \
  -o "$GOBIN/podsecurity" .)

for version in "${kubernetes[@]}"; do
  [[ -d $tools/schemas/$version ]] && continue
  echo "chart: schemas of Kubernetes $version"
  folder=$(twice download "k8s.io/kubernetes@$version")
  python3 -B scripts/chart/schemas.py swagger "$folder/api/openapi-spec/swagger.json" \
    "$tools/schemas/$version"
done
if [[ ! -d $tools/schemas/operator ]]; then
  echo "chart: schemas of $operator"
  folder=$(twice download "$operator")
  python3 -B scripts/chart/schemas.py crds "$folder/example/prometheus-operator-crd" \
    "$tools/schemas/operator" monitoring.coreos.com_{podmonitors,prometheusrules,servicemonitors}
fi
if [[ ! -d $tools/schemas/keda ]]; then
  echo "chart: schemas of $keda"
  folder=$(twice download "$keda")
  python3 -B scripts/chart/schemas.py crds "$folder/config/crd/bases" "$tools/schemas/keda" \
    keda.sh_scaledobjects
fi
