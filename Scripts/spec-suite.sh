#!/bin/bash
# Runs test scripts against the optimized build (`swift build -c release`): the project's own and the specification's
# 2.0, each compiled by clang for the segment, by clang flat, by clang for the segment where there are floats, and by gcc
# for the segment; then, once, those of 3.0, to say which of them work and what the others need.
#
#   Scripts/spec-suite.sh [--verbose]      --verbose shows every command that failed, not the first few of a script
#
# BULKHEAD_SPEC names the directory with the suite's 2.0 and 3.0; by default it is ../shared/spec beside the package.
# Ends with `N passed, M failed, K skipped`, where a script in one configuration counts one, and fails if M isn't 0.
# Scripts of the last group that need something unsupported count as skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

bulkhead=$PWD/.build/release/bulkhead
suite=${BULKHEAD_SPEC:-$PWD/../shared/spec}
suite_size=147 # scripts of 2.0
failures_shown=5
[ "${1:-}" = --verbose ] && failures_shown=1000000
passed=0 failed=0 skipped=0

if [ ! -x "$bulkhead" ]; then
    echo "spec-suite.sh: no optimized build: run \`swift build -c release\` first" >&2
    exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BULKHEAD_CACHE=$work/cache
mkdir -m 700 "$BULKHEAD_CACHE"
unset BULKHEAD_CC

# The command's options by configuration. Where clang is not on PATH, the command finds it beside swift.
configurations=(clang-segment clang-flat clang-floats gcc-segment)
clang=''
if command -v clang >/dev/null; then clang='--cc clang'; fi
declare -A options=(
    [clang-segment]="$clang --segue=all"
    [clang-flat]="$clang --segue=none"
    [clang-floats]="$clang --segue=floats"
    [gcc-segment]="--cc gcc --segue=all"
)
if ! gcc --version 2>/dev/null | grep -q 'Free Software Foundation'; then
    echo "skipped: gcc-segment: gcc not found"
    unset 'options[gcc-segment]'
fi

# run GROUP CONFIGURATION FEATURES SCRIPT...: leaves what the command prints in $work/GROUP/CONFIGURATION/NAME. Each
# script has a process of its own, so that none takes others down with it.
run() {
    local directory="$work/$1/$2" arguments="--features $3 --failures $failures_shown ${options[$2]}"
    shift 3
    mkdir -p "$directory"
    # shellcheck disable=SC2016 # for the inner shell to expand
    printf '%s\0' "$@" | xargs -0 -P "$(nproc)" -I {} sh -c '
        timeout 300 "$1" wast $2 "$4" >"$3/${4##*/}" 2>&1
        code=$?
        [ $code -le 1 ] || echo "    the command ended with exit code $code" >>"$3/${4##*/}"' \
        sh "$bulkhead" "$arguments" "$directory" {}
}

# Sets p, f and u to the numbers of commands that passed, failed and are not supported; all 0 if there was no result.
counts() {
    p=0 f=0 u=0
    if [[ $(head -n 1 "$1") =~ :\ ([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ unsupported)? ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} u=${BASH_REMATCH[4]:-0}
    fi
    ! grep -q 'the command ended with' "$1" || p=0
}

# Every command passed, and there were some.
is_complete() {
    counts "$1"
    [ "$p" -gt 0 ] && [ "$f" -eq 0 ] && [ "$u" -eq 0 ]
}

# run_group GROUP FEATURES SCRIPT...: in all configurations. Prints a table of script by configuration: the number of
# commands that passed, or FAIL.
run_group() {
    local group=$1 features=$2 configuration script cells
    shift 2
    for configuration in "${!options[@]}"; do run "$group" "$configuration" "$features" "$@"; done
    printf '%-32s' "$group"
    printf '%15s' "${configurations[@]}"
    echo
    for script; do
        cells=()
        for configuration in "${configurations[@]}"; do
            if [ -z "${options[$configuration]:-}" ]; then
                skipped=$((skipped + 1))
                cells+=(skipped)
            elif is_complete "$work/$group/$configuration/${script##*/}"; then
                passed=$((passed + 1))
                cells+=("$p")
            else
                failed=$((failed + 1))
                cells+=(FAIL)
            fi
        done
        printf '%-32s' "${script##*/}"
        printf '%15s' "${cells[@]}"
        echo
    done
    for configuration in "${configurations[@]}"; do
        [ -n "${options[$configuration]:-}" ] || continue
        for script; do
            is_complete "$work/$group/$configuration/${script##*/}" && continue
            # Without the total, which repeats the first line.
            sed -E "1s/^/FAIL: $configuration: /; /^[0-9]+ passed, [0-9]+ failed\$/d" \
                "$work/$group/$configuration/${script##*/}"
        done
    done
    echo
}

# What a script that doesn't pass needs, as one line: proposals, from the reasons that the command gives; where it gives
# none, the first failure.
needs() {
    local proposals
    proposals=$(sed -nE '
        1s/^.* unsupported: //
        t split
        /proposal/!d
        :split
        s/; /\n/gp
        p' "$1" | sed -nE '
        s/.*(relaxed SIMD|relaxed-simd).*/relaxed SIMD/p; t
        s/.*(64-bit memor|memory64).*/64-bit memories/p; t
        s/.*(multiple memories|multi-memory).*/multiple memories/p; t
        s/.*(exception).*/exceptions/p; t
        s/.*(tail call|tail-call).*/tail calls/p; t
        s/.*custom-page-sizes.*/custom page sizes/p; t
        s/.*(threads|atomic).*/threads/p; t
        s/.*(garbage collection).*/garbage collection/p; t
        s/.*(typed function references|typed references|values of ).*/typed references/p; t
        s/.*needs (.*)/\1/p' | sort -u | paste -sd, | sed 's/,/, /g')
    if [ -n "$proposals" ]; then
        echo "$proposals"
    else
        counts "$1"
        echo "$f of $((p + f)) commands fail: $(sed -nE '2s/^ *(line [0-9]*: )/\1/p' "$1" | cut -c 1-120)"
    fi
}

# survey GROUP SCRIPT...: once, with all that is supported. Nothing here counts as failed.
survey() {
    local group=$1 script file complete=() wanting=0
    shift
    run "$group" clang-segment all "$@"
    : >"$work/needs"
    for script; do
        file=$work/$group/clang-segment/${script##*/}
        if is_complete "$file"; then
            passed=$((passed + 1))
            complete+=("${script##*/}")
        else
            skipped=$((skipped + 1))
            wanting=$((wanting + 1))
            printf '%s\t%s\n' "$(needs "$file")" "${script##*/}" >>"$work/needs"
        fi
    done
    echo "$group: ${#complete[@]} of $# scripts pass${complete[*]:+:}"
    [ ${#complete[@]} -eq 0 ] || echo "${complete[@]}" | fold -s -w 112 | sed 's/^/    /'
    echo "$group: $wanting are not yet supported. They need"
    sort "$work/needs" | awk -F'\t' '
        $1 ~ /commands fail/ { others = others "  * other things: " $2 ": " $1 "\n"; next }
        $1 != last { if (last) print names; printf "  * %s:\n", $1; last = $1; names = "" }
        { names = names $2 " " }
        END { if (last) print names; printf "%s", others }' | fold -s -w 112 | sed '/^  \*/!s/^/    /'
    echo
}

run_group own all Tests/Scripts/*.wast

if [ -d "$suite/2.0" ]; then
    shopt -s nullglob
    core=("$suite"/2.0/*.wast) later=("$suite"/3.0/*.wast)
    run_group 2.0 wasm2 "${core[@]}"
    if [ ${#core[@]} -ne $suite_size ]; then
        echo "FAIL: ${#core[@]} scripts found at $suite/2.0, not $suite_size"
        failed=$((failed + 1))
    fi
    [ ${#later[@]} -eq 0 ] || survey 3.0 "${later[@]}"
else
    echo "skipped: specification suite not found at $suite (BULKHEAD_SPEC names another place)"
    skipped=$((skipped + suite_size * ${#configurations[@]}))
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
