import CodeGeneration
import RandomModules
import Testing
import Toolchain
import WasmModule
import WasmText

/// Generated code compiles without warnings under `-Wall -Wextra`, which every compilation has.
struct WarningTests {
    /// A script's modules that are valid, as one artifact.
    private static func modules(ofScript path: String) throws -> [NamedModule] {
        var modules: [NamedModule] = []
        for command in try Script(parsing: contents(path)).commands {
            let source: ModuleSource
            switch command.kind {
            case .module(let module), .moduleDefinition(let module), .assertTrapInstantiating(let module, _),
                .assertUnlinkable(let module, _):
                source = module
            default: continue
            }
            guard let bytes = try? source.assemble(), let module = try? module(bytes) else { continue }
            modules.append(NamedModule(module, prefix: "m\(modules.count)"))
        }
        return modules
    }

    /// Compilation ends after the compiler's analyses, which is where the warnings come from; code of no use isn't made.
    @Test(arguments: compilers)
    func modulesOfTheSpecificationsTests(compiler: Compiler) throws {
        var count = 0
        for path in specificationScripts {
            let modules = try Self.modules(ofScript: path)
            if modules.isEmpty { continue }
            count += modules.count
            let code = try generateCode(for: modules, name: "artifact")
            let warnings = try compile(code, compiler, optimization: .some)
            #expect(warnings == "", "\(path)")
        }
        if !specificationScripts.isEmpty { #expect(count > 500) }
    }

    @Test(arguments: compilers)
    func randomModules(compiler: Compiler) throws {
        for seed in 0..<4 {
            var generator = ModuleGenerator(seed: UInt64(seed))
            let bytes = generator.generate(functions: 24, length: 40, wildAccesses: true)
            for defines in [[], flat, segmentForFloats, [CompilerOptions.Define("BULKHEAD_STRICT", "1")]] {
                #expect(try compile(generate(bytes), compiler, defines: defines) == "", "seed \(seed), \(defines)")
            }
            let split = try generate(bytes, options: EmitterOptions(outputs: 3))
            #expect(split.sources.count == 4)
            #expect(try compile(split, compiler) == "", "seed \(seed), split")
        }
    }

    @Test(arguments: compilers)
    func unusualModules(compiler: Compiler) throws {
        let modules = [
            "(module)",
            "(module (memory 0))",
            "(module (table 0 funcref))",
            "(module (table 3 externref) (func (export \"f\") (result externref) (table.get 0 (i32.const 1))))",
            "(module (func $f (call $f)))",
            "(module (func $f (loop (br 0))))",
            "(module (func (export \"f\") (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0))))",
            "(module (func (export \"f\") (result i32) (i32.const 5) (if (result i32) (then (i32.const 1)) (else (i32.const 2)))))",
            "(module (func (export \"f\") (result i32) (i32.shl (i32.const 5) (i32.const 99))))",
            "(module (func (export \"f\") (result f32) (f32.div (f32.const 1) (f32.const 0))))",
            "(module (func (export \"f\") (param i32) (result i32) (i32.eq (local.get 0) (local.get 0))))",
            "(module (memory 1) (func (export \"f\") (i32.store (i32.const 0) (i32.load (i32.const 0)))))",
            "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 1) (i32.const -1))))",
            "(module (memory 1) (func (memory.copy (i32.const 0) (i32.const 1) (i32.const 70000))))",
            "(module (memory 1) (data $d \"abc\") (func (memory.init $d (i32.const 0) (i32.const 1) (i32.const 9))))",
            "(module (table 2 funcref) (func (call_indirect (i32.const 5))))",
            "(module (func $f) (table 2 funcref) (elem (i32.const 0) $f $f) (func (call_indirect (i32.const 1))))",
            "(module (func (export \"f\") (local i32 i64 f32 f64 funcref externref)))",
            "(module (import \"\" \"\" (func)) (import \"\" \"\" (memory 0)) (import \"\" \"\" (table 0 funcref)) (start 0))",
            "(module (memory 1) (func (export \"f\") (result i32) (i32.load offset=0xFFFFFFFF (i32.const 0))))",
            "(module (func (export \"f\") (param i32) (block (block (br_table 0 1 0 1 1 0 (local.get 0))))))",
        ]
        for text in modules {
            for defines in [[], flat, segmentForFloats] {
                #expect(try compile(generate(assemble(text)), compiler, defines: defines) == "", "\(text)")
            }
        }
    }
}
