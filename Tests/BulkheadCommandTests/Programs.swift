/// Modules that tests run, in the text format.
enum Programs {
    /// Arithmetic to call from the command line.
    static let functions = """
        (module $functions
          (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
          (func (export "swap") (param f32 f64 i64) (result i64 f64 f32) (local.get 2) (local.get 1) (local.get 0))
          (func $inner (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
          (func $outer (export "divide") (param i32 i32) (result i32)
            (i32.add (call $inner (local.get 0) (local.get 1)) (call $inner (local.get 1) (i32.const 1))))
          (func $forever (export "forever") (result i32) (i32.add (call $forever) (i32.const 1)))
          (func (export "references") (param funcref externref) (result funcref externref) (local.get 0) (local.get 1))
          (func (export "not") (param v128) (result v128) (v128.not (local.get 0)))
          (func (export "nothing")))
        """

    /// Writes its arguments, each with a NUL after it, and exits with 42.
    static let arguments = echo(sizes: "args_sizes_get", get: "args_get", exitCode: 42)
    /// Likewise its environment, and exits with 0.
    static let environment = echo(sizes: "environ_sizes_get", get: "environ_get", exitCode: 0)

    private static func echo(sizes: String, get: String, exitCode: Int) -> String {
        """
        (module
          (import "wasi_snapshot_preview1" "\(sizes)" (func $sizes (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "\(get)" (func $get (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (func (export "_start")
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (drop (call $get (i32.const 64) (i32.const 4096)))
            (i32.store (i32.const 16) (i32.const 4096))
            (i32.store (i32.const 20) (i32.load (i32.const 4)))
            (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 24)))
            (call $exit (i32.const \(exitCode)))))
        """
    }

    /// Imports a thing of each kind that nothing provides.
    static let unknownImports = """
        (module
          (import "env" "one" (func $one (param i32) (result i64)))
          (import "env" "two" (func $two))
          (import "env" "memory" (memory 1 4))
          (import "env" "table" (table 2 funcref))
          (import "env" "global" (global f32))
          (func (export "call") (result i64 f32 i32) (call $one (i32.const 1)) (global.get 0) (memory.size)))
        """
}
