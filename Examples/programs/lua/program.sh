# Lua: an interpreter. WebAssembly 2.0 has no exceptions, which Lua's errors and coroutines are made of (with longjmp), so that
# these scripts do without.

package=lua5.4

prepare() {
    echo '#define DEB_HOST_MULTIARCH "none"' >"$generated/lua5.4-deb-multiarch.h"
}

compile() {
    local -a files errors=()
    mapfile -t files < <(ls "$source"/src/*.c | grep -v /luac.c)
    if [[ $(type cc) == *wasm32* ]]; then
        errors=('-DLUAI_THROW(L,c)=longjmp((c)->b, 1)' '-DLUAI_TRY(L,c,a)={ a }' '-Dluai_jmpbuf=jmp_buf')
    fi
    cc "${errors[@]}" -DLUA_COMPAT_5_3 -I"$generated" "${files[@]}"
}

inputs() {
    cat "$source"/doc/*.{html,1,css} >text
}

case_sort() { run sort.lua; }
case_strings() { run strings.lua text; }
case_closures() { run closures.lua one two three; }
case_numbers() { run numbers.lua; }
case_files() { run files.lua; }
case_mandelbrot() { run mandelbrot.lua 300 >mandelbrot.pbm; }
case_input() { run -e 'for line in io.lines() do print(#line, line:upper()) end' <text; }
