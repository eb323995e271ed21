;; Linking: what one instance exports another imports, under any name, and both see the same thing; what doesn't fit is
;; refused; what an instantiation did before it failed stays done. Spec: 4.5.4, 4.5.3.

(module $library
  (memory (export "memory") 1 3)
  (table (export "table") 4 8 funcref)
  (global (export "constant") i32 (i32.const 11))
  (global $variable (export "variable") (mut i64) (i64.const 5))
  (func $load (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "size") (result i32) (memory.size))
  (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
  (func $own (result i32) (i32.load8_u (i32.const 0)))
  (func (export "two") (param f32) (result f32 i32) (local.get 0) (i32.const 2))
  (func (export "variable-value") (result i64) (global.get $variable))
  (data (i32.const 0) "L")
  (elem (i32.const 0) $own))
(register "library" $library)

;; A module with a memory of its own: each function reads its own module's.
(module $client
  (import "library" "load" (func $their-load (param i32) (result i32)))
  (import "library" "two" (func $two (param f32) (result f32 i32)))
  (import "library" "table" (table $table 1 8 funcref))
  (import "library" "variable" (global $variable (mut i64)))
  (memory 1)
  (data (i32.const 0) "C")
  (elem (table $table) (i32.const 1) func $own $calls-back)
  (func $own (result i32) (i32.load8_u (i32.const 0)))
  (func (export "both") (result i32 i32 i32)
    (call $own) (call $their-load (i32.const 0)) (call $own))
  ;; From here to there through the table, and what is called there may be from here again.
  (func $calls-back (result i32)
    (i32.add (i32.mul (call $their-load (i32.const 0)) (i32.const 1000))
      (i32.add (call_indirect (result i32) (i32.const 1)) (call_indirect (result i32) (i32.const 0)))))
  (func (export "two-from-there") (result f32 i32) (call $two (f32.const nan:0x200000)))
  (func (export "increment") (global.set $variable (i64.add (global.get $variable) (i64.const 1))))
  (func (export "replace") (table.set (i32.const 0) (ref.func $own)))
  (func (export "grow-table") (result i32) (table.grow (ref.func $own) (i32.const 2))))

(assert_return (invoke "both") (i32.const 67) (i32.const 76) (i32.const 67))
(assert_return (invoke "two-from-there") (f32.const nan:0x200000) (i32.const 2))
(assert_return (invoke $library "call" (i32.const 0)) (i32.const 76))
(assert_return (invoke $library "call" (i32.const 1)) (i32.const 67))
;; 76 * 1000 + 67 + 76
(assert_return (invoke $library "call" (i32.const 2)) (i32.const 76143))
(assert_trap (invoke $library "call" (i32.const 3)) "uninitialized element")
(assert_trap (invoke $library "call" (i32.const 4)) "undefined element")
(assert_return (invoke $client "increment"))
(assert_return (invoke $library "variable-value") (i64.const 6))
(assert_return (get $library "variable") (i64.const 6))
(assert_return (invoke $client "replace"))
(assert_return (invoke $library "call" (i32.const 0)) (i32.const 67))
(assert_return (invoke $client "grow-table") (i32.const 4))
(assert_return (invoke $library "call" (i32.const 5)) (i32.const 67))

;; A memory that three instances share, grown by one of them.
(module $sharer
  (import "library" "memory" (memory 1))
  (import "library" "load" (func $load (param i32) (result i32)))
  (data (i32.const 10) "shared")
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "read") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "write-and-ask") (param i32 i32) (result i32)
    (i32.store8 (local.get 0) (local.get 1))
    (call $load (local.get 0)))
  (export "again" (memory 0)))
(assert_return (invoke $library "load" (i32.const 10)) (i32.const 0x73))
(assert_return (invoke $sharer "write-and-ask" (i32.const 500) (i32.const 42)) (i32.const 42))
(assert_return (invoke $library "store" (i32.const 501) (i32.const 43)))
(assert_return (invoke $sharer "read" (i32.const 501)) (i32.const 43))
(assert_trap (invoke $library "load" (i32.const 65536)) "out of bounds memory access")
(assert_return (invoke $sharer "grow" (i32.const 1)) (i32.const 1))
(assert_return (invoke $library "size") (i32.const 2))
(assert_return (invoke $library "store" (i32.const 131071) (i32.const 9)))
(assert_return (invoke $sharer "read" (i32.const 131071)) (i32.const 9))
(assert_trap (invoke $sharer "read" (i32.const 131072)) "out of bounds memory access")

;; What is imported can be exported again, and the size that counts is the one it has by now.
(register "sharer" $sharer)
(module
  (import "sharer" "again" (memory 2 3))
  (func (export "read") (param i32) (result i32) (i32.load8_u (local.get 0))))
(assert_return (invoke "read" (i32.const 10)) (i32.const 0x73))
(assert_return (invoke "read" (i32.const 131071)) (i32.const 9))

;; A later registration under a name replaces the earlier one's exports.
(module (func (export "version") (result i32) (i32.const 1)))
(register "versioned")
(module (func (export "version") (result i32) (i32.const 2)))
(register "versioned")
(module (import "versioned" "version" (func $version (result i32)))
  (func (export "version") (result i32) (call $version)))
(assert_return (invoke "version") (i32.const 2))

;; Names are any Unicode text, empty or not.
(module $named
  (func (export "") (result i32) (i32.const 1))
  (func (export "größe \u{1f4a7}\00\"") (result i32) (i32.const 2)))
(register "" $named)
(module
  (import "" "" (func $empty (result i32)))
  (import "" "größe \f0\9f\92\a7\00\22" (func $odd (result i32)))
  (func (export "sum") (result i32) (i32.add (call $empty) (call $odd))))
(assert_return (invoke "sum") (i32.const 3))
(assert_return (invoke $named "größe 💧\u{0}\22") (i32.const 2))

(assert_unlinkable (module (import "library" "absent" (func))) "unknown import")
(assert_unlinkable (module (import "nowhere" "load" (func))) "unknown import")
;; The same letters to a reader, but not the same bytes.
(assert_unlinkable (module (import "" "gro\u{308}ße \u{1f4a7}\00\"" (func (result i32)))) "unknown import")
(assert_unlinkable (module (import "library" "load" (func (param i64) (result i32)))) "incompatible import type")
(assert_unlinkable (module (import "library" "load" (func (param i32)))) "incompatible import type")
(assert_unlinkable (module (import "library" "load" (global i32))) "incompatible import type")
(assert_unlinkable (module (import "library" "memory" (table 1 funcref))) "incompatible import type")
(assert_unlinkable (module (import "library" "constant" (func))) "incompatible import type")
(assert_unlinkable (module (import "library" "constant" (global i64))) "incompatible import type")
(assert_unlinkable (module (import "library" "constant" (global (mut i32)))) "incompatible import type")
(assert_unlinkable (module (import "library" "variable" (global i64))) "incompatible import type")
(assert_unlinkable (module (import "library" "memory" (memory 3))) "incompatible import type")
(assert_unlinkable (module (import "library" "memory" (memory 1 2))) "incompatible import type")
(assert_unlinkable (module (import "library" "table" (table 7 funcref))) "incompatible import type")
(assert_unlinkable (module (import "library" "table" (table 1 7 funcref))) "incompatible import type")
(assert_unlinkable (module (import "library" "table" (table 1 externref))) "incompatible import type")
;; Without a maximum, a memory may grow beyond any that is asked for.
(module (memory (export "unbounded") 1))
(register "unbounded")
(assert_unlinkable (module (import "unbounded" "unbounded" (memory 1 65536))) "incompatible import type")
(module (import "unbounded" "unbounded" (memory 0)))
(assert_unlinkable (module (import "spectest" "print_i32" (func (param f32)))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "memory" (memory 2))) "incompatible import type")
(module (import "spectest" "memory" (memory 1 2)) (import "spectest" "table" (table 10 20 funcref)))

;; Nothing happens if one import doesn't fit, though the others do.
(assert_unlinkable
  (module
    (import "library" "memory" (memory 1))
    (import "library" "table" (table 1 funcref))
    (import "library" "absent" (func))
    (data (i32.const 20) "never")
    (func $f (result i32) (i32.const 0))
    (elem (i32.const 3) $f))
  "unknown import")
(assert_return (invoke $library "load" (i32.const 20)) (i32.const 0))
(assert_trap (invoke $library "call" (i32.const 3)) "uninitialized element")

;; Segments are copied one after the other: those before the one that traps stay. Tables come first.
(assert_trap
  (module
    (import "library" "memory" (memory 1))
    (import "library" "table" (table 1 funcref))
    (func $thirteen (result i32) (i32.const 13))
    (elem (i32.const 3) $thirteen)
    (data (i32.const 30) "kept")
    (data (i32.const 131070) "lost")
    (data (i32.const 40) "never"))
  "out of bounds memory access")
(assert_return (invoke $library "load" (i32.const 30)) (i32.const 0x6b))
(assert_return (invoke $library "load" (i32.const 131070)) (i32.const 0))
(assert_return (invoke $library "load" (i32.const 40)) (i32.const 0))
;; The instance that failed lives on in the table.
(assert_return (invoke $library "call" (i32.const 3)) (i32.const 13))
(assert_trap
  (module
    (import "library" "memory" (memory 1))
    (data (i32.const 50) "start")
    (func $main (i32.store8 (i32.const 51) (i32.const 0x54)) (unreachable))
    (start $main))
  "unreachable")
(assert_return (invoke $library "load" (i32.const 50)) (i32.const 0x73))
(assert_return (invoke $library "load" (i32.const 51)) (i32.const 0x54))
