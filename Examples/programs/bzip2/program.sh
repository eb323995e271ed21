# bzip2: block-sorting compression. Files, standard input and output, and a program that tests what it made.

package=bzip2

compile() {
    (cd "$source" && cc -D_FILE_OFFSET_BITS=64 bzip2.c bzlib.c blocksort.c huffman.c crctable.c randtable.c compress.c decompress.c)
}

inputs() {
    cp "$source"/sample[123].{ref,bz2} .
    cat "$source"/*.c "$source"/manual.{html,ps,xml} "$source"/words* >text
}

case_compress() {
    run -9 -k text
    run -1 -c -v sample1.ref >sample1.bz2
    run -s -c <sample2.ref >sample2.bz2
    run -t -v text.bz2
}

case_decompress() {
    for sample in 1 2 3; do run -d -c sample$sample.bz2; done
    run -d -k -f sample3.bz2
}

case_damaged() {
    head -c 20000 sample1.bz2 >short.bz2
    run -t short.bz2
    run -d -c <text
}
