;; Calls: arguments and results in their order, recursion, indirect calls and their checks, stacks that run out, start
;; functions, functions of the host. Spec: 4.4.8 (call, call_indirect), 4.5.5.

(module
  (type $unary (func (param i32) (result i32)))
  (type $binary (func (param i32 i32) (result i32)))
  ;; The same type under another index is the same type.
  (type $unary-again (func (param i32) (result i32)))
  (type $wide (func (param i64) (result i64)))

  (table $functions 9 funcref)
  (elem (i32.const 0) $double $square $add $widen $double $recurse-indirectly $pair)

  (func $double (type $unary) (i32.shl (local.get 0) (i32.const 1)))
  (func $square (type $unary-again) (i32.mul (local.get 0) (local.get 0)))
  (func $add (export "add") (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $widen (type $wide) (i64.add (local.get 0) (i64.const 0x100000000)))
  (func $pair (result i32 i32) (i32.const 1) (i32.const 2))

  (func (export "unary") (param $index i32) (param i32) (result i32)
    (call_indirect (type $unary) (local.get 1) (local.get $index)))
  (func (export "binary") (param $index i32) (result i32)
    (call_indirect $functions (type $binary) (i32.const 20) (i32.const 22) (local.get $index)))
  (func (export "wide") (param $index i32) (result i64)
    (call_indirect (param i64) (result i64) (i64.const 1) (local.get $index)))
  (func (export "two-results") (param $index i32) (result i32)
    (call_indirect (result i32 i32) (local.get $index)) (i32.sub))
  ;; An index known when the module is compiled.
  (func (export "constant-index") (result i32)
    (i32.add
      (call_indirect (type $unary) (i32.const 5) (i32.const 1))
      (call_indirect (type $unary-again) (i32.const 5) (i32.const 0))))
  (func (export "constant-mismatch") (drop (call_indirect (type $unary) (i32.const 5) (i32.const 2))))

  ;; Arguments are evaluated from the left, and the index of an indirect call last.
  (global $trail (mut i32) (i32.const 0))
  (func $step (param i32) (result i32)
    (global.set $trail (i32.add (i32.mul (global.get $trail) (i32.const 10)) (local.get 0)))
    (local.get 0))
  (func (export "order") (result i32)
    (global.set $trail (i32.const 0))
    (drop (call_indirect (type $binary)
      (call $step (i32.const 1)) (call $step (i32.const 4)) (call $step (i32.const 2))))
    (global.get $trail))

  (func $factorial (export "factorial") (param i64) (result i64)
    (if (result i64) (i64.eqz (local.get 0))
      (then (i64.const 1))
      (else (i64.mul (local.get 0) (call $factorial (i64.sub (local.get 0) (i64.const 1)))))))
  (func $even (export "even") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
  (func $odd (export "odd") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0))))

  ;; More parameters than there are registers, of every type.
  (func $many (param i32 i64 f32 f64 i32 i64 f32 f64 i32 i64 f32 f64) (result f64)
    (f64.add
      (f64.add
        (f64.convert_i32_s (i32.sub (i32.sub (local.get 0) (local.get 4)) (local.get 8)))
        (f64.convert_i64_s (i64.sub (i64.sub (local.get 1) (local.get 5)) (local.get 9))))
      (f64.add
        (f64.promote_f32 (f32.div (f32.sub (local.get 2) (local.get 6)) (local.get 10)))
        (f64.div (f64.sub (local.get 3) (local.get 7)) (local.get 11)))))
  (func (export "many") (result f64)
    (call $many
      (i32.const 100) (i64.const 200) (f32.const 6) (f64.const 8)
      (i32.const 1) (i64.const 2) (f32.const 2) (f64.const 3)
      (i32.const 10) (i64.const 20) (f32.const 4) (f64.const 10)))

  (func $reverse (export "reverse") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "reverse-twice") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
    (local $x i32) (local $y i64) (local $z f32)
    (call $reverse (local.get 0) (local.get 1) (local.get 2) (local.get 3))
    (local.set $x) (local.set $y) (local.set $z)
    (call $reverse-again (local.get $z) (local.get $y) (local.get $x)))
  (func $reverse-again (param f64 f32 i64 i32) (result i32 i64 f32 f64)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "no-results") (param i32) (call $drop (local.get 0)))
  (func $drop (param i32) (drop (local.get 0)))

  ;; Endless recursion, with and without anything left to do after the call.
  (func $recurse (export "recurse") (call $recurse))
  (func $recurse-indirectly (export "recurse-indirectly") (param i32) (result i32)
    (i32.add (call_indirect (type $unary) (local.get 0) (i32.const 5)) (i32.const 1)))
  (func $ping (export "ping") (param i64) (result i64) (call $pong (i64.add (local.get 0) (i64.const 1))))
  (func $pong (param i64) (result i64) (call $ping (i64.sub (local.get 0) (i64.const 1))))
  (func $depth (export "depth") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (call $depth (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
      (else (i32.const 0)))))

(assert_return (invoke "add" (i32.const 2) (i32.const 3)) (i32.const 5))
(assert_return (invoke "unary" (i32.const 0) (i32.const 21)) (i32.const 42))
(assert_return (invoke "unary" (i32.const 1) (i32.const 7)) (i32.const 49))
(assert_return (invoke "unary" (i32.const 4) (i32.const 21)) (i32.const 42))
(assert_trap (invoke "unary" (i32.const 2) (i32.const 1)) "indirect call type mismatch")
(assert_trap (invoke "unary" (i32.const 3) (i32.const 1)) "indirect call type mismatch")
(assert_trap (invoke "unary" (i32.const 7) (i32.const 1)) "uninitialized element")
(assert_trap (invoke "unary" (i32.const 8) (i32.const 1)) "uninitialized element")
(assert_trap (invoke "unary" (i32.const 9) (i32.const 1)) "undefined element")
(assert_trap (invoke "unary" (i32.const -1) (i32.const 1)) "undefined element")
(assert_return (invoke "binary" (i32.const 2)) (i32.const 42))
(assert_trap (invoke "binary" (i32.const 0)) "indirect call type mismatch")
(assert_return (invoke "two-results" (i32.const 6)) (i32.const -1))
(assert_trap (invoke "two-results" (i32.const 0)) "indirect call type mismatch")
(assert_return (invoke "wide" (i32.const 3)) (i64.const 0x100000001))
(assert_return (invoke "constant-index") (i32.const 35))
(assert_trap (invoke "constant-mismatch") "indirect call type mismatch")
(assert_return (invoke "order") (i32.const 142))
(assert_return (invoke "factorial" (i64.const 0)) (i64.const 1))
(assert_return (invoke "factorial" (i64.const 20)) (i64.const 2432902008176640000))
(assert_return (invoke "even" (i32.const 100)) (i32.const 1))
(assert_return (invoke "even" (i32.const 77)) (i32.const 0))
(assert_return (invoke "odd" (i32.const 200)) (i32.const 0))
(assert_return (invoke "odd" (i32.const 77)) (i32.const 1))
;; (100-1-10) + (200-2-20) + (6-2)/4 + (8-3)/10
(assert_return (invoke "many") (f64.const 268.5))
(assert_return
  (invoke "reverse" (i32.const 1) (i64.const -2) (f32.const -0) (f64.const nan:0x4000000000000))
  (f64.const nan:0x4000000000000) (f32.const -0) (i64.const -2) (i32.const 1))
(assert_return
  (invoke "reverse-twice" (i32.const 1) (i64.const -2) (f32.const nan:0x200000) (f64.const 4))
  (i32.const 1) (i64.const -2) (f32.const nan:0x200000) (f64.const 4))
(assert_return (invoke "no-results" (i32.const 1)))

;; A stack that ran out can be used again.
(assert_exhaustion (invoke "recurse") "call stack exhausted")
(assert_return (invoke "depth" (i32.const 1000)) (i32.const 1000))
(assert_exhaustion (invoke "recurse-indirectly" (i32.const 0)) "call stack exhausted")
(assert_exhaustion (invoke "ping" (i64.const 0)) "call stack exhausted")
(assert_exhaustion (invoke "depth" (i32.const -1)) "call stack exhausted")
(assert_return (invoke "depth" (i32.const 1000)) (i32.const 1000))

;; Frames too large for the stack's guard to catch by chance.
(module
  (func $large (export "large") (param i64) (result i64)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.set 1 (i64.mul (local.get 0) (i64.const 3)))
    (local.set 2 (call $large (i64.add (local.get 1) (i64.const 1))))
    (local.set 3 (call $large (i64.add (local.get 2) (local.get 1))))
    (local.set 4 (call $large (i64.add (local.get 3) (local.get 2))))
    (i64.add (i64.add (local.get 1) (local.get 2)) (i64.add (local.get 3) (local.get 4)))))
(assert_exhaustion (invoke "large" (i64.const 1)) "call stack exhausted")

;; The start function runs once the segments are in place.
(module
  (memory (data "\05"))
  (global $value (mut i32) (i32.const 0))
  (func $main (global.set $value (i32.add (global.get $value) (i32.load8_u (i32.const 0)))))
  (start $main)
  (func (export "value") (result i32) (global.get $value)))
(assert_return (invoke "value") (i32.const 5))
(assert_return (invoke "value") (i32.const 5))

;; Functions of the host's, called directly, through a table and by name.
(module
  (import "spectest" "print" (func $print))
  (import "spectest" "print_i32" (func $print_i32 (param i32)))
  (import "spectest" "print_i32_f32" (func (param i32 f32)))
  (import "spectest" "print_f64_f64" (func $print_f64_f64 (param f64 f64)))
  (export "print_i32" (func $print_i32))
  (table funcref (elem $print $print_f64_f64))
  (func (export "print-all")
    (call $print) (call $print_i32 (i32.const 1)) (call 2 (i32.const 1) (f32.const 2))
    (call_indirect (i32.const 0))
    (call_indirect (param f64 f64) (f64.const 1) (f64.const 2) (i32.const 1)))
  (func (export "mismatch") (call_indirect (param i32) (i32.const 1) (i32.const 1))))
(assert_return (invoke "print-all"))
(assert_trap (invoke "mismatch") "indirect call type mismatch")
(invoke "print_i32" (i32.const 7))

(assert_invalid (module (func $f (param i32)) (func (call $f))) "type mismatch")
(assert_invalid (module (func $f (param i32)) (func (call $f (i64.const 1)))) "type mismatch")
(assert_invalid (module (func (call 1))) "unknown function")
(assert_invalid (module (func (call_indirect (i32.const 0)))) "unknown table")
(assert_invalid (module (table 1 externref) (func (call_indirect (i32.const 0)))) "type mismatch")
(assert_invalid (module (table 1 funcref) (func (call_indirect (type 5) (i32.const 0)))) "unknown type")
(assert_invalid (module (func $f (param i32)) (start $f)) "start function")
(assert_invalid (module (start 3)) "unknown function")
