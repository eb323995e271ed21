;; What runtime.c drives: a memory of its own, a host import, and a way into every kind of trap.
(module
  (import "host" "visit" (func $visit (param i32) (result i32)))
  (memory (export "memory") 1 3)
  (global $calls (mut i32) (i32.const 0))
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $twice)

  (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "poke") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (export "peek") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))

  ;; Writes a marker, calls the host, which may come back into this instance or another one, and reads the marker again.
  (func (export "descend") (param $depth i32) (param $marker i32) (result i32)
    (local $result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store (i32.mul (local.get $depth) (i32.const 4)) (local.get $marker))
    (local.set $result (call $visit (local.get $depth)))
    (if (i32.ne (i32.load (i32.mul (local.get $depth) (i32.const 4))) (local.get $marker))
      (then unreachable))
    (i32.add (local.get $result) (local.get $marker)))
  (func (export "calls") (result i32) (global.get $calls))

  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "stop") unreachable)
  (func $recurse (export "recurse") (param i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func (export "spin") (param i32) (result i32)
    (loop $again (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if $again (i32.const 1)))
    (local.get 0))
  (func (export "fill") (loop $again
    (memory.fill (i32.const 128) (i32.const 0) (i32.const 65000)) (br $again)))
  (func (export "visits") (result i32)
    (loop $again (drop (call $visit (i32.const 0))) (br $again))
    unreachable)
  (func (export "tables") (loop $again
    (table.copy (i32.const 0) (i32.const 0) (i32.const 1)) (br $again)))
  (func (export "indirect") (param i32 i32) (result i32)
    (call_indirect (param i32) (result i32) (local.get 1) (local.get 0))))
