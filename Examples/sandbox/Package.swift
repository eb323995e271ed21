// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "sandbox-example",
    dependencies: [.package(name: "bulkhead", path: "../..")],
    targets: [
        .target(
            name: "Pictures",
            dependencies: [.product(name: "BulkheadSandbox", package: "bulkhead")],
            // C sources that go into the sandbox: the plug-in compiles them, not SwiftPM.
            exclude: ["qoi"],
            plugins: [.plugin(name: "BulkheadSandboxPlugin", package: "bulkhead")]),
        .executableTarget(name: "show", dependencies: ["Pictures"]),
        .testTarget(name: "PicturesTests", dependencies: ["Pictures"]),
    ],
    swiftLanguageModes: [.v6]
)
