// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "bulkhead",
    products: [
        .library(name: "WasmModule", targets: ["WasmModule"]),
    ],
    dependencies: [],
    targets: [
        .target(name: "WasmModule"),
        .executableTarget(name: "ModuleFuzz", dependencies: ["WasmModule"]),
        .testTarget(name: "WasmModuleTests", dependencies: ["WasmModule"]),
    ],
    swiftLanguageModes: [.v6]
)
