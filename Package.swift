// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "bulkhead",
    products: [
        .library(name: "WasmModule", targets: ["WasmModule"]),
        .library(name: "BulkheadWASI", targets: ["BulkheadWASI"]),
    ],
    dependencies: [],
    targets: [
        .target(name: "WasmModule"),
        .target(name: "CWASI"),
        .target(name: "BulkheadWASI", dependencies: ["CWASI", "WasmModule"]),
        .testTarget(name: "BulkheadWASITests", dependencies: ["BulkheadWASI", "CWASI", "WasmModule"]),
    ],
    swiftLanguageModes: [.v6]
)
