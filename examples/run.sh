#!/usr/bin/env bash
# Generates code for an example, builds it and runs it, with nothing but Debian packages:
#   examples/run.sh python "hello"
#   examples/run.sh go -address 127.0.0.1:50051 "hello"
# What is generated and built goes to EXAMPLES_OUT, by default build/examples.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${EXAMPLES_OUT:-$root/build/examples}
proto=crier/v1/control.proto

# python3, python3-grpcio, python3-protobuf, protobuf-compiler, protobuf-compiler-grpc
run_python() {
  mkdir -p "$out/python"
  /usr/bin/protoc -I"$root/proto" --python_out="$out/python" \
    --plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin \
    --grpc_python_out="$out/python" "$proto"
  PYTHONPATH=$out/python exec /usr/bin/python3 -B "$root/examples/python/announce.py" "$@"
}

# golang-go, golang-google-grpc-dev, golang-google-protobuf-dev,
# golang-github-golang-protobuf-1-5-dev, protoc-gen-go-1-5,
# protoc-gen-go-grpc, protobuf-compiler. Debian's Go libraries are a GOPATH, not modules.
run_go() {
  mkdir -p "$out/go/src"
  local package="M$proto=crier/v1;crierv1"
  PATH=/usr/bin:$PATH /usr/bin/protoc -I"$root/proto" \
    --go_out="$out/go/src" --go_opt="$package" \
    --go-grpc_out="$out/go/src" --go-grpc_opt="$package" "$proto"
  env -u GOROOT -u GOFLAGS GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 GOENV=off \
    GOPATH="$out/go:/usr/share/gocode" GOCACHE="$out/go/cache" \
    /usr/bin/go build -o "$out/go/announce" "$root/examples/go/announce.go"
  exec "$out/go/announce" "$@"
}

case ${1:-} in
  python | go)
    language=$1
    shift
    "run_$language" "$@"
    ;;
  *)
    echo "usage: examples/run.sh python|go [OPTIONS] MESSAGE" >&2
    exit 2
    ;;
esac
