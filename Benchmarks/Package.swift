// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that a normal build never pays for measuring.
let package = Package(
    name: "vtrack-benchmarks",
    dependencies: [.package(name: "vtrack", path: "..")],
    targets: [
        .executableTarget(
            name: "AssignmentBenchmark",
            dependencies: [
                .product(name: "Assignment", package: "vtrack"),
                .product(name: "Geometry", package: "vtrack"),
            ]),
        .executableTarget(
            name: "TuneTracker",
            dependencies: [
                .product(name: "Assignment", package: "vtrack"),
                .product(name: "Geometry", package: "vtrack"),
                .product(name: "Tracker", package: "vtrack"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
