# zstd: compression with large windows and tables, so a large memory.

package=libzstd

compile() {
    (cd "$source" && cc -DZSTD_NOBENCH -DZSTD_NODICT -DZSTD_NOTRACE -DZSTD_DISABLE_ASM -Ilib -Ilib/common -Ilib/compress \
        lib/common/*.c lib/compress/*.c lib/decompress/*.c \
        programs/zstdcli.c programs/util.c programs/timefn.c programs/fileio.c programs/fileio_asyncio.c)
}

inputs() {
    (cd "$source" && find lib programs doc contrib -type f | LC_ALL=C sort | xargs cat) >text
}

case_levels() {
    for level in 1 3 9 19; do run -q -$level text -o text.$level.zst; done
    run -q --check --fast=3 -c <text >fast.zst
}

# Hash tables and a window of 128 MiB each and more.
case_ultra() {
    run -q --ultra -22 --long=27 text -o text.zst
    run -q -d --long=27 text.zst -o back
}

case_round_trip() {
    run -q -7 -k text
    run -q -t text.zst
    run -q -d -c text.zst
    run -l text.zst
}

case_damaged() {
    run -q -1 text -o text.zst
    head -c 100000 text.zst >short.zst
    run -q -t short.zst
    run -q -d -c <text
}
