// swift-tools-version: 6.3
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let producer: Target.Dependency = .product(name: "KafkaProducer", package: "kafka-producer")
let broker: Target.Dependency = .product(name: "KafkaEmbeddedBroker", package: "kafka-producer")
let services: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

/// Programs that use the library, the code of its articles, and tests of its traits.
let package = Package(
    name: "kafka-producer-examples",
    dependencies: [
        .package(
            name: "kafka-producer",
            path: "..",
            traits: ["ServiceLifecycle", "Metrics", "Tracing", "Configuration"]
        ),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    ],
    targets: [
        .target(
            name: "Articles",
            dependencies: [producer, broker, services, signals, configuration, logging],
            swiftSettings: swiftSettings
        ),
        .target(name: "OrderService", dependencies: [producer, services] + nio, swiftSettings: swiftSettings),
        .executableTarget(
            name: "order-service",
            dependencies: ["OrderService", producer, services, signals, configuration, logging],
            swiftSettings: swiftSettings
        ),
        .executableTarget(name: "pipe", dependencies: [producer, configuration], swiftSettings: swiftSettings),
        .testTarget(
            name: "ExamplesTests",
            dependencies: [
                "Articles", "OrderService", producer, broker, services, configuration, logging,
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ] + nio,
            swiftSettings: swiftSettings
        ),
    ]
)
