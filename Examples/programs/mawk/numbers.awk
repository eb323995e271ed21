# What numbers print as, and what strings become as numbers.

BEGIN {
    print 0.1, 1 / 3, 1e6, 1e7, 123456789, 1e15, 1e16, 1e100, -0.0, 2 ^ 53, 2 ^ 0.5, 100000 * 100000
    OFMT = "%.3g"
    print 3.14159, 1e10 / 3
    CONVFMT = "%.2f"
    a[0.125] = 1
    for (key in a) print key
    split("1 1.5 1e3 0x10 abc 12abc .5 -7 +3 1e 1e400", texts)
    for (i = 1; i <= 11; i++) printf "%s=%.10g ", texts[i], texts[i] + 0
    print ""
    split("%d %i %5d| %-5d| %05d %x %X %o %c %s %10.3s| %e %E %f %g %G %.0f %+.2f %%", formats)
    for (i = 1; i <= 19; i++) printf formats[i] " ", 42.625
    print ""
    printf "%.15f %.15f %.15f %.15f\n", sqrt(2), int(-3.7), exp(0), atan2(0, -1)
    printf "%.9f %.9f %.9f %.9f\n", sin(1), cos(1), exp(1), log(10)
    srand(42)
    for (i = 0; i < 200000; i++) buckets[int(rand() * 10)]++
    for (i = 0; i < 10; i++) printf "%d ", buckets[i]
    print ""
    for (i = 1; i < 1000000; i++) { x = (x * 16807 + i) % 2147483647; if (x % 2) odd++ }
    print x, odd, length(x), substr("hello world", 5, 3), toupper("mixed Case"), index("abc", "c"), match("foobar", /o+/), RSTART, RLENGTH
    exit 7
}
