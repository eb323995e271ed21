"""Runs a kernel in Wasmtime: for each line with a count, answers with the checksum and the nanoseconds of this thread."""

import sys
import time

import wasmtime

engine = wasmtime.Engine()
store = wasmtime.Store(engine)
instance = wasmtime.Instance(store, wasmtime.Module.from_file(engine, sys.argv[1]), [])
run = instance.exports(store)["run"]
for line in sys.stdin:
    count = int(line)
    start = time.thread_time_ns()
    result = run(store, count)
    elapsed = time.thread_time_ns() - start
    print(result & 0xFFFFFFFF, elapsed, flush=True)
