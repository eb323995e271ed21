;; The binary format: sections, integers in more bytes than they need, names, and bytes that are no module. Spec: 5.

(module binary "\00asm\01\00\00\00")

;; Every section there is, in its order.
(module binary "\00asm" "\01\00\00\00"
  "\01\0c\03\60\00\01\7f\60\01\7f\00\60\00\00"           ;; types [] -> [i32], [i32] -> [], [] -> []
  "\02\16\01\08spectest\09print_i32\00\01"               ;; the import of function 0, of type 1
  "\03\04\03\00\02\00"                                   ;; functions 1 to 3, of types 0, 2 and 0
  "\04\04\01\70\00\04"                                   ;; a table of 4 funcref or more
  "\05\04\01\01\01\02"                                   ;; a memory of 1 to 2 pages
  "\06\06\01\7f\01\41\05\0b"                             ;; a variable of type i32, which is 5 at first
  "\07\0e\02\03get\00\01\04load\00\03"                   ;; two exports
  "\08\01\02"                                            ;; function 2 to start with
  "\09\07\01\00\41\01\0b\01\03"                          ;; function 3 as element 1
  "\0c\01\02"                                            ;; two data segments to come
  "\0a\1f\03"                                            ;; three bodies:
    "\0a\00\23\00\41\01\11\00\00\6a\0b"                  ;; global.get 0, element 1 called, i32.add
    "\0a\00\41\06\24\00\23\00\10\00\0b"                  ;; the global set to 6, and printed
    "\07\00\41\03\2d\00\00\0b"                           ;; i32.load8_u at 3
  "\0b\0a\02\00\41\03\0b\01\58\01\01\59")                ;; an active segment and a passive one
(assert_return (invoke "load") (i32.const 0x58))
(assert_return (invoke "get") (i32.const 94))

;; Custom sections may stand anywhere, any number of times; a name section that is broken is ignored.
(module binary "\00asm\01\00\00\00"
  "\00\01\00"                                            ;; a custom section without name or content
  "\00\05\04name"
  "\01\05\01\60\00\01\7f"
  "\00\08\04name\01\ff\ff"                               ;; a name section that breaks off
  "\03\02\01\00"
  "\07\05\01\01f\00\00"
  "\00\09\04name\00\02\01\6d"                            ;; one that names the module m
  "\0a\06\01\04\00\41\2a\0b"
  "\00\03\01z\00")
(assert_return (invoke "f") (i32.const 42))

;; Integers may have more bytes than they need, up to the number their type could.
(module binary "\00asm\01\00\00\00"
  "\01\09\81\80\00\60\80\00\81\00\7e"                    ;; type [] -> [i64]
  "\03\06\01\80\80\80\80\00"
  "\05\07\01\00\81\80\80\80\00"                          ;; a memory of one page
  "\07\07\01\01f\00\80\80\00"
  ;; i32.const -1, drop, i64.const 66
  "\0a\17\01\94\00\00\41\ff\ff\ff\ff\7f\1a\42\c2\80\80\80\80\80\80\80\80\00\0b")
(assert_return (invoke "f") (i64.const 66))

;; The header.
(assert_malformed (module binary "") "unexpected end")
(assert_malformed (module binary "\00as") "unexpected end")
(assert_malformed (module binary "\00asm\01\00\00") "unexpected end")
(assert_malformed (module binary "asm\00\01\00\00\00") "magic header not detected")
(assert_malformed (module binary "\00asm\02\00\00\00") "unknown binary version")

;; Sections.
(assert_malformed (module binary "\00asm\01\00\00\00" "\0f\00") "malformed section id")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01") "unexpected end")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\05\01") "length out of bounds")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\ff\ff\ff\ff\0f") "length out of bounds")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\05\01\60\00\00\00") "section size mismatch")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\04\01\00\01\00") "section size mismatch")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\03\01\60\00\00") "section size mismatch")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\01\04\01\60\00\00")
  "unexpected content after last section")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\05\03\01\00\00" "\04\04\01\70\00\00")
  "unexpected content after last section")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00")
  "function and code section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\0a\04\01\02\00\0b")
  "function and code section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\0c\01\01")
  "data count and data section have inconsistent lengths")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\05\03\01\00\00" "\0c\01\02" "\0b\03\01\01\00")
  "data count and data section have inconsistent lengths")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\00") "unexpected end")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\02\04\6e") "length out of bounds")

;; Integers, names, and bytes that must be one of a few.
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\80\80\80\80\80\00") "integer representation too long")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\ff\ff\ff\ff\1f") "integer too large")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\05\08\01\00\82\80\80\80\80\00")
  "integer representation too long")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\07\01\00\82\80\80\80\70") "integer too large")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0b\01\09\00\41\80\80\80\80\10\1a\0b")
  "integer too large")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00"
    "\0a\10\01\0e\00\42\80\80\80\80\80\80\80\80\80\7e\1a\0b")
  "integer too large")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\05\01\60\00\01\7a") "malformed value type")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\40\00\00") "malformed function type")
(assert_malformed (module binary "\00asm\01\00\00\00" "\02\05\01\00\00\05\00") "malformed import kind")
(assert_malformed (module binary "\00asm\01\00\00\00" "\07\04\01\00\05\00") "malformed export kind")
(assert_malformed (module binary "\00asm\01\00\00\00" "\06\06\01\7f\02\41\00\0b") "malformed mutability")
(assert_malformed (module binary "\00asm\01\00\00\00" "\02\06\01\01\ff\00\00\00") "malformed UTF-8 encoding")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\02\01\ff") "malformed UTF-8 encoding")
(assert_malformed (module binary "\00asm\01\00\00\00" "\04\04\01\7f\00\00") "malformed reference type")

;; Code: a body's size, its locals, its instructions.
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\02\00\01")
  "unexpected end")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\0b\0b")
  "section size mismatch")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\ff\0b")
  "illegal opcode")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\fc\1f\0b")
  "illegal opcode")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0c\01\0a\02\ff\ff\ff\ff\0f\7f\01\7e\0b")
  "too many locals")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01"
    "\0a\07\01\05\00\3f\01\1a\0b")
  "zero byte expected")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01"
    "\0a\0e\01\0c\00\41\00\41\00\41\00\fc\08\00\00\0b")
  "data count section required")
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\05\0b")
  "END opcode expected")

;; A valid grammar is not yet a valid module.
(assert_invalid (module binary "\00asm\01\00\00\00" "\03\02\01\00" "\0a\04\01\02\00\0b") "unknown type")
(assert_invalid (module binary "\00asm\01\00\00\00" "\08\01\00") "unknown function")
(assert_invalid
  (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\1a\0b")
  "type mismatch")
(assert_invalid (module binary "\00asm\01\00\00\00" "\06\06\01\7f\00\23\00\0b") "unknown global")
