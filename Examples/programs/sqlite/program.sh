# SQLite's shell: a database in a granted directory and one in memory. WASI has no file locks, so the sandboxed one locks with
# directories, a way that SQLite knows (-vfs unix-dotfile); both do, so that their files are equal.

package=sqlite3

prepare() {
    # The amalgamation: SQLite in one file.
    (cd "$generated" && CC=$clang "$source/configure" --disable-tcl --disable-readline && make sqlite3.c shell.c)
}

compile() {
    # Numbers are formatted with the same precision on both sides; x86-64's `long double` is one that WebAssembly lacks.
    cc -DLONGDOUBLE_TYPE=double -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_WAL -DSQLITE_MAX_MMAP_SIZE=0 \
        -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE -DSQLITE_ENABLE_MATH_FUNCTIONS -DSQLITE_ENABLE_DBSTAT_VTAB \
        -DHAVE_READLINE=0 -I"$generated" "$generated/sqlite3.c" "$generated/shell.c"
}

inputs() {
    cat "$source"/src/*.c >text
}

case_disk() {
    run -batch -vfs unix-dotfile orders.db <orders.sql
    run -batch -vfs unix-dotfile orders.db .dump
}

# Changed by one run, read by the next.
case_reopen() {
    run -batch -vfs unix-dotfile small.db 'create table t(a integer primary key, b text); insert into t(b) values (1), (2.5), (null), (x'\''00ff'\'');'
    run -batch -vfs unix-dotfile small.db 'update t set b = b || a; select * from t; pragma integrity_check;'
    run -batch -vfs unix-dotfile -readonly small.db 'insert into t values (9, 9);'
    run -batch -vfs unix-dotfile small.db 'select count(*) from missing;'
    run -batch -vfs unix-dotfile -json small.db 'select a, typeof(b), b from t;'
}

case_memory() { run -batch :memory: <analysis.sql; }

case_text() { run -batch -vfs unix-dotfile text.db <search.sql; }
