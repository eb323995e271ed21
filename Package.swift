// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "bulkhead",
    products: [
        .executable(name: "bulkhead", targets: ["bulkhead-cli"]),
        .library(name: "Bulkhead", targets: ["Bulkhead"]),
        .library(name: "BulkheadWASI", targets: ["BulkheadWASI"]),
        .library(name: "BulkheadSandbox", targets: ["BulkheadSandbox"]),
        .library(name: "BulkheadMetrics", targets: ["BulkheadMetrics"]),
        .plugin(name: "BulkheadSandboxPlugin", targets: ["BulkheadSandboxPlugin"]),
        .library(name: "WasmModule", targets: ["WasmModule"]),
        .library(name: "WasmText", targets: ["WasmText"]),
        .library(name: "ScriptRunner", targets: ["ScriptRunner"]),
        .library(name: "CodeGeneration", targets: ["CodeGeneration"]),
        .library(name: "Bindgen", targets: ["Bindgen"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        // The language.
        .target(name: "WasmModule"),
        .target(name: "WasmText", dependencies: ["WasmModule"]),

        // From a module to machine code.
        .target(name: "CodeGeneration", dependencies: ["WasmModule"]),
        .target(name: "CPrelude"),
        .target(name: "AddressFolding"),
        .target(name: "Toolchain", dependencies: ["AddressFolding"]),

        // Running it.
        .target(name: "CBulkhead", dependencies: ["CPrelude"]),
        .target(
            name: "Bulkhead",
            dependencies: [
                "WasmModule", "CodeGeneration", "Toolchain", "CPrelude", "CBulkhead",
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(name: "CWASI"),
        .target(name: "BulkheadWASI", dependencies: ["CWASI", "WasmModule", "Bulkhead"]),
        .target(
            name: "BulkheadSandbox", dependencies: ["CPrelude", "CBulkhead", "Bulkhead", "BulkheadWASI"],
            swiftSettings: [.enableExperimentalFeature("Lifetimes")]),
        .target(
            name: "BulkheadMetrics",
            dependencies: ["Bulkhead", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(name: "ScriptRunner", dependencies: ["WasmModule", "WasmText", "Bulkhead"]),

        // Headers to Swift.
        .target(name: "Bindgen", dependencies: ["Toolchain"]),

        // Building libraries for the sandbox.
        .target(name: "CFreestanding", exclude: ["guest"]),
        .target(
            name: "SandboxBuild",
            dependencies: [
                "Bindgen", "Bulkhead", "CFreestanding", "CodeGeneration", "CPrelude", "Toolchain", "WasmModule",
            ]),

        // The command.
        .target(
            name: "BulkheadCommand",
            dependencies: [
                "Bindgen", "Bulkhead", "BulkheadWASI", "CBulkhead", "CodeGeneration", "SandboxBuild", "ScriptRunner",
                "Toolchain", "WasmModule", "WasmText",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // The name `bulkhead` differs from the library's by case alone; the product has it.
        .executableTarget(name: "bulkhead-cli", dependencies: ["BulkheadCommand"], path: "Sources/bulkhead"),

        .plugin(
            name: "BulkheadSandboxPlugin", capability: .buildTool(), dependencies: ["bulkhead-cli"],
            path: "Plugins/SandboxPlugin"),

        // Tests.
        .executableTarget(name: "ModuleFuzz", dependencies: ["WasmModule"]),
        .testTarget(name: "WasmModuleTests", dependencies: ["WasmModule"]),
        .testTarget(name: "WasmTextTests", dependencies: ["WasmText"]),
        .testTarget(name: "AddressFoldingTests", dependencies: ["AddressFolding"]),
        .testTarget(name: "ToolchainTests", dependencies: ["Toolchain"]),
        .target(name: "RandomModules", dependencies: ["WasmModule"], path: "Tests/RandomModules"),
        .testTarget(
            name: "CodeGenerationTests",
            dependencies: ["CodeGeneration", "CPrelude", "RandomModules", "Toolchain", "WasmModule", "WasmText"]),
        .testTarget(
            name: "BulkheadTests",
            dependencies: [
                "Bulkhead", "CodeGeneration", "RandomModules", "SystemCallFaults", "Toolchain", "WasmModule",
                "WasmText",
            ]),
        .target(name: "SystemCallFaults", path: "Tests/SystemCallFaults"),
        .testTarget(name: "BindgenTests", dependencies: ["Bindgen", "Toolchain"], exclude: ["Fixtures"]),
        .testTarget(
            name: "BulkheadSandboxTests",
            dependencies: [
                "Bindgen", "Bulkhead", "BulkheadSandbox", "BulkheadWASI", "CPrelude", "Toolchain", "WasmText",
            ]),
        .testTarget(
            name: "BulkheadMetricsTests",
            dependencies: [
                "Bulkhead", "BulkheadMetrics", "WasmText", .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]),
        .testTarget(name: "BulkheadWASITests", dependencies: ["BulkheadWASI", "CWASI", "WasmModule"]),
        .testTarget(
            name: "SandboxBuildTests", dependencies: ["SandboxBuild", "Bulkhead", "Toolchain", "WasmModule"]),
        .testTarget(
            name: "SpecificationTests",
            dependencies: ["Bulkhead", "ScriptRunner", "Toolchain", "WasmModule", "WasmText"]),
        .testTarget(
            name: "BulkheadCommandTests",
            dependencies: ["BulkheadCommand", "Bulkhead", "CodeGeneration", "Toolchain", "WasmModule", "WasmText"]),
    ],
    swiftLanguageModes: [.v6]
)
