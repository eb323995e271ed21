#!/bin/bash
# Builds and runs the benchmarks; arguments as `bench --help` says. WASM2C and WABT_WASM_RT name a peer to compare with.
set -euo pipefail
cd "$(dirname "$0")"
exec swift run -c release bench "$@"
