// swift-tools-version: 6.3
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "kafka-producer",
    // String.utf8.span and InlineArray are not in the libraries of an older system.
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "kafka-producer", targets: ["ProducerCommand"]),
        .library(name: "KafkaProducer", targets: ["KafkaProducer", "KafkaClient", "KafkaRecords", "KafkaProtocol"]),
        .library(name: "KafkaEmbeddedBroker", targets: ["KafkaEmbeddedBroker", "KafkaRecords"]),
    ],
    traits: [
        .trait(name: "ServiceLifecycle", description: "KafkaProducer is a Service of swift-service-lifecycle."),
        .trait(name: "Metrics", description: "KafkaProducer hands its metrics to swift-metrics."),
        .trait(name: "Tracing", description: "Each record has a span, and carries its context in headers."),
        .trait(name: "Configuration", description: "Settings are read by swift-configuration."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        // For the traits.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    ],
    targets: [
        // The four codecs are the system's own libraries; CRC-32C is the one C function of this package.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
        .target(name: "CCRC32C"),
        // What was built, and with what, that Swift cannot tell.
        .target(name: "CBuildFacts", dependencies: ["CSnappy"]),
        // The C library of the system, under one name.
        .target(name: "Platform", swiftSettings: swiftSettings),
        // Random numbers that a seed repeats.
        .target(name: "RandomNumbers", swiftSettings: swiftSettings),

        // Text and bytes into the parts of records.
        .target(name: "RecordText", swiftSettings: swiftSettings),

        .target(name: "KafkaProtocol", dependencies: ["CCRC32C", nioCore], swiftSettings: swiftSettings),
        .target(
            name: "KafkaCompression",
            dependencies: ["CZlib", "CLZ4", "CZstd", "CSnappy", "CBuildFacts"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "KafkaRecords",
            dependencies: ["KafkaProtocol", "KafkaCompression", nioCore],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "KafkaClient",
            dependencies: [
                "Platform", "KafkaProtocol", nioCore, nioPosix, nioTLS, nioSSL, nioHTTP1, x509, logging,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "KafkaProducer",
            dependencies: [
                "Platform", "RandomNumbers", "KafkaClient", "KafkaRecords", "KafkaProtocol", "KafkaCompression",
                nioCore,
                nioPosix,
                logging,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(
                    name: "ServiceLifecycle",
                    package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])
                ),
                .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
                .product(name: "Tracing", package: "swift-distributed-tracing", condition: .when(traits: ["Tracing"])),
                .product(
                    name: "Configuration",
                    package: "swift-configuration",
                    condition: .when(traits: ["Configuration"])
                ),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "KafkaReader",
            dependencies: ["KafkaClient", "KafkaRecords", "KafkaProtocol", nioCore, nioPosix, logging],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "KafkaEmbeddedBroker",
            dependencies: [
                "Platform", "RandomNumbers", "KafkaRecords", "KafkaProtocol", "KafkaCompression", nioCore, nioPosix,
                nioSSL, nioHTTP1, x509, logging,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "ProducerCommand",
            dependencies: [
                "Platform", "CBuildFacts",
                "RandomNumbers",
                "KafkaClient",
                "KafkaProducer",
                "KafkaRecords",
                "KafkaProtocol",
                "KafkaCompression",
                "KafkaEmbeddedBroker",
                "KafkaReader",
                nioCore,
                "RecordText",
                logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            // A chunk of the input lends its bytes as a span.
            swiftSettings: swiftSettings + [.enableExperimentalFeature("Lifetimes")]
        ),

        // Damaged bytes for tests.
        .target(
            name: "Mutation",
            dependencies: ["RandomNumbers"],
            path: "Tests/Mutation",
            swiftSettings: swiftSettings
        ),
        // Vectors of other implementations for tests.
        .target(
            name: "Vectors",
            dependencies: [nioCore],
            path: "Tests/Vectors",
            resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "RecordTextTests",
            dependencies: ["RecordText", "RandomNumbers"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaProtocolTests",
            dependencies: ["KafkaProtocol", "CCRC32C", "RandomNumbers", "Mutation", "Vectors", nioCore],
            resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaRecordsTests",
            dependencies: [
                "KafkaRecords", "KafkaProtocol", "KafkaCompression", "RandomNumbers", "Mutation", "Vectors", nioCore,
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaCompressionTests",
            dependencies: ["KafkaCompression", "RandomNumbers", "Mutation", "Vectors"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaClientTests",
            dependencies: [
                "KafkaClient", "KafkaProtocol", "Mutation", "Platform", "Vectors", nioCore, nioPosix, nioTLS, nioSSL,
                logging, .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaProducerTests",
            dependencies: [
                "Platform", "KafkaProducer", "KafkaClient", "KafkaRecords", "KafkaProtocol", "KafkaCompression",
                "KafkaEmbeddedBroker",
                "RandomNumbers",
                "Vectors", nioCore,
                nioPosix,
                logging, .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaReaderTests",
            dependencies: [
                "KafkaReader", "KafkaProducer", "KafkaClient", "KafkaEmbeddedBroker", "KafkaRecords", "KafkaProtocol",
                "KafkaCompression", "Mutation", nioCore, nioPosix, logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "KafkaEmbeddedBrokerTests",
            dependencies: [
                "Platform", "KafkaEmbeddedBroker", "KafkaRecords", "KafkaProtocol", "KafkaCompression", "KafkaReader",
                "KafkaClient",
                "RandomNumbers", "Mutation", "Vectors",
                nioCore,
                nioPosix, nioHTTP1,
                logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "ProducerCommandTests",
            dependencies: [
                "ProducerCommand", "KafkaClient", "KafkaEmbeddedBroker", "KafkaRecords", "KafkaProtocol",
                "KafkaProducer", "KafkaReader", "RecordText",
                "RandomNumbers",
                "Mutation",
                "Vectors",
                nioCore,
                nioPosix,
                logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),
    ]
)

// Scripts/fuzz sets it: libFuzzer's main function is wanted nowhere else.
if Context.environment["KAFKA_PRODUCER_FUZZ"] != nil {
    package.products.append(.executable(name: "fuzz", targets: ["Fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "KafkaProducer", "KafkaClient", "KafkaRecords", "KafkaProtocol", "KafkaCompression", "RecordText",
                nioCore,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/Fuzz",
            exclude: ["corpus.py"],
            swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        )
    )
}
