#!/bin/bash
# Runs the runtime's tests on kernels that this machine hasn't: without FSGSBASE, where the segment register is switched by
# system calls. Needs QEMU; the kernel and busybox come from Debian's packages. Where they can't be had, says so.
#
#   test-vm.sh            after `swift build -c release`
#
# Ends with `N passed, M failed, K skipped`, counting machines.
set -uo pipefail
cd "$(dirname "$0")/.."
export VM_DIR=$PWD/.vm
bulkhead=.build/release/bulkhead
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -e "$VM_DIR/vmlinuz" ] || ! command -v qemu-system-x86_64 >/dev/null; then
    Tests/vm/setup.sh >"$work/setup" 2>&1
fi
if [ ! -e "$VM_DIR/vmlinuz" ] || ! command -v qemu-system-x86_64 >/dev/null; then
    echo "skipped: there is no virtual machine here; Tests/vm/setup.sh says: $(tail -n 1 "$work/setup")"
    echo "0 passed, 0 failed, 3 skipped"
    exit 0
fi

# A C program with everything in it, and the command with a compiled program: there is no compiler inside the machine.
"$bulkhead" compile Tests/vm/guest.wat --emit c -o "$work/guest.c" || exit 1
flags=$(sed -n 's|^//   gcc ||p' "$work/guest.c")
# shellcheck disable=SC2086
gcc $flags -O2 -static -pthread -I"$work" -ISources/CBulkhead/include -o "$work/runtime" \
    Tests/vm/runtime.c "$work/guest.c" Sources/CBulkhead/*.c Sources/CBulkhead/*.S 2>"$work/warnings" || {
    cat "$work/warnings" >&2
    exit 1
}
"$bulkhead" compile Examples/fractal/fractal.wat -o "$work/fractal.so" || exit 1
"$bulkhead" run --dir Examples/fractal::/data "$work/fractal.so" dragon 60 ascii >"$work/expected" || exit 1
cat >"$work/job.sh" <<'JOB'
#!/bin/sh
/runtime || exit 1
/bulkhead run --dir /data::/data /fractal.so dragon 60 ascii >/output || exit 1
cmp /output /expected && echo "the command draws the same picture"
JOB
carried=("$work/runtime:/runtime:755" "$work/fractal.so:/fractal.so:755" "$work/expected:/expected")
for scene in Examples/fractal/*.scene; do carried+=("$scene:/data/$(basename "$scene")"); done
mapfile -t libraries < <(Tests/vm/ldpack.sh "$bulkhead" /bulkhead)

passed=0
failed=0
machine() {
    local what=$1 expected=$2
    shift 2
    echo "== $what"
    if Tests/vm/vm.sh "$@" "$work/job.sh" "${carried[@]}" "${libraries[@]}" | tee "$work/log" &&
        grep -q "^FSGSBASE: $expected" "$work/log" && grep -q "the same picture" "$work/log"; then
        passed=$((passed + 1))
    else
        echo "FAILED on $what"
        failed=$((failed + 1))
    fi
}
machine "a kernel with FSGSBASE" yes
machine "a kernel without FSGSBASE (nofsgsbase)" no -a nofsgsbase
machine "a processor without FSGSBASE" no -c max,-fsgsbase
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
