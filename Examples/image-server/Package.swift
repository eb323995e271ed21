// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "image-server",
    dependencies: [
        .package(name: "bulkhead", path: "../.."),
        .package(name: "bulkhead-libraries", path: "../libraries"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        // From an upload to a thumbnail. All C is called from here.
        .target(
            name: "Thumbnails",
            dependencies: [
                .product(name: "BulkheadSandbox", package: "bulkhead"),
                .product(name: "JPEG", package: "bulkhead-libraries"),
                .product(name: "PNG", package: "bulkhead-libraries"),
                .product(name: "PlantedPNG", package: "bulkhead-libraries"),
            ]),
        .executableTarget(
            name: "image-server",
            dependencies: [
                "Thumbnails",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        // Images for test.sh, good ones and others.
        .executableTarget(
            name: "test-images",
            dependencies: [
                .product(name: "HostileInput", package: "bulkhead-libraries"),
                .product(name: "JPEG", package: "bulkhead-libraries"),
                .product(name: "PNGFiles", package: "bulkhead-libraries"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
