// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "bulkhead",
    products: [
        .library(name: "WasmModule", targets: ["WasmModule"]),
        .library(name: "WasmText", targets: ["WasmText"]),
    ],
    dependencies: [],
    targets: [
        // The language.
        .target(name: "WasmModule"),
        .target(name: "WasmText", dependencies: ["WasmModule"]),

        // From a module to machine code.
        .target(name: "Toolchain"),

        // Tests.
        .testTarget(name: "WasmTextTests", dependencies: ["WasmText"]),
        .testTarget(name: "ToolchainTests", dependencies: ["Toolchain"]),
    ],
    swiftLanguageModes: [.v6]
)
