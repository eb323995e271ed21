#!/bin/bash
# Fetches the sources of some programs from Debian and builds each twice: for this machine, and to WebAssembly.
#
#   build.sh [--install] [NAME…]
#
# --install: as root, installs the Debian packages that are needed first.
# In the environment: CLANG, the compiler (the Swift toolchain's by default); DEBIAN_MIRROR and DEBIAN_SUITE, where sources come from.

set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

needed="wasi-libc libclang-rt-19-dev-wasm32 dpkg-dev debian-archive-keyring make tcl"

# --- What must be there

# A clang that knows WebAssembly and has wasm-ld beside it.
find_clang() {
    local swift candidate
    swift=$(command -v swift || true)
    for candidate in "${CLANG:-}" "${swift:+$(dirname "$(readlink -f "$swift")")/clang}" clang; do
        if [[ -n $candidate ]] && "$candidate" --print-targets 2>/dev/null | grep -q wasm32; then
            echo "$candidate"
            return
        fi
    done
    echo "No clang that compiles to WebAssembly; install a Swift toolchain, or set CLANG." >&2
    return 1
}

find_sysroot() {
    local -a found
    found=(/usr/lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a)
    builtins=${found[-1]}
    if [[ ! -f /usr/lib/wasm32-wasi/libc.a || ! -f $builtins ]] || ! command -v dpkg-source >/dev/null; then
        echo "Some Debian packages are missing. As root: apt-get install --no-install-recommends $needed" >&2
        echo "(or: $0 --install)" >&2
        return 1
    fi
}

# --- Building

# `cc` is what program.sh calls with its sources; each build appends what it needs.
build_native() {
    cc() { "$clang" -O2 -w "$@" -o "$output/native" -lm; }
    compile
}

build_wasm() {
    cc() {
        "$clang" --target=wasm32-wasi --sysroot=/usr -O2 -w \
            -I"$here/posix" -include "$here/posix/posix.h" -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID \
            "$@" "$here/posix/posix.c" -o "$output/$name.wasm" -Wl,--strip-debug -Wl,--stack-first -Wl,-z,stack-size=67108864 -nodefaultlibs \
            -lwasi-emulated-signal -lwasi-emulated-getpid -lwasi-emulated-process-clocks -lm -lc-printscan-long-double -lc "$builtins"
    }
    compile
}

is_built() {
    [[ -f $output/native && -f $output/$name.wasm && -d $output/input ]] || return 1
    local newer
    newer=$(find "$here/$name/program.sh" "$here/posix" "$here/build.sh" -newer "$output/$name.wasm")
    [[ -z $newer ]]
}

build() {
    if is_built; then return; fi
    rm -rf "$output"
    generated=$output/generated
    mkdir -p "$generated" "$output/input.new"
    echo "$name: fetching the source package $package ($suite)"
    if ! fetch "$package"; then
        echo "$name: the source package $package can't be fetched from $mirror" >&2
        exit 1
    fi
    echo "$name: building"
    (prepare; build_native; build_wasm; cd "$output/input.new"; inputs) >"$output/build.log" 2>&1
    mv "$output/input.new" "$output/input"
}

read_arguments "$@"
[[ ${#names[@]} -gt 0 ]] || mapfile -t names < <(all_programs)

clang=$(find_clang)
find_sysroot
failed=0
for one in "${names[@]}"; do
    # A process of its own, which ends at the first command that fails; in a condition it would not.
    (load_program "$one"; build) &
    if ! wait "$!"; then
        failed=1
        log=$builds/$one/build.log
        [[ ! -f $log ]] || tail -n 20 "$log" | cut -c1-200 >&2
        echo "$one: not built; $log has what was tried" >&2
    fi
done
exit "$failed"
