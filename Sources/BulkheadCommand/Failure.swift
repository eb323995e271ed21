import Bindgen
import Bulkhead
import SandboxBuild
import Toolchain
import WasmModule
import WasmText

/// What stopped the command, in words for the person who typed it.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// An error that came up while a file was worked on.
    init(_ error: any Error, file: String) {
        switch error {
        case let failure as Failure: self = failure
        case let error as TextError:
            self.init("\(file):\(error.line):\(error.column): \(error.kind) text: \(error.message)")
        case let error as ModuleError: self.init("\(file): \(error)")
        // These say by themselves which file or program they are about.
        case let error as SandboxBuildError: self.init(error.description)
        case let error as ToolchainError: self.init(error.description)
        case let error as BindgenError: self.init(error.description)
        default:
            let description = "\(error)"
            self.init(description.contains(file) ? description : "\(file): \(description)")
        }
    }
}

/// The command ends with this exit code and has said why, if there is anything to say.
struct Ending: Error {
    let code: Int32

    /// What a shell reports for a process that `abort` ended; other WebAssembly runtimes' choice for a trap, too.
    static let trap = Ending(code: 134)
}
