#!/bin/bash
# Writes the assembly and the bindings of the library in ../sandbox, and builds the program with them.
set -euo pipefail
cd "$(dirname "$0")"
bulkhead=${BULKHEAD:-../../.build/release/bulkhead}
"$bulkhead" sandbox build ../sandbox/Sources/Pictures/qoi -o .build/qoi --emit assembly -O 3 \
    --library Sources/CQOI/QOI.S --swift Sources/show/QOI.swift
swift build "$@"
