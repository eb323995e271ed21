# jq: JSON. Its own test suite, and a larger document. Built without regular expressions, which are another library's.

package=jq

prepare() {
    mkdir -p "$generated/src"
    sed -e 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$/\\n"/' "$source/src/builtin.jq" >"$generated/src/builtin.inc"
    echo '#define JQ_VERSION "1.6"' >"$generated/src/version.h"
}

compile() {
    local -a math
    # The functions of <math.h> that both C libraries have.
    for function in acos acosh asin asinh atan2 atan atanh cbrt ceil copysign cos cosh exp2 exp fabs fdim floor fma fmax fmin \
        fmod frexp hypot j0 j1 ldexp log10 log1p log2 log logb modf nearbyint nextafter nexttoward pow rint round scalbln sin \
        sinh sqrt tan tanh tgamma trunc y0 y1; do
        math+=("-DHAVE_${function^^}")
    done
    (cd "$source/src" && cc -D_GNU_SOURCE "${math[@]}" -DIEEE_8087 -DHAVE_MKSTEMP -DHAVE_MEMMEM -DHAVE_ISATTY -DHAVE_GMTIME_R \
        -DHAVE_GMTIME -DHAVE_STRPTIME -DHAVE_TIMEGM -DHAVE_STRFTIME -DHAVE_GETTIMEOFDAY -DHAVE_TM_TM_GMT_OFF \
        -I"$generated" -I"$source" -I. builtin.c bytecode.c compile.c execute.c jq_test.c jv.c jv_alloc.c jv_aux.c jv_dtoa.c \
        jv_file.c jv_parse.c jv_print.c jv_unicode.c linker.c locfile.c util.c lexer.c parser.c main.c)
}

inputs() {
    cp -r "$source"/tests/{jq.test,base64.test,modules,torture} .
    # A list of the source package's files, one object per line.
    (cd "$source" && find . -type f -printf '{"path": "%P", "size": %s}\n') | LC_ALL=C sort >files.json
}

case_own_tests() {
    run -L modules --run-tests jq.test
    run --run-tests base64.test
}

case_query() { run -s 'map(.dir = (.path | split("/")[0])) | group_by(.dir) | map({dir: .[0].dir, files: length, bytes: (map(.size) | add), mean: ((map(.size) | add) / length)}) | sort_by(.bytes)' files.json; }

case_large() {
    run -n -c '[range(60000) | {id: ., name: "n\(. * 7919 % 1000)", value: (. * 1.1 / 7), tags: [(. % 3), (. % 5 | tostring)], on: (. % 2 == 0)}]' >large.json
    run -r 'group_by(.name)[] | [.[0].name, length, (map(.value) | add), (map(.value) | max)] | @csv' large.json
    run -S 'map(select(.on and .value > 9000)) | unique_by(.tags) | map(.name |= ascii_upcase)' large.json
    run 'reduce .[] as $x ({}; .[$x.tags[1]] += $x.value) | to_entries | map(.value |= sqrt)' large.json
    run -c '[paths] | length' large.json
}

case_numbers() { run -c -n '1e1000, 0.1, 1/3, 1e17, 123456789012, -0.0, [.1, 1e-5, 1.5e300 * 1e10], (3 | pow(.; 0.5)), nan, infinite, ([1, 2.5] | tojson), (1425599621 | todate), ("2015-03-05T23:51:47Z" | fromdate), now > 0'; }

case_errors() {
    run '.a.b.c' <<<'{"a": [1]}'
    run . <<<'{"a": tru}'
    run '.[' <<<'{}'
    run -e '.missing' <<<'{}'
    run -n '"\(1;2)"'
    run . missing.json
}
