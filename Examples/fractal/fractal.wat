;; Draws Mandelbrot and Julia sets in a terminal.
;;
;;     bulkhead run --dir Examples/fractal::/data Examples/fractal/fractal.wat [SCENE [COLUMNS [ascii]]]
;;
;; Scenes are files NAME.scene in the directory that it is given; without one, there is a scene built in. Written by hand and for
;; WASI preview 1, so that nothing but this file is needed: no C compiler for WebAssembly, no C library.
(module $fractal
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir" (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  ;; Memory:  0x0000 what WASI calls return       0x0010 an iovec: address, count
  ;;          0x0020 the directory's name         0x0100 the palette, a colour to 8 bytes
  ;;          0x0200 text                         0x1000 arguments: addresses, at 0x1200 strings
  ;;          0x4000 directory entries            0x8000 scene names, sorted: address, length
  ;;          0x9000 the scene file               0x10000 output, not yet written
  (memory (export "memory") 2)

  (data (i32.const 0x100)  ;; The palette of the scene that is built in. Colours are 16-bit lanes: blue, green, red.
    "\64\00\07\00\00\00\00\00" "\cb\00\6b\00\20\00\00\00" "\ff\00\ff\00\ed\00\00\00"
    "\00\00\aa\00\ff\00\00\00" "\00\00\02\00\00\00\00\00")
  (data (i32.const 0x200) "No directory was granted (--dir HOST::GUEST): here is the scene that is built in.\n\00")
  (data (i32.const 0x280) "Scenes in \00")
  (data (i32.const 0x2a0) ".scene\00")
  (data (i32.const 0x2c0) "fractal: there is no scene \00")
  (data (i32.const 0x2e0) "fractal: too many arguments\n\00")
  (data (i32.const 0x300) " .:-=+*#%@")
  (data (i32.const 0x320) "fractal: WASI call failed\n\00")

  ;; The scene.
  (global $is_julia (mut i32) (i32.const 0))
  (global $constant_x (mut f64) (f64.const 0))
  (global $constant_y (mut f64) (f64.const 0))
  (global $center_x (mut f64) (f64.const -0.65))
  (global $center_y (mut f64) (f64.const 0))
  (global $width (mut f64) (f64.const 3.2))
  (global $depth (mut i32) (i32.const 200))
  (global $density (mut f64) (f64.const 0.05))  ;; How much of the palette one more iteration takes.
  (global $colors (mut i32) (i32.const 5))

  (global $columns (mut i32) (i32.const 80))
  (global $rows (mut i32) (i32.const 0))
  (global $names (mut i32) (i32.const 0))  ;; How many scenes there are.

  ;; -- Output ------------------------------------------------------------------------------------------------------------

  (global $out (mut i32) (i32.const 0x10000))  ;; Where the next byte goes.

  (func $put (param $byte i32)
    (i32.store8 (global.get $out) (local.get $byte))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))

  (func $put_bytes (param $address i32) (param $count i32)
    (memory.copy (global.get $out) (local.get $address) (local.get $count))
    (global.set $out (i32.add (global.get $out) (local.get $count))))

  ;; Text that ends in a NUL.
  (func $put_text (param $address i32)
    (call $put_bytes (local.get $address) (call $length (local.get $address))))

  (func $length (param $text i32) (result i32) (local $end i32)
    (local.set $end (local.get $text))
    (loop $next
      (if (i32.load8_u (local.get $end))
        (then
          (local.set $end (i32.add (local.get $end) (i32.const 1)))
          (br $next))))
    (i32.sub (local.get $end) (local.get $text)))

  ;; In decimal.
  (func $put_number (param $number i32)
    (if (i32.ge_u (local.get $number) (i32.const 10))
      (then (call $put_number (i32.div_u (local.get $number) (i32.const 10)))))
    (call $put (i32.add (i32.rem_u (local.get $number) (i32.const 10)) (i32.const 48))))

  ;; Writes what has been put to a descriptor, which may take it in pieces.
  (func $flush (param $descriptor i32)
    (i32.store (i32.const 0x10) (i32.const 0x10000))
    (i32.store (i32.const 0x14) (i32.sub (global.get $out) (i32.const 0x10000)))
    (loop $rest
      (if (call $fd_write (local.get $descriptor) (i32.const 0x10) (i32.const 1) (i32.const 0))
        (then (call $proc_exit (i32.const 1))))
      (i32.store (i32.const 0x10) (i32.add (i32.load (i32.const 0x10)) (i32.load (i32.const 0))))
      (i32.store (i32.const 0x14) (i32.sub (i32.load (i32.const 0x14)) (i32.load (i32.const 0))))
      (br_if $rest (i32.load (i32.const 0x14))))
    (global.set $out (i32.const 0x10000)))

  ;; Ends the program, with what has been put as its last words.
  (func $fail
    (call $flush (i32.const 2))
    (call $proc_exit (i32.const 1)))

  ;; Goes on only if a WASI call returned 0.
  (func $check (param $errno i32)
    (if (local.get $errno)
      (then
        (call $put_text (i32.const 0x320))
        (call $fail))))

  ;; -- The directory -----------------------------------------------------------------------------------------------------

  ;; Lists the scenes of the granted directory, sorted: directories have no order of their own.
  (func $list_scenes (local $entry i32) (local $end i32) (local $name i32) (local $length i32)
    (call $check
      (call $fd_readdir (i32.const 3) (i32.const 0x4000) (i32.const 0x4000) (i64.const 0) (i32.const 0)))
    (local.set $entry (i32.const 0x4000))
    (local.set $end (i32.add (i32.const 0x4000) (i32.load (i32.const 0))))
    (block $done
      (loop $next
        ;; 24 bytes, the name's length at 16; then the name. The last entry may be cut off.
        (local.set $name (i32.add (local.get $entry) (i32.const 24)))
        (br_if $done (i32.gt_u (local.get $name) (local.get $end)))
        (local.set $length (i32.load offset=16 (local.get $entry)))
        (local.set $entry (i32.add (local.get $name) (local.get $length)))
        (br_if $done (i32.gt_u (local.get $entry) (local.get $end)))
        (if (call $is_scene (local.get $name) (local.get $length))
          (then (call $insert_name (local.get $name) (i32.sub (local.get $length) (i32.const 6)))))
        (br $next))))

  ;; Whether a name is more than ".scene" and ends in it.
  (func $is_scene (param $name i32) (param $length i32) (result i32)
    (if (i32.le_u (local.get $length) (i32.const 6)) (then (return (i32.const 0))))
    (i32.eqz (call $compare
      (i32.add (local.get $name) (i32.sub (local.get $length) (i32.const 6))) (i32.const 6)
      (i32.const 0x2a0) (i32.const 6))))

  ;; Less than, equal to or greater than 0 as the first text comes before the second, is equal, or comes after.
  (func $compare (param $a i32) (param $a_length i32) (param $b i32) (param $b_length i32) (result i32)
    (local $i i32) (local $difference i32)
    (loop $next
      (if (i32.and (i32.lt_u (local.get $i) (local.get $a_length)) (i32.lt_u (local.get $i) (local.get $b_length)))
        (then
          (local.set $difference
            (i32.sub
              (i32.load8_u (i32.add (local.get $a) (local.get $i)))
              (i32.load8_u (i32.add (local.get $b) (local.get $i)))))
          (if (local.get $difference) (then (return (local.get $difference))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next))))
    (i32.sub (local.get $a_length) (local.get $b_length)))

  (func $insert_name (param $name i32) (param $length i32) (local $slot i32)
    (if (i32.ge_u (global.get $names) (i32.const 256)) (then (return)))
    (local.set $slot (i32.add (i32.const 0x8000) (i32.shl (global.get $names) (i32.const 3))))
    (global.set $names (i32.add (global.get $names) (i32.const 1)))
    (block $found
      (loop $next
        (br_if $found (i32.eq (local.get $slot) (i32.const 0x8000)))
        (br_if $found
          (i32.le_s
            (call $compare
              (i32.load (i32.sub (local.get $slot) (i32.const 8))) (i32.load (i32.sub (local.get $slot) (i32.const 4)))
              (local.get $name) (local.get $length))
            (i32.const 0)))
        (i64.store (local.get $slot) (i64.load (i32.sub (local.get $slot) (i32.const 8))))
        (local.set $slot (i32.sub (local.get $slot) (i32.const 8)))
        (br $next)))
    (i32.store (local.get $slot) (local.get $name))
    (i32.store offset=4 (local.get $slot) (local.get $length)))

  ;; "Scenes in /data: one, two", and a line's end.
  (func $put_scenes (local $i i32)
    (call $put_text (i32.const 0x280))
    (call $put_text (i32.const 0x20))
    (loop $next
      (if (i32.lt_u (local.get $i) (global.get $names))
        (then
          (call $put (select (i32.const 44) (i32.const 58) (local.get $i)))
          (call $put (i32.const 32))
          (call $put_bytes
            (i32.load (i32.add (i32.const 0x8000) (i32.shl (local.get $i) (i32.const 3))))
            (i32.load (i32.add (i32.const 0x8004) (i32.shl (local.get $i) (i32.const 3)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next))))
    (call $put (i32.const 10)))

  ;; -- The scene file ----------------------------------------------------------------------------------------------------

  (global $cursor (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))

  ;; Reads NAME.scene and what it says. Where there is no such file, that is the end.
  (func $read_scene (param $name i32) (param $length i32)
    ;; The path is put together where output goes, of which there is none yet.
    (if (i32.gt_u (local.get $length) (i32.const 255)) (then (local.set $length (i32.const 255))))
    (call $put_bytes (local.get $name) (local.get $length))
    (call $put_text (i32.const 0x2a0))
    ;; Rights: fd_read.
    (if (call $path_open
          (i32.const 3) (i32.const 0) (i32.const 0x10000) (i32.add (local.get $length) (i32.const 6)) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0))
      (then
        (global.set $out (i32.const 0x10000))
        (call $put_text (i32.const 0x2c0))
        (call $put_bytes (local.get $name) (local.get $length))
        (call $put (i32.const 10))
        (call $put_scenes)
        (call $fail)))
    (global.set $out (i32.const 0x10000))
    (i32.store (i32.const 0x10) (i32.const 0x9000))
    (i32.store (i32.const 0x14) (i32.const 0x7000))
    (call $check (call $fd_read (i32.load (i32.const 0)) (i32.const 0x10) (i32.const 1) (i32.const 0)))
    (global.set $cursor (i32.const 0x9000))
    (global.set $end (i32.add (i32.const 0x9000) (i32.load (i32.const 0))))
    (call $parse_scene))

  ;; Lines of a keyword, of which the first letter is enough, and what belongs to it. ";" begins a comment.
  (func $parse_scene (local $letter i32)
    (loop $next
      (local.set $letter (call $next_byte))
      (if (i32.eqz (local.get $letter)) (then (return)))
      (call $skip_word)
      (if (i32.eq (local.get $letter) (i32.const 106))  ;; julia X Y
        (then
          (global.set $is_julia (i32.const 1))
          (global.set $constant_x (call $number))
          (global.set $constant_y (call $number))))
      (if (i32.eq (local.get $letter) (i32.const 99))  ;; center X Y
        (then
          (global.set $center_x (call $number))
          (global.set $center_y (call $number))))
      (if (i32.eq (local.get $letter) (i32.const 119))  ;; width W
        (then (global.set $width (call $number))))
      (if (i32.eq (local.get $letter) (i32.const 105))  ;; iterations N
        (then (global.set $depth (i32.trunc_sat_f64_u (call $number)))))
      (if (i32.eq (local.get $letter) (i32.const 100))  ;; density D
        (then (global.set $density (call $number))))
      (if (i32.eq (local.get $letter) (i32.const 112))  ;; palette #RRGGBB ...
        (then (call $palette)))
      (br $next)))

  ;; The next byte that isn't space or comment, left where it is; 0 at the end.
  (func $next_byte (result i32) (local $byte i32) (local $in_comment i32)
    (loop $next
      (if (i32.ge_u (global.get $cursor) (global.get $end)) (then (return (i32.const 0))))
      (local.set $byte (i32.load8_u (global.get $cursor)))
      (if (i32.eq (local.get $byte) (i32.const 59)) (then (local.set $in_comment (i32.const 1))))
      (if (i32.eq (local.get $byte) (i32.const 10)) (then (local.set $in_comment (i32.const 0))))
      (if (i32.or (local.get $in_comment) (i32.le_u (local.get $byte) (i32.const 32)))
        (then
          (global.set $cursor (i32.add (global.get $cursor) (i32.const 1)))
          (br $next))))
    (local.get $byte))

  (func $skip_word
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (global.get $cursor) (global.get $end)))
        (br_if $done (i32.le_u (i32.load8_u (global.get $cursor)) (i32.const 32)))
        (global.set $cursor (i32.add (global.get $cursor) (i32.const 1)))
        (br $next))))

  ;; A decimal number: digits, perhaps with a sign before and a point among them.
  (func $number (result f64) (local $byte i32) (local $value f64) (local $place f64) (local $sign f64)
    (local.set $sign (f64.const 1))
    (if (i32.eq (call $next_byte) (i32.const 45))
      (then
        (local.set $sign (f64.const -1))
        (global.set $cursor (i32.add (global.get $cursor) (i32.const 1)))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (global.get $cursor) (global.get $end)))
        (local.set $byte (i32.load8_u (global.get $cursor)))
        (if (i32.eq (local.get $byte) (i32.const 46))
          (then (local.set $place (f64.const 1)))
          (else
            (br_if $done (i32.gt_u (i32.sub (local.get $byte) (i32.const 48)) (i32.const 9)))
            ;; 0 before the point, and a power of ten after it.
            (local.set $place (f64.mul (local.get $place) (f64.const 10)))
            (local.set $value
              (f64.add
                (f64.mul (local.get $value) (f64.const 10))
                (f64.convert_i32_u (i32.sub (local.get $byte) (i32.const 48)))))))
        (global.set $cursor (i32.add (global.get $cursor) (i32.const 1)))
        (br $next)))
    (f64.mul
      (local.get $sign)
      (f64.div (local.get $value) (select (local.get $place) (f64.const 1) (f64.gt (local.get $place) (f64.const 0))))))

  (func $palette
    (global.set $colors (i32.const 0))
    (loop $next
      (if (i32.and (i32.eq (call $next_byte) (i32.const 35)) (i32.lt_u (global.get $colors) (i32.const 32)))
        (then
          (global.set $cursor (i32.add (global.get $cursor) (i32.const 1)))
          (i64.store
            (i32.add (i32.const 0x100) (i32.shl (global.get $colors) (i32.const 3)))
            (i64.or
              (i64.shl (call $hexadecimal_byte) (i64.const 32))
              (i64.or (i64.shl (call $hexadecimal_byte) (i64.const 16)) (call $hexadecimal_byte))))
          (global.set $colors (i32.add (global.get $colors) (i32.const 1)))
          (br $next))))
    (if (i32.eqz (global.get $colors)) (then (global.set $colors (i32.const 1)))))

  (func $hexadecimal_byte (result i64)
    (i64.or (i64.shl (call $hexadecimal_digit) (i64.const 4)) (call $hexadecimal_digit)))

  (func $hexadecimal_digit (result i64) (local $digit i32)
    (local.set $digit (i32.load8_u (global.get $cursor)))
    (global.set $cursor (i32.add (global.get $cursor) (i32.const 1)))
    ;; Letters have bit 6, and begin with 1 in the low bits.
    (i64.extend_i32_u
      (i32.add
        (i32.and (local.get $digit) (i32.const 15))
        (i32.mul (i32.const 9) (i32.and (i32.shr_u (local.get $digit) (i32.const 6)) (i32.const 1))))))

  ;; -- The picture -------------------------------------------------------------------------------------------------------

  ;; How many iterations take a point far from 0, with a fraction that makes it continuous; infinity for one that stays.
  (func $iterate (param $x f64) (param $y f64) (result f64)
    (local $c f64) (local $d f64) (local $xx f64) (local $yy f64) (local $i i32)
    (local.set $c (select (global.get $constant_x) (local.get $x) (global.get $is_julia)))
    (local.set $d (select (global.get $constant_y) (local.get $y) (global.get $is_julia)))
    (loop $next
      (local.set $xx (f64.mul (local.get $x) (local.get $x)))
      (local.set $yy (f64.mul (local.get $y) (local.get $y)))
      (if (f64.gt (f64.add (local.get $xx) (local.get $yy)) (f64.const 1e9))
        (then
          ;; From one iteration to the next the logarithm of the distance doubles.
          (return
            (f64.sub
              (f64.convert_i32_u (local.get $i))
              (call $logarithm (call $logarithm (f64.add (local.get $xx) (local.get $yy))))))))
      (local.set $y (f64.add (f64.mul (f64.add (local.get $x) (local.get $x)) (local.get $y)) (local.get $d)))
      (local.set $x (f64.add (f64.sub (local.get $xx) (local.get $yy)) (local.get $c)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (global.get $depth))))
    (f64.const inf))

  ;; To base 2, within 0.09 and continuous: the exponent and the fraction of the number are its digits almost.
  (func $logarithm (param $x f64) (result f64)
    (f64.sub
      (f64.mul (f64.convert_i64_u (i64.reinterpret_f64 (local.get $x))) (f64.const 0x1p-52))
      (f64.const 1023)))

  ;; The colour of a point, from between two of the palette, which has no end.
  (func $color (param $x f64) (param $y f64) (result i64)
    (local $place f64) (local $index i32) (local $blend i64)
    (local.set $place (call $iterate (local.get $x) (local.get $y)))
    (if (f64.eq (local.get $place) (f64.const inf)) (then (return (i64.const 0))))
    ;; The logarithm takes away as much as 6.
    (local.set $place (f64.mul (f64.add (local.get $place) (f64.const 8)) (global.get $density)))
    (local.set $index (i32.trunc_sat_f64_u (local.get $place)))
    (local.set $blend
      (i64.trunc_sat_f64_u
        (f64.mul (f64.sub (local.get $place) (f64.floor (local.get $place))) (f64.const 256))))
    (i64.and
      (i64.shr_u
        (i64.add
          (i64.mul (call $palette_color (local.get $index)) (i64.sub (i64.const 256) (local.get $blend)))
          (i64.mul (call $palette_color (i32.add (local.get $index) (i32.const 1))) (local.get $blend)))
        (i64.const 8))
      (i64.const 0xff00ff00ff)))

  (func $palette_color (param $index i32) (result i64)
    (i64.load
      (i32.add (i32.const 0x100) (i32.shl (i32.rem_u (local.get $index) (global.get $colors)) (i32.const 3)))))

  ;; The mean of four points of a pixel; there are two rows of pixels to a row of text.
  (func $pixel (param $column i32) (param $row i32) (result i64)
    (local $i i32) (local $step f64) (local $sum i64)
    (local.set $step (f64.div (global.get $width) (f64.convert_i32_u (i32.shl (global.get $columns) (i32.const 1)))))
    (loop $next
      (local.set $sum
        (i64.add
          (local.get $sum)
          (call $color
            (f64.add
              (global.get $center_x)
              (f64.mul
                (local.get $step)
                (call $from_center (local.get $column) (i32.and (local.get $i) (i32.const 1)) (global.get $columns))))
            (f64.sub
              (global.get $center_y)
              (f64.mul
                (local.get $step)
                (call $from_center
                  (local.get $row) (i32.shr_u (local.get $i) (i32.const 1)) (i32.shl (global.get $rows) (i32.const 1))))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 4))))
    (i64.and (i64.shr_u (local.get $sum) (i64.const 2)) (i64.const 0xff00ff00ff)))

  ;; In half pixels, of a half pixel's middle.
  (func $from_center (param $pixel i32) (param $half i32) (param $center i32) (result f64)
    (f64.add
      (f64.convert_i32_s
        (i32.sub (i32.add (i32.shl (local.get $pixel) (i32.const 1)) (local.get $half)) (local.get $center)))
      (f64.const 0.5)))

  ;; "ESC [ 38 ; 2 ; R ; G ; B m" sets the colour of what is written, 48 that of the ground.
  (func $put_color (param $code i32) (param $color i64)
    (call $put (i32.const 27))
    (call $put (i32.const 91))
    (call $put_number (local.get $code))
    (call $put (i32.const 59))
    (call $put (i32.const 50))
    (call $put_channel (local.get $color) (i64.const 32))
    (call $put_channel (local.get $color) (i64.const 16))
    (call $put_channel (local.get $color) (i64.const 0))
    (call $put (i32.const 109)))

  (func $put_channel (param $color i64) (param $shift i64)
    (call $put (i32.const 59))
    (call $put_number (call $channel (local.get $color) (local.get $shift))))

  (func $channel (param $color i64) (param $shift i64) (result i32)
    (i32.and (i32.wrap_i64 (i64.shr_u (local.get $color) (local.get $shift))) (i32.const 255)))

  ;; The upper half block: its colour is the upper pixel, the ground the lower one.
  (func $put_colored (param $upper i64) (param $lower i64)
    (call $put_color (i32.const 38) (local.get $upper))
    (call $put_color (i32.const 48) (local.get $lower))
    (call $put (i32.const 0xe2))
    (call $put (i32.const 0x96))
    (call $put (i32.const 0x80)))

  ;; A character that is as bright as the two pixels together.
  (func $put_plain (param $upper i64) (param $lower i64) (local $sum i64)
    (local.set $sum (i64.and (i64.shr_u (i64.add (local.get $upper) (local.get $lower)) (i64.const 1)) (i64.const 0xff00ff00ff)))
    (call $put
      (i32.load8_u offset=0x300
        (i32.shr_u
          (i32.mul
            (i32.add
              (i32.add
                (i32.mul (call $channel (local.get $sum) (i64.const 32)) (i32.const 2))
                (i32.mul (call $channel (local.get $sum) (i64.const 16)) (i32.const 5)))
              (call $channel (local.get $sum) (i64.const 0)))
            (i32.const 10))
          (i32.const 11)))))

  (func $draw (param $is_plain i32) (local $column i32) (local $row i32) (local $upper i64) (local $lower i64)
    (loop $next_row
      (local.set $column (i32.const 0))
      (loop $next_column
        (local.set $upper (call $pixel (local.get $column) (i32.shl (local.get $row) (i32.const 1))))
        (local.set $lower
          (call $pixel (local.get $column) (i32.add (i32.shl (local.get $row) (i32.const 1)) (i32.const 1))))
        (if (local.get $is_plain)
          (then (call $put_plain (local.get $upper) (local.get $lower)))
          (else (call $put_colored (local.get $upper) (local.get $lower))))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br_if $next_column (i32.lt_u (local.get $column) (global.get $columns))))
      (if (i32.eqz (local.get $is_plain))
        (then  ;; ESC [ m: colours as before.
          (call $put (i32.const 27))
          (call $put (i32.const 91))
          (call $put (i32.const 109))))
      (call $put (i32.const 10))
      (call $flush (i32.const 1))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $next_row (i32.lt_u (local.get $row) (global.get $rows)))))

  ;; -- The program -------------------------------------------------------------------------------------------------------

  ;; Argument number i, or 0.
  (func $argument (param $i i32) (result i32)
    (if (i32.ge_u (local.get $i) (i32.load (i32.const 0))) (then (return (i32.const 0))))
    (i32.load offset=0x1000 (i32.shl (local.get $i) (i32.const 2))))

  ;; The scene from the directory, by name or the first.
  (func $open_scene (param $name i32)
    (if (call $fd_prestat_get (i32.const 3) (i32.const 0x0))
      (then
        (call $put_text (i32.const 0x200))
        (return)))
    ;; Of a longer name there would be no room for the end.
    (if (i32.lt_u (i32.load (i32.const 4)) (i32.const 0xdf))
      (then
        (call $check (call $fd_prestat_dir_name (i32.const 3) (i32.const 0x20) (i32.load (i32.const 4))))))
    (call $list_scenes)
    (if (local.get $name)
      (then (call $read_scene (local.get $name) (call $length (local.get $name))))
      (else
        (if (global.get $names)
          (then (call $read_scene (i32.load (i32.const 0x8000)) (i32.load (i32.const 0x8004)))))))
    (call $put_scenes))

  (func (export "_start") (local $name i32) (local $columns i32) (local $is_plain i32)
    (call $check (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (if (i32.or (i32.gt_u (i32.load (i32.const 0)) (i32.const 128)) (i32.gt_u (i32.load (i32.const 4)) (i32.const 0x2000)))
      (then
        (call $put_text (i32.const 0x2e0))
        (call $fail)))
    (call $check (call $args_get (i32.const 0x1000) (i32.const 0x1200)))
    (local.set $name (call $argument (i32.const 1)))
    (local.set $columns (call $argument (i32.const 2)))
    (local.set $is_plain (i32.ne (call $argument (i32.const 3)) (i32.const 0)))
    (if (local.get $columns)
      (then
        (global.set $cursor (local.get $columns))
        (global.set $end (i32.add (local.get $columns) (call $length (local.get $columns))))
        (local.set $columns (i32.trunc_sat_f64_u (call $number)))
        ;; From 8 to 1000, for which there is room in a line.
        (if (i32.lt_u (local.get $columns) (i32.const 8)) (then (local.set $columns (i32.const 8))))
        (if (i32.gt_u (local.get $columns) (i32.const 1000)) (then (local.set $columns (i32.const 1000))))
        (global.set $columns (local.get $columns))))
    ;; Three rows to eight columns make a picture of 4 to 3.
    (global.set $rows (i32.div_u (i32.mul (global.get $columns) (i32.const 3)) (i32.const 8)))
    (call $open_scene (local.get $name))
    (call $flush (i32.const 1))
    (call $draw (local.get $is_plain))))
