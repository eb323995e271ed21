#!/bin/bash
# Runs each program natively and in the sandbox on the same input, and compares all that comes out, byte for byte: standard
# output, standard error, exit codes and files.
#
#   run.sh [--wasmkit] [--keep] [NAME…] [-- BULKHEAD OPTIONS…]
#
# --wasmkit: runs the programs with the toolchain's interpreter instead, which takes 30 to 100 times as long.
# --keep: leaves what the runs wrote in .build-programs/NAME/runs; otherwise only that of failed cases.
# Options after -- go to `bulkhead run`: -- --segue=none, -- --cc gcc.
# In the environment: BULKHEAD, the command (.build/release/bulkhead by default); and what build.sh takes.
#
# Ends with `N passed, M failed, K skipped`; the exit code is 1 if any failed.

set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

bulkhead=${BULKHEAD:-$root/.build/release/bulkhead}
options=()
names=()
keep=false
wasmkit=false
while [[ $# -gt 0 ]]; do
    case $1 in
    --wasmkit) wasmkit=true ;;
    --keep) keep=true ;;
    --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit ;;
    --) options=("${@:2}"); break ;;
    -*) echo "unknown option $1" >&2; exit 64 ;;
    *) names+=("$1") ;;
    esac
    shift
done
[[ ${#names[@]} -gt 0 ]] || mapfile -t names < <(all_programs)

if $wasmkit; then
    engine() { wasmkit run --env HOME=/ --dir . "$@"; }
elif command -v "$bulkhead" >/dev/null; then
    engine() { "$bulkhead" run "${options[@]}" --env HOME=/ --dir .::/ "$@"; }
else
    echo "There is no $bulkhead; build it (swift build -c release --product bulkhead), or set BULKHEAD." >&2
    exit 64
fi

# What `run` stands for in a case.
run_native() { (HOME=$PWD LC_ALL=C TZ=UTC exec -a "$name.wasm" "$output/native" "$@"); }
run_sandbox() { engine "$output/$name.wasm" "$@"; }

# Runs a case in a directory of its own, which holds the inputs and, afterwards, all that the case did.
perform() {
    local kind=$1 case=$2 directory=$output/runs/$2/$1 start
    rm -rf "$directory"
    mkdir -p "$directory"
    cp -r "$output/input/." "$directory"
    find "$here/$name" -type f ! -name program.sh -exec cp {} "$directory" \;
    start=${EPOCHREALTIME/./}
    (
        cd "$directory" || exit
        run() {
            "run_$kind" "$@"
            echo "$?" >>.status
        }
        "case_$case" >.stdout 2>.stderr
    )
    elapsed=$((${EPOCHREALTIME/./} - start))
    hash=$(cd "$directory" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -c1-12)
}

# Microseconds as seconds.
seconds() { printf '%d.%02d' $(($1 / 1000000)) $(($1 / 10000 % 100)); }

row='%-8s %-12s %-12s  %-12s  %-5s %8s %8s\n'
passed=0 failed=0 skipped=0
printf "$row" program case native sandbox equal "native s" "sandbox s"
for one in "${names[@]}"; do
    (load_program "$one") || exit
    load_program "$one"
    if ! problem=$("$here/build.sh" "$one" 2>&1); then
        printf '%s\n%s: skipped\n' "$problem" "$name"
        skipped=$((skipped + $(wc -w <<<"$cases")))
        continue
    fi
    source=$sources/$package
    # Compiled and cached before anything is timed.
    $wasmkit || (cd "$output/input" && engine "$output/$name.wasm" --version </dev/null >/dev/null 2>&1)
    for case in $cases; do
        perform native "$case"
        native=$hash native_time=$elapsed
        perform sandbox "$case"
        equal=yes
        if [[ $native == "$hash" && -s $output/runs/$case/native/.status ]]; then
            passed=$((passed + 1))
            $keep || rm -rf "${output:?}/runs/$case"
        else
            equal=NO
            failed=$((failed + 1))
        fi
        printf "$row" "$name" "$case" "$native" "$hash" "$equal" "$(seconds "$native_time")" "$(seconds "$elapsed")"
        if [[ $equal == NO ]]; then
            diff -rq "$output/runs/$case/native" "$output/runs/$case/sandbox" | sed 's/^/    /'
            diff -a "$output/runs/$case/native/.stderr" "$output/runs/$case/sandbox/.stderr" | head -n 10 | cut -c1-200 | sed 's/^/    /'
        fi
    done
done
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]
