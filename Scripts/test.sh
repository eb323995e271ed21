#!/bin/bash
# Everything that must pass: format, unit tests, and the specification's scripts against the optimized build.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "== format"
swift format lint --strict --recursive Sources Tests Plugins Examples Package.swift

echo "== optimized build"
swift build -c release

echo "== unit tests (debug)"
swift test

echo "== the plug-in, in a package of its own"
Scripts/test-plugin.sh

echo "== fuzzing the decoder and validator (bounded)"
.build/release/ModuleFuzz --seconds 20

echo "== specification scripts (optimized build)"
Scripts/spec-suite.sh

echo "== machines without FSGSBASE (virtual)"
Scripts/test-vm.sh
