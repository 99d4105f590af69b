// SPDX-License-Identifier: Apache-2.0
public import Logging

extension EmbeddedBroker {
    /// Runs `body` with a cluster, which is stopped afterwards, be it that `body` throws: for tests.
    ///
    ///     try await EmbeddedBroker.withCluster(topics: ["orders": 3]) { cluster in
    ///         try await placeOrder(servers: cluster.bootstrapServers)
    ///         #expect(try await cluster.records(topic: "orders", partition: 0).count == 1)
    ///     }
    ///
    /// Each call has ports of its own, so that tests run beside one another.
    ///
    /// - Parameters:
    ///   - configuration: how it is set up. Default: one broker, in memory, which makes topics when they are asked for.
    ///   - topics: topics to make, each with its number of partitions, beside those of the configuration. Default: none.
    ///   - logger: gets at level info what happens, and at debug each request. Default: nothing is logged.
    ///   - body: what to do while the cluster runs.
    /// - Returns: what `body` returns.
    /// - Throws: ``EmbeddedBrokerError`` when the cluster cannot start; or what `body` throws.
    public static func withCluster<Result>(
        _ configuration: Configuration = Configuration(),
        topics: [String: Int] = [:],
        logger: Logger = Logger(label: "kafka.embedded-broker", factory: { _ in SwiftLogNoOpLogHandler() }),
        _ body: (EmbeddedBroker) async throws -> sending Result
    ) async throws -> sending Result {
        var configuration = configuration
        configuration.topics.merge(topics) { $1 }
        let cluster = try await start(configuration, logger: logger)
        let result: Result
        do {
            result = try await body(cluster)
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
        return result
    }
}
