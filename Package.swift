// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "bulkhead",
    products: [
        .library(name: "WasmModule", targets: ["WasmModule"]),
        .library(name: "Toolchain", targets: ["Toolchain"]),
    ],
    dependencies: [],
    targets: [
        .target(name: "WasmModule"),
        .target(name: "Toolchain"),
        .testTarget(name: "ToolchainTests", dependencies: ["Toolchain"]),
    ],
    swiftLanguageModes: [.v6]
)
