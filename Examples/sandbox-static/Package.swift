// swift-tools-version: 6.1
import PackageDescription

// The library's code is part of the program: a C target of assembly, which build.sh has `bulkhead sandbox build` write.
let package = Package(
    name: "sandbox-static",
    dependencies: [.package(name: "bulkhead", path: "../..")],
    targets: [
        .target(name: "CQOI"),
        .executableTarget(
            name: "show", dependencies: ["CQOI", .product(name: "BulkheadSandbox", package: "bulkhead")]),
    ],
    swiftLanguageModes: [.v6]
)
