#!/bin/bash
# Builds Examples/sandbox, a package that has the SwiftPM plug-in build a C library for the sandbox, and checks that it runs, that its tests
# pass, and that a second build compiles only what has changed.
#
#   Scripts/test-plugin.sh [--release]     --release also builds it optimized, which takes minutes more
set -euo pipefail
cd "$(dirname "$0")/../Examples/sandbox"

fail() { echo "test-plugin.sh: $*" >&2; exit 1; }

# The sources are changed below, so a copy is built; its .build stays for the next time.
work=$PWD/.build/copy
mkdir -p "$work"
for part in Package.swift Sources Tests; do
    rm -rf "${work:?}/$part"
    cp -rp "$part" "$work/$part"
done
# Three directories further down than the example itself.
sed -i 's|path: "../.."|path: "../../../.."|' "$work/Package.swift"
cd "$work"

build() { swift build --build-tests "$@" 2>&1 | tail -n 40 >build.log || { cat build.log >&2; fail "the package can't be built"; }; }
# When each object was made.
objects() { find .build/plugins/outputs -path '*QOI.build/objects/*.o' -printf '%f %T@\n' | sort; }

build
swift run --skip-build show >picture
grep -q '@@@@' picture || fail "show printed no picture"
grep -q 'contained: ' picture || fail "show did not survive the hostile file"
swift test --skip-build 2>&1 | grep -E 'Test run with [0-9]+ tests' | grep passed || fail "the package's tests don't pass"

objects >before
printf '\n// Changed.\n' >>Sources/Pictures/qoi/brightness.c
build
objects >after
changed=$({ diff before after || true; } | sed -n 's/^> \([^ ]*\).*/\1/p' | xargs)
[ "$changed" = brightness.c.o ] || fail "a change of brightness.c compiled: ${changed:-nothing}"

printf 'int broken(void) { return undeclared; }\n' >>Sources/Pictures/qoi/brightness.c
if swift build >build.log 2>&1; then fail "a mistake in a C source was not an error"; fi
grep -q "brightness.c:[0-9]*:27: error: use of undeclared identifier 'undeclared'" build.log ||
    { cat build.log >&2; fail "the compiler's error was not shown"; }
cp -p ../../Sources/Pictures/qoi/brightness.c Sources/Pictures/qoi/brightness.c

if [ "${1:-}" = --release ]; then
    swift build -c release 2>&1 | tail -n 40 >build.log || { cat build.log >&2; fail "the package can't be built optimized"; }
    swift run -c release --skip-build show | grep -q 'contained: ' || fail "the optimized show does not run"
fi
echo "the plug-in's package builds, runs and is built again incrementally"
