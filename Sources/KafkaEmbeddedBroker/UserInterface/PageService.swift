// SPDX-License-Identifier: Apache-2.0
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import KafkaProtocol
import NIOCore
import NIOHTTP1

/// Answers requests to the page, on the cluster's event loop.
final class PageService {
    /// Topics whose last records are remembered.
    private static let mostRemembered = 64

    private let cluster: Cluster
    /// The last records of topics, each with where its partitions ended then: what has not changed is not read again.
    private var remembered: [TopicID: (ends: [Int64], records: LastRecords)] = [:]

    init(_ cluster: Cluster) {
        self.cluster = cluster
    }

    /// The names by which the page may be asked for.
    private var hosts: Set<String> {
        let configuration = cluster.configuration
        return Set([configuration.uiHost, configuration.hostForClients].map { $0.lowercased() })
    }

    func answer(_ head: HTTPRequestHead) -> PageAnswer {
        switch PageRequest(head, hosts: hosts) {
        case .page: return PageText.answer
        case .state(nil): return state(of: nil)
        case .state(let name?):
            guard let topic = cluster.topics[name] else { return Self.refusal(.notFound, "there is no such topic") }
            return state(of: topic)
        case .refused(let status, let reason): return Self.refusal(status, reason)
        }
    }

    private static func refusal(_ status: HTTPResponseStatus, _ reason: String) -> PageAnswer {
        PageAnswer(
            status: status,
            contentType: "text/plain; charset=utf-8",
            body: ByteBuffer(string: reason + "\n")
        )
    }

    private func state(of topic: Topic?) -> PageAnswer {
        let view = ClusterView(cluster, topic: topic, records: showsRecords ? lastRecords : nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(view) else {
            return Self.refusal(.internalServerError, "the state cannot be written")
        }
        return PageAnswer(contentType: "application/json", body: ByteBuffer(bytes: data))
    }

    /// Who opens the page does not log in: it shows no records that somebody would need a login or a right for.
    private var showsRecords: Bool {
        let security = cluster.configuration.security
        return security.mechanisms.isEmpty && security.tls?.clientCA == nil && cluster.authorizer.allowsEverything
    }

    private func lastRecords(of topic: Topic) -> LastRecords {
        let ends = topic.partitions.flatMap { partition in
            [partition.log.logStartOffset, partition.log.highWatermark, partition.log.lastStableOffset]
        }
        if let known = remembered[topic.id], known.ends == ends { return known.records }
        let records = LastRecords(of: topic)
        if remembered.count >= Self.mostRemembered { remembered.removeAll() }
        remembered[topic.id] = (ends, records)
        return records
    }
}
