// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging

@testable import KafkaEmbeddedBroker

/// Runs `body` with a broker and a client of its first node, and ends both.
func withBroker<Result: Sendable>(
    disk: Disk = Disk(),
    logger: Logger = .silent,
    _ configure: (inout EmbeddedBroker.Configuration) -> Void = { _ in },
    _ body: (EmbeddedBroker, TestClient) async throws -> Result
) async throws -> Result {
    var configuration = EmbeddedBroker.Configuration()
    // The time of test batches is long ago: on a slow machine a test could see them go.
    configuration.topicDefaults[.retentionMs] = "-1"
    configure(&configuration)
    let broker = try await EmbeddedBroker.start(configuration, logger: logger, disk: disk)
    let client: TestClient
    do {
        client = try await TestClient.connect(port: broker.ports[0])
        let result = try await body(broker, client)
        await client.close()
        await broker.stop()
        return result
    } catch {
        await broker.stop()
        throw error
    }
}

/// Why a broker does not start, or nil when it does.
func failure(starting configuration: EmbeddedBroker.Configuration) async -> EmbeddedBrokerError? {
    do {
        let broker = try await EmbeddedBroker.start(configuration, logger: .silent)
        await broker.stop()
        return nil
    } catch {
        return error
    }
}

/// Runs `body` with an empty folder, and removes it afterwards.
func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("broker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
}

extension Logger {
    /// A logger that says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
