#!/bin/bash
# What sandboxes cost libraries: Graphite, Expat and libjpeg-turbo natively, in a flat sandbox, and with the segment register.
#
#   bench.sh [ROUNDS]        after fetch.sh
#
# LEVEL in the environment is the -O of the native code made from WebAssembly (3).
set -euo pipefail
cd "$(dirname "$0")"
output=.build/bench
font=$(find Sources/Graphite/sandbox/upstream ../../.sources -name AwamiNastaliq-Regular.ttf 2>/dev/null | sort | head -1 || true)
if [[ -z $font ]]; then
    echo "The libraries' sources are missing; fetch them with ./fetch.sh." >&2
    exit 1
fi
swift build -c release --build-system native --product library-benchmarks
mkdir -p "$output"
# The tool that the plug-in was built with.
bulkhead=.build/release/bulkhead-cli-tool
for name in Expat Graphite JPEG; do
    library=$(sed -n 's/.*"library": "\(.*\)".*/\1/p' "Sources/$name/sandbox/sandbox.json")
    "$bulkhead" sandbox build "Sources/$name/sandbox" -o "$output" -O "${LEVEL:-3}" --direct "$output/$library.direct.so"
    "$bulkhead" sandbox build "Sources/$name/sandbox" -o "$output/flat" -O "${LEVEL:-3}" --segue none
    cp "$output/flat/$library.so" "$output/$library.flat.so"
done
.build/release/library-benchmarks "$output" "$font" "$@"
