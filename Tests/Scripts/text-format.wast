;; The text format: what may be written in more than one way, what literals mean, and what is malformed. Spec: 6.

;; Plain instructions and folded ones, mixed.
(module
  (func (export "plain") (param i32 i32) (result i32)
    local.get 0
    local.get 1
    i32.add
    if (result i32)
      i32.const 10
    else
      i32.const 20
    end)
  (func (export "mixed") (param $x i32) (result i32)
    block $out (result i32)
      (local.get $x)
      (if (then i32.const 1 br $out) (else nop))
      (loop $again (result i32)
        (local.tee $x (i32.sub (local.get $x) (i32.const 1)))
        (br_if $again (i32.gt_s (local.get $x) (i32.const -5))))
    end $out)
  ;; Labels are counted from the inside, and an inner name hides an outer one.
  (func (export "labels") (result i32)
    block $l (result i32)
      block $l (result i32)
        i32.const 1
        br $l
      end $l
      i32.const 10
      i32.add
      br 0
    end)
  (func (export "if-else-labels") (param i32) (result i32)
    (local.get 0)
    if $a (result i32) i32.const 1 else $a i32.const 2 end $a))
(assert_return (invoke "plain" (i32.const 1) (i32.const 2)) (i32.const 10))
(assert_return (invoke "plain" (i32.const 1) (i32.const -1)) (i32.const 20))
(assert_return (invoke "mixed" (i32.const 1)) (i32.const 1))
(assert_return (invoke "mixed" (i32.const 0)) (i32.const -5))
(assert_return (invoke "labels") (i32.const 11))
(assert_return (invoke "if-else-labels" (i32.const 1)) (i32.const 1))
(assert_return (invoke "if-else-labels" (i32.const 0)) (i32.const 2))

;; Abbreviations: imports and exports inline, several at once; parameters and locals in one list; segments inline.
(module
  (import "spectest" "global_i32" (global $imported i32))
  (func $print (export "print") (export "print-too") (import "spectest" "print_i32") (param i32))
  (memory $m (export "m") (export "m-too") (data "ab" "" "c" "\64"))
  (table $t (export "t") externref (elem (ref.null extern) (ref.null extern)))
  (global $g (export "g") (export "g-too") (mut i64) (i64.const 3))
  (type $pair (func (param i32 i64) (param $named f32) (result i32) (result i64)))
  (func $pair (export "pair") (type $pair) (local i32 i32) (local $l i64)
    (local.get 0) (i64.extend_i32_s (local.get 3)) (i64.add (local.get $l)) (i64.add (local.get 1)))
  ;; The type named, and said again.
  (func (export "pair-again") (type $pair) (param $a i32) (param $b i64) (param f32) (result i32 i64)
    (call $pair (local.get $a) (local.get $b) (local.get 2)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "sizes") (result i32 i32) (memory.size) (table.size)))
(assert_return (invoke "pair" (i32.const 1) (i64.const 2) (f32.const 3)) (i32.const 1) (i64.const 2))
(assert_return (invoke "pair-again" (i32.const 4) (i64.const 5) (f32.const 6)) (i32.const 4) (i64.const 5))
(assert_return (invoke "load" (i32.const 2)) (i32.const 0x63))
(assert_return (invoke "load" (i32.const 3)) (i32.const 0x64))
(assert_return (invoke "load" (i32.const 4)) (i32.const 0))
(assert_return (invoke "sizes") (i32.const 1) (i32.const 2))
(assert_return (get "g-too") (i64.const 3))
(assert_return (invoke "print-too" (i32.const 1)))

;; Comments and white space; identifiers of every character there is for them.
(module (; a comment (; within (;;) one ;) ends here ;)
  ;; and one to the end of the line (; that opens nothing
  (func $!#$%&'*+-./:<=>?@\^_`|~az09AZ (export "odd-name") (result i32)(i32.const(;;)5))
  (func	(export "tab")(result i32)(call $!#$%&'*+-./:<=>?@\^_`|~az09AZ)))
(assert_return (invoke "odd-name") (i32.const 5))
(assert_return (invoke "tab") (i32.const 5))

;; Numbers.
(module
  (func (export "i32") (result i32 i32 i32 i32 i32)
    (i32.const 4_294_967_295) (i32.const -2147483648) (i32.const +0xFFFF_ffff) (i32.const -0x8000_0000) (i32.const 007))
  (func (export "i64") (result i64 i64)
    (i64.const 18446744073709551615) (i64.const -0x8000000000000000))
  (func (export "f32") (result f32 f32 f32 f32 f32 f32)
    (f32.const 1_0.5_0e-1) (f32.const 0x1.8p1) (f32.const -0x0.8P+2) (f32.const 0x10) (f32.const 5.) (f32.const +1E2))
  (func (export "special") (result f32 f32 f64 f64 f64)
    (f32.const -inf) (f32.const -nan) (f64.const nan:0x8_0000_0000_0001) (f64.const -nan:0x1) (f64.const +inf))
  ;; Read once and rounded once, however long.
  (func (export "rounding") (result f32 f32 f64 f64)
    (f32.const 16777217) (f32.const 1.00000017881393432617187500001)
    (f64.const 9007199254740993) (f64.const 0x1.00000000000008000000000000000000001p0))
  (func (export "extremes") (result f32 f64 f64 f64)
    (f32.const 3.4028235e38) (f64.const 4.9e-324) (f64.const 1.7976931348623157e308)
    (f64.const 2.4703282292062327e-324)))
(assert_return (invoke "i32")
  (i32.const -1) (i32.const 0x80000000) (i32.const -1) (i32.const 0x80000000) (i32.const 7))
(assert_return (invoke "i64") (i64.const -1) (i64.const 0x8000000000000000))
(assert_return (invoke "f32")
  (f32.const 1.05) (f32.const 3) (f32.const -2) (f32.const 16) (f32.const 5) (f32.const 100))
(assert_return (invoke "special")
  (f32.const -inf) (f32.const -nan:0x400000) (f64.const nan:0x8000000000001) (f64.const -nan:0x1) (f64.const inf))
(assert_return (invoke "rounding")
  (f32.const 16777216) (f32.const 0x1.000004p+0) (f64.const 9007199254740992) (f64.const 0x1.0000000000001p+0))
(assert_return (invoke "extremes")
  (f32.const 0x1.fffffep+127) (f64.const 0x1p-1074) (f64.const 0x1.fffffffffffffp+1023) (f64.const 0))

;; Strings.
(module
  (memory 1)
  (data (i32.const 0) "\t\n\r\"\'\\\00\fF\u{41}\u{00e9}\u{20ac}\u{10_FFFF}é")
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0))))
(assert_return (invoke "load" (i32.const 0)) (i64.const 0xff005c27220d0a09))
(assert_return (invoke "load" (i32.const 8)) (i64.const 0x8ff4ac82e2a9c341))
(assert_return (invoke "load" (i32.const 16)) (i64.const 0x00000000a9c3bfbf))

(module quote "(func (export \"quoted\") (result i32)" "(i32.const 0x2a))")
(assert_return (invoke "quoted") (i32.const 42))
(module quote "")
(module $empty)
(module)

;; Words that are none, or that stand where they may not.
(assert_malformed (module quote "(func (i32.bogus))") "unknown operator")
(assert_malformed (module quote "(func (i32.const))") "unexpected token")
(assert_malformed (module quote "(func nop))") "unexpected token")
(assert_malformed (module quote "(bogus)") "unknown operator")
(assert_malformed (module quote "(func (result i32) (param i32))") "unexpected token")
(assert_malformed (module quote "(func (local i32) (param i32))") "unexpected token")
(assert_malformed (module quote "(func (nop) (local i32))") "unexpected token")
(assert_malformed (module quote "(func (if (i32.const 0) (else) (then)))") "unexpected token")
(assert_malformed (module quote "(memory)") "unexpected token")
(assert_malformed (module quote "(func") "unexpected token")
(assert_malformed (module quote "(memory 1)(func (drop (i32.load align=1 offset=1 (i32.const 0))))") "unexpected token")
(assert_malformed (module quote "(func $)") "empty identifier")
;; Blocks whose ends don't fit.
(assert_malformed (module quote "(func block end end)") "unexpected token")
(assert_malformed (module quote "(func block $a end $b)") "mismatching label")
(assert_malformed (module quote "(func $a if end $a)") "mismatching label")
(assert_malformed (module quote "(func i32.const 0 if $a else $b end)") "mismatching label")
;; Names that nothing has, or two things have.
(assert_malformed (module quote "(func (call $absent))") "unknown function")
(assert_malformed (module quote "(func (local.get $absent))") "unknown local")
(assert_malformed (module quote "(func (global.get $absent))") "unknown global")
(assert_malformed (module quote "(func (br $absent))") "unknown label")
(assert_malformed (module quote "(func (type $absent))") "unknown type")
(assert_malformed (module quote "(func (table.size $absent))") "unknown table")
(assert_malformed
  (module quote "(memory 1) (func (memory.init $absent (i32.const 0) (i32.const 0) (i32.const 0)))")
  "unknown data segment")
(assert_malformed (module quote "(func $f) (func $f)") "duplicate func")
(assert_malformed (module quote "(func (param $x i32) (local $x i32))") "duplicate local")
(assert_malformed (module quote "(memory $m 1) (memory $m 1)") "duplicate memory")
(assert_malformed (module quote "(table $t 1 funcref) (table $t 1 funcref)") "duplicate table")
(assert_malformed (module quote "(global $g i32 (i32.const 0)) (global $g i32 (i32.const 0))") "duplicate global")
(assert_malformed (module quote "(type $t (func)) (type $t (func))") "duplicate type")
;; A type said twice, differently.
(assert_malformed (module quote "(type $t (func (param i32))) (func (type $t) (param i64))") "inline function type")
(assert_malformed (module quote "(type $t (func)) (func (type $t) (result i32) (i32.const 0))") "inline function type")
;; Imports come first.
(assert_malformed (module quote "(func) (import \"m\" \"f\" (func))") "import after function")
(assert_malformed (module quote "(memory 1) (import \"m\" \"f\" (func))") "import after memory")
(assert_malformed (module quote "(table 1 funcref) (import \"m\" \"f\" (func))") "import after table")
(assert_malformed (module quote "(global i32 (i32.const 0)) (import \"m\" \"f\" (func))") "import after global")
(assert_malformed (module quote "(start 0) (start 0) (func)") "multiple start sections")
;; Numbers out of range, or that only look like numbers.
(assert_malformed (module quote "(func (i32.const 4294967296) drop)") "constant out of range")
(assert_malformed (module quote "(func (i32.const -2147483649) drop)") "constant out of range")
(assert_malformed (module quote "(func (i64.const 0x1_0000_0000_0000_0000) drop)") "constant out of range")
(assert_malformed (module quote "(func (f32.const 0x1p128) drop)") "constant out of range")
(assert_malformed (module quote "(func (f64.const 1e309) drop)") "constant out of range")
(assert_malformed (module quote "(func (f32.const nan:0x800000) drop)") "constant out of range")
(assert_malformed (module quote "(func (f32.const nan:0x0) drop)") "constant out of range")
(assert_malformed (module quote "(func (i32.const 1__0) drop)") "unknown operator")
(assert_malformed (module quote "(func (i32.const 0x) drop)") "unknown operator")
(assert_malformed (module quote "(func (i32.const _1) drop)") "unknown operator")
(assert_malformed (module quote "(func (i32.const 1.0) drop)") "unexpected token")
(assert_malformed (module quote "(func (f32.const .5) drop)") "unknown operator")
(assert_malformed (module quote "(func (f32.const 1e) drop)") "unknown operator")
(assert_malformed (module quote "(func (f32.const nan:1) drop)") "unknown operator")
(assert_malformed (module quote "(func (local.get 4294967296))") "i32 constant")
(assert_malformed (module quote "(memory 1) (func (drop (i32.load align=3 (i32.const 0))))") "alignment")
(assert_malformed (module quote "(memory 1) (func (drop (i32.load align=0 (i32.const 0))))") "alignment")
(assert_malformed (module quote "(memory 1) (func (drop (i32.load offset=4294967296 (i32.const 0))))") "i32 constant")
;; Text that is none.
(assert_malformed (module quote "(func (export \"\ff\"))") "malformed UTF-8 encoding")
(assert_malformed (module quote "(import \"\80\" \"\" (func))") "malformed UTF-8 encoding")
(assert_malformed (module quote "(func (; no end") "unclosed comment")
(assert_malformed (module quote "(memory (data \"\\q\"))") "illegal escape")
(assert_malformed (module quote "(memory (data \"no end") "unclosed string")
(assert_malformed (module quote "(func (export \"\\u{110000}\"))") "illegal escape")
