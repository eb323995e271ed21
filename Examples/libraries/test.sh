#!/bin/bash
# Fetches, builds and tests the libraries.
#
#   test.sh [--install] [NAME…]
#
# --install: as root, installs the Debian packages that are needed first.
# NAME: a library; all of them are fetched and built, and the tests of these are run.

set -euo pipefail
cd "$(dirname "$0")"

install=()
names=()
for argument in "$@"; do
    case $argument in
    --install) install=(--install) ;;
    --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
    -*) echo "unknown option $argument" >&2; exit 64 ;;
    *) names+=("$argument") ;;
    esac
done
./fetch.sh "${install[@]}"

filters=()
for name in "${names[@]}"; do filters+=(--filter "^${name}Tests\\."); done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
swift test --build-system native "${filters[@]}" 2>&1 | tee "$log" || status=$?

# Swift Testing prints a line a test, and one for all.
count() { grep " Test .* $1 after " "$log" | grep -vc ' Test run with ' || true; }
passed=$(count passed)
failed=$(count failed)
echo "$passed passed, $failed failed"
[[ $passed -gt 0 ]] || status=1
exit "$status"
