// swift-tools-version: 6.1
import PackageDescription

/// A library in a sandbox, as a target of Swift, and the tests of it.
///
/// `Sources/NAME/sandbox` has the library's `sandbox.json`; the C and C++ beside it are the plug-in's business and not SwiftPM's.
func library(_ name: String, testDependencies: [Target.Dependency] = []) -> [Target] {
    [
        .target(
            name: name, dependencies: [.product(name: "BulkheadSandbox", package: "bulkhead")], exclude: ["sandbox"],
            plugins: [.plugin(name: "BulkheadSandboxPlugin", package: "bulkhead")]),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [
                .target(name: name), "HostileInput", .product(name: "BulkheadSandbox", package: "bulkhead"),
            ] + testDependencies),
    ]
}

// A line a library, in alphabetical order.
var libraries: [Target] = []
libraries += library("Expat")
libraries += library("Graphite")
libraries += library("Hunspell")
libraries += library("JPEG")
libraries += library("Ogg")
libraries += library("PNG", testDependencies: ["PNGFiles"])
libraries += library("PlantedExpat", testDependencies: ["Expat"])
libraries += library("PlantedPNG", testDependencies: ["PNG", "PNGFiles"])
libraries += library("WOFF2")

let package = Package(
    name: "bulkhead-libraries",
    products: libraries.filter { $0.type == .regular && !$0.name.hasPrefix("Planted") }.map {
        .library(name: $0.name, targets: [$0.name])
    } + [
        // For those who test that hostile input does no harm.
        .library(name: "HostileInput", targets: ["HostileInput"]),
        .library(name: "PNGFiles", targets: ["PNGFiles"]),
        .library(name: "PlantedPNG", targets: ["PlantedPNG"]),
    ],
    dependencies: [.package(name: "bulkhead", path: "../..")],
    targets: libraries + [
        .executableTarget(
            name: "library-benchmarks", dependencies: ["Expat", "Graphite", "JPEG"], path: "Sources/LibraryBenchmarks"),
        .target(name: "HostileInput", path: "Tests/HostileInput"),
        .target(name: "PNGFiles", path: "Tests/PNGFiles"),
    ],
    swiftLanguageModes: [.v6]
)
