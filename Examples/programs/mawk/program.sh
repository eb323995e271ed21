# mawk: an interpreter for AWK; its own test files, and reports on text.

package=mawk

prepare() {
    # Its configure script would ask this machine; the template's tail and the options below are enough.
    sed -n '/ifndef GCC_NORETURN/,$p' "$source/config_h.in" >"$generated/config.h"
    "$clang" -w -DSIZE_T_STDDEF_H -I"$generated" -I"$source" "$source/makescan.c" -o "$generated/makescan"
    "$generated/makescan" >"$generated/scancode.c"
}

compile() {
    local -a files
    mapfile -t files < <(ls "$source"/*.c | grep -vE '/(makescan|trace|rexp[0-9]*|rexpdb|regexp_system|fpe_check)\.c$')
    cc -DHAVE_ERRNO_H -DHAVE_FCNTL_H -DHAVE_ISNAN -DHAVE_MKTIME -DHAVE_STRFTIME -DHAVE_UNISTD_H -DLOCALE -DDECL_ENVIRON \
        -DSIZE_T_STDDEF_H -DNAME_RANDOM='"random"' -DSYSTEM_NAME='"any"' -I"$generated" -I"$source" \
        "${files[@]}" "$generated/scancode.c"
}

inputs() {
    cp "$source"/test/*.{awk,dat,out} .
    cp "$source"/examples/*.awk .
    cat "$source"/*.[chw] "$source"/man/mawk.doc >text
}

case_own_tests() {
    run -f wc.awk mawktest.dat
    run -f null-rs.awk null-rs.dat
    for number in 0 1 2 3 4 5 6 7; do run -f reg$number.awk mawktest.dat; done
    run -F '[^]]' -f wc.awk mawktest.dat
    run -F '(a?)*b' -f wc.awk mawktest.dat
    run -f wfrq0.awk mawktest.dat
    run -f nextfile.awk full-awk.dat mawktest.dat
    run -f decl.awk <decl-awk.out
}

case_examples() {
    run -f primes.awk 2 2000
    run -f qsort.awk text
    run -f nocomment.awk text
}

case_report() { run -f report.awk text; }

case_numbers() { run -f numbers.awk; }

case_stdin() { run -F'[^A-Za-z_]+' '{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) if (n[w] > 200) t += n[w]; print NR, t }' <text; }
