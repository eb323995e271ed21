#!/bin/bash
# Runs the runtime's tests on machines that this one isn't: kernels without FSGSBASE, where the segment register is switched by
# system calls, and processors with memory protection keys. Needs QEMU; the kernel and busybox come from Debian's packages. Where they can't be had, says so.
#
#   test-vm.sh            after `swift build -c release` and, for the Swift tests, `swift build --build-tests`
#
# On three machines runs a C program with the whole runtime, another one with the slots of a pool, the command, and the Swift tests, which
# must come out as they do here; on two without protection keys the slots alone. Ends with `N passed, M failed, K skipped`, counting on each machine the programs, the command and every Swift test (or
# machines alone, where there are none).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C
export VM_DIR=$PWD/.vm
bulkhead=.build/release/bulkhead
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -e "$VM_DIR/vmlinuz" ] || ! command -v qemu-system-x86_64 >/dev/null; then
    Tests/vm/setup.sh >"$work/setup" 2>&1
fi
if [ ! -e "$VM_DIR/vmlinuz" ] || ! command -v qemu-system-x86_64 >/dev/null; then
    echo "skipped: there is no virtual machine here; Tests/vm/setup.sh says: $(tail -n 1 "$work/setup")"
    echo "0 passed, 0 failed, 6 skipped"
    exit 0
fi

# A C program from Tests/vm with its module and the runtime, linked statically: NAME MODULE [FLAG…]
program() {
    local name=$1 module=$2 flags
    shift 2
    "$bulkhead" compile "Tests/vm/$module.wat" --segue=all --emit c -o "$work/$module.c" || exit 1
    flags=$(sed -n 's|^//   gcc ||p' "$work/$module.c")
    # shellcheck disable=SC2086
    gcc $flags -O2 -static -pthread -ISources/CBulkhead/include -ISources/CPrelude/include -I"$work" "$@" -o "$work/$name" \
        "Tests/vm/$name.c" "$work/$module.c" Sources/CBulkhead/*.c Sources/CBulkhead/*.S 2>"$work/warnings" || {
        cat "$work/warnings" >&2
        exit 1
    }
}

# Programs with everything in them, and the command with a compiled program: there is no compiler inside the machine.
program runtime guest
# The system calls that it makes fail go through --wrap.
program pool reach -Wl,--wrap=mmap,--wrap=mprotect,--wrap=madvise,--wrap=ioctl,--wrap=syscall
"$bulkhead" compile Examples/fractal/fractal.wat --segue=all -o "$work/fractal.so" || exit 1
"$bulkhead" run --dir Examples/fractal::/data "$work/fractal.so" dragon 60 ascii >"$work/expected" || exit 1
cat >"$work/job.sh" <<'JOB'
#!/bin/sh
/runtime && echo "the runtime passes"
/pool && echo "the pool holds"
/bulkhead run --dir /data::/data /fractal.so dragon 60 ascii >/output
cmp /output /expected && echo "the command draws the same picture"
[ ! -e /swift-tests.sh ] || . /swift-tests.sh
JOB
carried=("$work/runtime:/runtime:755" "$work/pool:/pool:755" "$work/fractal.so:/fractal.so:755" "$work/expected:/expected")
for scene in Examples/fractal/*.scene; do carried+=("$scene:/data/$(basename "$scene")"); done
mapfile -t libraries < <(Tests/vm/ldpack.sh "$bulkhead" /bulkhead)

# The Swift tests of the runtime and of sandboxes. All that compilers make for them is made here, in a run whose results are
# also those to be expected, and carried in. A module's place in the cache depends on what its compiler is called and says that
# it is; so in the machine there are scripts that answer `--version` as the compilers here do, and fail at anything else.
swift_tests=.build/debug/bulkheadPackageTests.xctest
selection=(--testing-library swift-testing --filter '^BulkheadTests[.]' --filter '^BulkheadSandboxTests[.]')
# What a processor in software is too slow for, by function or suite. (What needs a compiler says so itself.)
about_time="about time, of which a processor in software has too little; the C program tests deadlines here"
slow_loops="fills and copies 100 kB in every frame of whole stacks: minutes on a processor in software"
left_out=(
    "TimeLimitTests:$about_time"
    "RecurringLimitTests:$about_time"
    "timeIsLimited:$about_time"
    "smallThreads:$slow_loops"
    "mainThread:$slow_loops"
    "unoptimized:$slow_loops"
    "manyThreadsWithStoresOfTheirOwn:ten threads that make and drop 600 instances: minutes on a processor in software"
    "loadingWhileOthersTrap:eight threads that load 400 modules: a minute on a processor in software"
    "compiledCodeDoesWhatAnInterpreterDoes:about what the compiler makes of a module, not about the machine it runs on"
    "unoptimizedCodeDoesWhatAnInterpreterDoes:about what the compiler makes of a module, not about the machine it runs on"
)
for entry in "${left_out[@]}"; do
    name=${entry%%:*}
    grep -rqE "(func $name\(|struct $name )" Tests/BulkheadTests Tests/BulkheadSandboxTests || {
        echo "there is no test $name to leave out" >&2
        exit 1
    }
    selection+=(--skip "/${name}[(]" --skip "[.]${name}/")
done

# Lines `passed NAME`, `failed NAME` and `skipped NAME: REASON`, from what the tests print.
results() {
    sed -nE -e 's/\x1b\[[0-9;]*m//g' -e 's/\r$//' \
        -e 's/^[^ ]+ Test ([A-Za-z0-9_]+\([^)]*\)) (with [0-9]+ test cases? )?(passed|failed) after .*/\3 \1/p' \
        -e 's/^[^ ]+ Test ([A-Za-z0-9_]+\([^)]*\)) skipped(: .*|\.)?$/skipped \1\2/p' "$1" | sort
}

# A compiler for the machine: prints vm.sh's arguments that carry it in.
stub() {
    local compiler=$1 script
    script=$work/stub-$(basename "$compiler")
    {
        echo "#!/bin/sh"
        echo "[ \"\$*\" = --version ] || { echo 'there is no compiler in this machine' >&2; exit 1; }"
        echo "cat <<'VERSION'"
        "$compiler" --version
        echo VERSION
    } >"$script"
    echo "$script:$compiler:755"
    # Whether this is beside a compiler is part of what the compiler is.
    [ ! -x "$(dirname "$(readlink -f "$compiler")")/ld.lld" ] || echo "$script:$(dirname "$compiler")/ld.lld:755"
}

if [ -x "$swift_tests" ]; then
    echo "== the Swift tests, here"
    mkdir -m 700 "$work/cache"
    env -u BULKHEAD_CC BULKHEAD_TEST_CACHE="$work/cache" BULKHEAD_CACHE="$work/cache" \
        "$swift_tests" "${selection[@]}" >"$work/here" 2>&1 || {
        grep -v '^◇' "$work/here"
        echo "the Swift tests fail here"
        exit 1
    }
    results "$work/here" >"$work/here.results"
    tail -n 1 "$work/here"
    grep -q "run with $(wc -l <"$work/here.results") tests" "$work/here" || {
        echo "these are not the results of all tests:"
        cat "$work/here.results"
        exit 1
    }
    path=/bin:/usr/bin
    for name in clang gcc; do
        compiler=$(command -v "$name") || continue
        path=$path:$(dirname "$compiler")
        mapfile -t -O ${#carried[@]} carried < <(stub "$compiler")
    done
    strip -o "$work/tests" "$swift_tests"
    mapfile -t -O ${#carried[@]} carried < <(Tests/vm/ldpack.sh "$work/tests" /tests)
    {
        echo "export PATH=$path BULKHEAD_TEST_CACHE=/cache BULKHEAD_CACHE=/cache"
        printf '/tests'
        printf " '%s'" "${selection[@]}"
        echo ' --no-parallel 2>&1 || exit 1'
    } >"$work/swift-tests.sh"
    carried+=("$work/swift-tests.sh:/swift-tests.sh" "$work/cache:/cache")
else
    echo "skipped: the Swift tests; there is no $swift_tests, which \`swift build --build-tests\` makes"
fi

passed=0
failed=0
skipped=0
verdict() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        echo "FAILED: $2"
        failed=$((failed + 1))
    fi
}
machine() {
    local what=$1 expected=$2 start=$SECONDS status count
    shift 2
    echo "== $what"
    # An idle machine takes up to six minutes; a busy one has twenty.
    Tests/vm/vm.sh -t 1200 "$@" "$work/job.sh" "${carried[@]}" "${libraries[@]}" >"$work/log"
    status=$?
    # Of the Swift tests, what went wrong and the sum.
    sed -E 's/\x1b\[[0-9;]*m//g' "$work/log" | grep -avE '^(◇|↳|➜|✔ (Test [A-Za-z0-9_]+\(|Suite ))'
    grep -aq "^FSGSBASE: $expected" "$work/log" && grep -aq "^the runtime passes" "$work/log"
    verdict $? "the runtime on $what"
    grep -aq "^protection keys: [1-9]" "$work/log" && grep -aq "^the pool holds" "$work/log"
    verdict $? "the slots of a pool on $what"
    grep -aq "the same picture" "$work/log"
    verdict $? "the command on $what"
    if [ -e "$work/here.results" ]; then
        results "$work/log" >"$work/results"
        if [ "$status" = 0 ] && cmp -s "$work/here.results" "$work/results"; then
            echo "the Swift tests come out as they do here"
        else
            # Those that are missing, too, which is what a machine that dies leaves.
            echo "FAILED: the Swift tests on $what (status $status); here and there:"
            diff "$work/here.results" "$work/results"
            count=$(comm -23 "$work/here.results" "$work/results" | wc -l)
            failed=$((failed + (count > 0 ? count : 1)))
        fi
        passed=$((passed + $(comm -12 "$work/here.results" "$work/results" | grep -c '^passed')))
        skipped=$((skipped + $(grep -c '^skipped' "$work/results") + ${#left_out[@]}))
    else
        skipped=$((skipped + 1))
        [ "$status" = 0 ] || verdict 1 "$what ends with status $status"
    fi
    echo "$((SECONDS - start)) seconds"
}
machine "a kernel with FSGSBASE" yes
machine "a kernel without FSGSBASE (nofsgsbase)" no -a nofsgsbase
machine "a processor without FSGSBASE" no -c max,-fsgsbase

# Where there are no keys.
machine_without_keys() {
    local what=$1
    shift
    echo "== $what"
    Tests/vm/vm.sh "$@" "$work/pool" >"$work/log"
    verdict $? "the slots of a pool on $what"
    cat "$work/log"
    grep -aq "^protection keys: 0" "$work/log"
    verdict $? "that there are no keys on $what"
}
echo "== the slots of a pool, here"
"$work/pool"
verdict $? "the slots of a pool, here"
machine_without_keys "a processor without protection keys" -c max,-pku
machine_without_keys "a kernel that was told nopku" -a nopku

if [ -e "$work/here.results" ]; then
    echo "== skipped on each machine"
    sed -n 's/^skipped //p' "$work/here.results"
    for entry in "${left_out[@]}"; do echo "${entry%%:*}: ${entry#*:}"; done
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
