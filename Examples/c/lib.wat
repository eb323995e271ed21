;; A small library to call from C: it works on text in its own memory, and asks the program that uses it to print.
(module $lib
  (import "env" "print" (func $print (param $text i32) (param $count i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x10) "hello from the sandbox")

  (func (export "greet")
    (call $print (i32.const 0x10) (i32.const 22)))

  ;; Makes letters upper case, and returns how many there were to change.
  (func $shout (export "shout") (param $text i32) (param $count i32) (result i32) (local $changed i32) (local $byte i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $byte (i32.load8_u (local.get $text)))
        (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
          (then
            (i32.store8 (local.get $text) (i32.sub (local.get $byte) (i32.const 32)))
            (local.set $changed (i32.add (local.get $changed) (i32.const 1)))))
        (local.set $text (i32.add (local.get $text) (i32.const 1)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))
    (local.get $changed))

  ;; Quotient and remainder: two results.
  (func (export "divide") (param $a i64) (param $b i64) (result i64 i64)
    (i64.div_s (local.get $a) (local.get $b))
    (i64.rem_s (local.get $a) (local.get $b)))

  (func (export "mean") (param $a f64) (param $b f32) (result f64)
    (f64.mul (f64.add (local.get $a) (f64.promote_f32 (local.get $b))) (f64.const 0.5))))
