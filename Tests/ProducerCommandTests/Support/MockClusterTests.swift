// SPDX-License-Identifier: Apache-2.0
import Testing

/// The mock brokers as the tests use them.
@Suite("Mock cluster", .takesTurns, .needsPeers, .timeLimit(.minutes(10)))
struct MockClusterTests {
    /// Errors in answer to ApiVersions were left when the producer connected less often than a script had foreseen, as on a
    /// busy machine; then kcat, which reads back, found all brokers down and gave up.
    @Test("errors that a script has left are not met by whoever reads back", arguments: [3, 18, 22])
    func heals(kind: Int) async throws {
        let cluster = try await MockCluster(brokers: 3, topics: ["t": 3])
        try await Kcat.produce(.bytes(Array("one\ntwo\n".utf8)), to: "t", at: cluster.bootstrap)
        try await cluster.command("error \(kind) 40 7 -195")
        try await cluster.command("down 2")
        try await cluster.heal()
        #expect(try await Kcat.read("t", from: cluster.bootstrap).count == 2)
    }
}
