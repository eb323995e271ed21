// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "bulkhead-benchmarks",
    dependencies: [.package(name: "bulkhead", path: "..")],
    targets: [
        .executableTarget(name: "density", dependencies: [.product(name: "Bulkhead", package: "bulkhead")]),
        .target(name: "CBench", dependencies: [.product(name: "Bulkhead", package: "bulkhead")]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "CBench",
                .product(name: "Bulkhead", package: "bulkhead"),
                .product(name: "BulkheadSandbox", package: "bulkhead"),
                .product(name: "WasmModule", package: "bulkhead"),
                .product(name: "WasmText", package: "bulkhead"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
