// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "vtrack",
    products: [
        .executable(name: "vtrack", targets: ["App"]),
        // For Benchmarks/, which is a package of its own.
        .library(name: "Assignment", targets: ["Assignment"]),
        .library(name: "Geometry", targets: ["Geometry"]),
        .library(name: "Tracker", targets: ["Tracker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CFFmpeg",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev", "libavutil-dev"])]
        ),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKernels"),

        .target(name: "Geometry"),
        .target(name: "Assignment"),
        .target(name: "Formats", dependencies: ["Geometry"]),
        .target(name: "Decode", dependencies: ["Geometry", "CFFmpeg"]),
        .target(name: "Features", dependencies: ["Geometry", "COneDNN", "CZlib", "CKernels"]),
        .target(name: "Tracker", dependencies: ["Geometry", "Assignment"]),
        .target(name: "Evaluation", dependencies: ["Geometry", "Assignment", "Formats"]),
        .executableTarget(
            name: "App",
            dependencies: [
                "Geometry", "Assignment", "Formats", "Decode", "Features", "Tracker", "Evaluation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),

        .testTarget(name: "GeometryTests", dependencies: ["Geometry"]),
        .testTarget(name: "AssignmentTests", dependencies: ["Assignment"], exclude: ["Golden"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "Geometry"]),
        .testTarget(name: "DecodeTests", dependencies: ["Decode", "Geometry"]),
        .testTarget(name: "FeaturesTests", dependencies: ["Features", "Geometry", "CKernels"], exclude: ["Fixtures"]),
        .testTarget(name: "TrackerTests", dependencies: ["Tracker", "Geometry", "Assignment"]),
        .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Geometry", "Assignment", "Formats"]),
        .testTarget(
            name: "AppTests",
            dependencies: [
                "App", "Geometry", "Formats", "Decode", "Features", "Tracker", "Evaluation",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.name != "CKernels" {
    var settings = target.swiftSettings ?? []

    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    settings.append(.enableUpcomingFeature("ExistentialAny"))

    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    settings.append(.enableUpcomingFeature("MemberImportVisibility"))

    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    settings.append(.enableUpcomingFeature("InternalImportsByDefault"))

    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    settings.append(.enableUpcomingFeature("NonisolatedNonsendingByDefault"))

    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
    // Every use of a pointer says `unsafe`, so that `grep -rn unsafe Sources` is the list to audit.
    settings.append(.strictMemorySafety())

    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0480-swiftpm-warning-control.md
    settings.append(.treatAllWarnings(as: .error))

    target.swiftSettings = settings
}
