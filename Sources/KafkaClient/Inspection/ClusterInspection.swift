// SPDX-License-Identifier: Apache-2.0
import Dispatch
import KafkaProtocol
import NIOPosix
import Synchronization

/// Inspects a cluster from the outside in: the bootstrap servers, what the first of them knows, then the brokers it names.
///
/// What is known so far can be looked at any time, so that an end in the middle loses nothing.
package final class ClusterInspection: Sendable {
    /// What is known so far.
    package struct Facts: Sendable {
        /// Of the bootstrap servers, in the order of the settings.
        package var bootstrap: [BrokerFacts] { Self.sorted(bootstrapFound) }
        /// Of the brokers that the cluster names at other addresses, by their ids.
        package var brokers: [BrokerFacts] { Self.sorted(brokersFound) }
        /// What a broker says of the cluster.
        package var cluster: ClusterFacts?
        /// Why no broker says anything of the cluster, though one was reached.
        package var clusterFailure: String?
        fileprivate(set) var bootstrapFound: [Int: BrokerFacts] = [:]
        fileprivate(set) var brokersFound: [Int: BrokerFacts] = [:]

        private static func sorted(_ found: [Int: BrokerFacts]) -> [BrokerFacts] {
            found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// So many brokers are tried at once.
    private static let width = 32
    /// The thread of all inspections. It lives as long as the process does.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let plan: InspectionPlan
    private let state = Mutex(Facts())

    package init(_ plan: InspectionPlan) { self.plan = plan }

    /// What is known so far.
    package var facts: Facts { state.withLock { $0 } }

    /// Inspects everything; how long that takes is bounded by the limit of each layer.
    package func run() async {
        var probes: [BrokerProbe] = []
        let servers = await bootstrapServers()
        await inspect(servers, keepsProbe: { probes.append($0) }) { facts, index, found in
            facts.bootstrapFound[index] = found
        }
        await askForCluster(
            zip(servers, probes).filter { server, _ in
                facts.bootstrap.contains { $0.address == server && $0.isUsable }
            }.map(\.1)
        )
        for probe in probes { await probe.close() }
        await inspectBrokers()
    }

    private func bootstrapServers() async -> [BrokerAddress] {
        let servers = plan.client.bootstrap
        guard plan.expandsBootstrap else { return servers }
        let expanded = await TimeLimit.run(plan.limit) {
            await withCheckedContinuation { continuation in
                // It blocks for as long as name servers take.
                DispatchQueue.global().async {
                    continuation.resume(returning: BootstrapResolver.canonicalServers(servers))
                }
            }
        }
        return expanded ?? servers
    }

    private func askForCluster(_ probes: [BrokerProbe]) async {
        for probe in probes {
            switch await probe.cluster(topic: plan.topic) {
            case .success(let found):
                return state.withLock { facts in
                    facts.cluster = found
                    facts.clusterFailure = nil
                }
            case .failure(let failure): state.withLock { $0.clusterFailure = failure.reason }
            }
        }
    }

    private func inspectBrokers() async {
        guard let cluster = facts.cluster else { return }
        let brokers = cluster.metadata.brokers.filter { BrokerAddress.ports.contains(Int($0.port)) }
            .sorted { $0.nodeID < $1.nodeID }
            .map { BrokerAddress(nodeID: $0.nodeID, host: $0.host, port: Int($0.port)) }
        let tried = facts.bootstrap.map(\.address)
        let others = brokers.filter { broker in
            !tried.contains { $0.host == broker.host && $0.port == broker.port }
        }
        await inspect(others, keepsProbe: nil) { facts, index, found in
            facts.brokersFound[index] = found
        }
    }

    /// Inspects addresses side by side, and notes what is known after each of them.
    private func inspect(
        _ addresses: [BrokerAddress],
        keepsProbe: ((BrokerProbe) -> Void)?,
        _ note: @escaping @Sendable (inout Facts, Int, BrokerFacts) -> Void
    ) async {
        var waiting = ArraySlice(addresses.indices)
        let probes = addresses.map { BrokerProbe($0, plan, on: Self.group.next()) }
        for probe in probes { keepsProbe?(probe) }
        let closes = keepsProbe == nil
        await withTaskGroup(of: Void.self) { group in
            func begin() {
                guard let index = waiting.popFirst() else { return }
                let probe = probes[index]
                group.addTask { [self] in
                    await probe.inspect { facts in state.withLock { note(&$0, index, facts) } }
                    if closes { await probe.close() }
                }
            }
            for _ in 0..<Self.width { begin() }
            for await _ in group { begin() }
        }
    }
}
