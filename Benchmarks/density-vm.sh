#!/bin/bash
# How many sandboxes one process holds with 1 to 15 memory protection keys, in a virtual machine that has them.
#
#   density-vm.sh [MAXIMUM]      slots in use at most; needs QEMU and as much memory as the slots take, some 24 KiB each
set -euo pipefail
cd "$(dirname "$0")/.."
export VM_DIR=$PWD/.vm
[ -e "$VM_DIR/vmlinuz" ] || Tests/vm/setup.sh
swift build -c release --product bulkhead
swift build -c release --package-path Benchmarks --product density
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/tenant.wat" <<'WAT'
(module (memory 1) (func (export "touch") (i32.store (i32.const 0) (i32.const 1))))
WAT
.build/release/bulkhead compile "$work/tenant.wat" -o "$work/tenant.so"
cat >"$work/job.sh" <<JOB
#!/bin/sh
echo 2000000 >/proc/sys/vm/max_map_count
/density /tenant.so ${1:-}
JOB
mapfile -t libraries < <(Tests/vm/ldpack.sh Benchmarks/.build/release/density /density)
Tests/vm/vm.sh -t 1800 -m "${MEMORY:-12G}" "$work/job.sh" "$work/tenant.so:/tenant.so:755" "${libraries[@]}"
