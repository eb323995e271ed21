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
        .target(name: "WasmModule"),
        .target(name: "WasmText", dependencies: ["WasmModule"]),
        .testTarget(name: "WasmTextTests", dependencies: ["WasmText"]),
    ],
    swiftLanguageModes: [.v6]
)
