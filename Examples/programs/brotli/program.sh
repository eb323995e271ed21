# brotli: compression that weighs what it does in floating point.

package=brotli

compile() {
    (cd "$source" && cc -DNDEBUG -Ic/include c/common/*.c c/dec/*.c c/enc/*.c c/tools/*.c)
}

inputs() {
    cat "$source"/c/*/*.[ch] "$source"/docs/* >text
}

case_qualities() {
    for quality in 0 1 5 9; do run -q $quality -k -o text.$quality.br text; done
}

case_best() {
    run -q 11 -w 24 -k text
    run -d -k -o back text.br
}

case_stream() {
    run -q 6 -c <text >text.br
    run -t text.br
    run -d -c <text.br
}

case_damaged() {
    run -q 6 -c <text >text.br
    head -c 10000 text.br >short.br
    run -t short.br
}
