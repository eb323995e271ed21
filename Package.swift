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
    ],
    swiftLanguageModes: [.v6]
)
