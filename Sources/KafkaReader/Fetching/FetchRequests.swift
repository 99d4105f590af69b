// SPDX-License-Identifier: Apache-2.0
import KafkaClient
import KafkaProtocol
import NIOCore

/// Fetches records: what is wanted of one broker goes into one request, and the next one follows its answer. A broker serves
/// the requests of a connection one after the other, so that one which waits for records would hold up those behind it.
///
/// Belongs to the reader's event loop.
final class FetchRequests {
    /// Bytes that are asked for at once, at most, whatever the number of partitions.
    private static let largestFetch = 64 << 20
    /// The first version that names topics by their ids (KIP-516).
    private static let firstTopicIDVersion: Int16 = 13

    private let client: ClusterClient
    private let fetchBytes: Int
    private let waitMilliseconds: Int32
    /// What is under way.
    private var underWay: Set<Destination> = []

    /// One who waits, and what is asked for.
    struct Part {
        let wait: ReadWait
        let offset: Int64
        let leader: PartitionLeader
    }

    /// What can go into one request.
    private struct Destination: Hashable {
        let node: Int32
        let isolation: IsolationLevel
    }

    /// What an answer belongs to.
    private struct Sent {
        let parts: [Part]
        let usesTopicIDs: Bool
    }

    init(_ configuration: ReaderConfiguration, _ client: ClusterClient) {
        self.client = client
        fetchBytes = configuration.fetchBytes
        // An answer that comes at the last moment is still in time.
        let longest = configuration.requestTimeout / 2
        waitMilliseconds = Int32(clamping: max(0, min(configuration.fetchWait, longest).milliseconds))
    }

    /// Fetches for all of these, as far as their brokers are not fetched from already.
    ///
    /// - Returns: Those that were asked for.
    func send(_ wanted: [Part], now: NIODeadline) -> [ReadWait] {
        let groups = Dictionary(grouping: wanted) {
            Destination(node: $0.leader.node, isolation: $0.wait.plan.isolation)
        }
        var asked: [ReadWait] = []
        for (destination, parts) in groups where !underWay.contains(destination) {
            guard let connection = client.connections[destination.node] else { continue }
            send(parts, to: destination, over: connection, now: now)
            asked += parts.map(\.wait)
        }
        return asked
    }

    private func send(
        _ parts: [Part],
        to destination: Destination,
        over connection: BrokerConnection,
        now: NIODeadline
    ) {
        let hasIDs = parts.allSatisfy { $0.leader.topicID != .zero }
        let highest = hasIDs ? Int16.max : Self.firstTopicIDVersion - 1
        let version = connection.versions?.version(of: FetchRequest.self, upTo: highest)
        let sent = Sent(parts: parts, usesTopicIDs: (version ?? 0) >= Self.firstTopicIDVersion)
        for part in parts {
            part.wait.broker = connection.address
            part.wait.machine.asked()
        }
        underWay.insert(destination)
        let request = request(for: parts, destination)
        client.connections.send(request, version: version, over: connection, now: now) { [unowned self] result, times in
            underWay.remove(destination)
            switch result {
            case .success(let response): answered(response, sent, now: times.endedAt)
            case .failure(let failure):
                for part in parts { fail(part, .unanswered(failure), now: times.endedAt) }
            }
        }
    }

    private func request(for parts: [Part], _ destination: Destination) -> FetchRequest {
        let topics = Dictionary(grouping: parts, by: \.wait.plan.topic).map { name, parts in
            let partitions = parts.map { part in
                FetchRequest.Partition(
                    partition: part.wait.plan.partition,
                    currentLeaderEpoch: part.leader.epoch,
                    fetchOffset: part.offset,
                    partitionMaxBytes: Int32(clamping: fetchBytes)
                )
            }
            return FetchRequest.Topic(topic: name, topicID: parts[0].leader.topicID, partitions: partitions)
        }
        return FetchRequest(
            maxWaitMs: waitMilliseconds,
            minBytes: 1,
            maxBytes: Int32(clamping: min(Self.largestFetch, parts.count * fetchBytes)),
            isolationLevel: destination.isolation.rawValue,
            topics: topics
        )
    }

    // MARK: answers

    private func answered(_ response: FetchResponse, _ sent: Sent, now: NIODeadline) {
        for part in sent.parts {
            guard response.errorCode == .none else {
                fail(part, .refused(response.errorCode, namesLeader: false), now: now)
                continue
            }
            let topic = response.responses.first { topic in
                sent.usesTopicIDs ? topic.topicID == part.leader.topicID : topic.topic == part.wait.plan.topic
            }
            let data = topic?.partitions.first { $0.partitionIndex == part.wait.plan.partition }
            guard let data else {
                fail(part, .missing, now: now)
                continue
            }
            answered(data, response, part, now: now)
        }
    }

    private func answered(
        _ data: FetchResponse.PartitionData,
        _ response: FetchResponse,
        _ part: Part,
        now: NIODeadline
    ) {
        guard data.errorCode == .none else {
            let isHinted = adopt(data.currentLeader, response.nodeEndpoints, for: part)
            if data.errorCode.isRetriable, !isHinted { client.requestUpdate() }
            return fail(part, .refused(data.errorCode, namesLeader: isHinted), now: now)
        }
        guard !part.wait.isOver, let batches = part.wait.machine.recordsAnswered(data) else { return }
        part.wait.end(.success(batches))
    }

    /// Takes in the leader that an answer names (KIP-951); returns whether it is news.
    private func adopt(_ leader: LeaderAndEpoch, _ endpoints: [NodeEndpoint], for part: Part) -> Bool {
        guard leader.leaderID >= 0 else { return false }
        let endpoint = endpoints.first { $0.nodeID == leader.leaderID }.map {
            BrokerAddress(nodeID: $0.nodeID, host: $0.host, port: Int($0.port))
        }
        return client.adopt(
            leader: leader.leaderID,
            epoch: leader.leaderEpoch,
            endpoint: endpoint,
            topic: part.wait.plan.topic,
            partition: part.wait.plan.partition
        )
    }

    private func fail(_ part: Part, _ failure: PartitionReadMachine.Failure, now: NIODeadline) {
        guard !part.wait.isOver else { return }
        part.wait.machine.failed(failure, now: now)
    }
}
