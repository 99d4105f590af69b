// SPDX-License-Identifier: Apache-2.0
package import KafkaProtocol

/// What the cluster last said of itself: its brokers, and the leaders of the topics in use.
package struct ClusterMetadata: Sendable {
    package struct Partition: Sendable, Equatable {
        /// The leader's id, or `nil` while there is none.
        package var leader: Int32?
        /// Grows with every election; -1 when the broker does not tell.
        package var leaderEpoch: Int32
    }

    package struct Topic: Sendable, Equatable {
        package var id: TopicID
        package var partitions: [Partition]
        /// Counts up when another topic takes the name.
        package var incarnation = 0

        package var available: [Int32] {
            partitions.indices.filter { partitions[$0].leader != nil }.map(Int32.init)
        }

        /// The partitions whose leaders are in a rack.
        package func available(in rack: String, of cluster: ClusterMetadata) -> [Int32] {
            partitions.indices.filter { partitions[$0].leader.map { cluster.racks[$0] == rack } ?? false }
                .map(Int32.init)
        }
    }

    package private(set) var brokers: [Int32: BrokerAddress]
    /// The racks of the brokers that have one.
    private var racks: [Int32: String] = [:]
    package private(set) var topics: [String: Topic] = [:]
    package private(set) var topicNames: [TopicID: String] = [:]
    /// The cluster's id, which brokers tell from Kafka 0.10.1 on.
    package private(set) var clusterID: String?
    /// The ids of topics whose names others have now: no topic gets one of these again.
    private var formerIDs: Set<TopicID> = []
    /// Whether `brokers` are still those of `bootstrap.servers`, under made-up negative ids.
    package private(set) var isBootstrap = true
    /// Counts up with every change, so that copies of parts of it can be renewed.
    package private(set) var version = 0

    /// A cluster of which only some addresses are known.
    package init(bootstrap addresses: [BrokerAddress]) {
        brokers = Self.numbered(addresses)
    }

    /// Back to the addresses of the beginning. Of topics only the partition counts stay: the cluster that is found there
    /// may be another one, whose leader epochs began anew.
    package mutating func rebootstrap(_ addresses: [BrokerAddress]) {
        brokers = Self.numbered(addresses)
        racks = [:]
        for (name, topic) in topics {
            let unknown = Partition(leader: nil, leaderEpoch: -1)
            topics[name]?.partitions = topic.partitions.map { _ in unknown }
        }
        formerIDs = []
        isBootstrap = true
        version += 1
    }

    /// Takes in a response. A partition's leader epoch never goes back: an older answer does not undo a newer one.
    ///
    /// - Returns: whether it was news.
    @discardableResult
    package mutating func merge(_ response: MetadataResponse) -> Bool {
        let (brokersBefore, topicsBefore) = (brokers, topics)
        brokers = Dictionary(
            // A port that cannot be would become another broker's when it is cut to 16 bits.
            response.brokers.filter { BrokerAddress.ports.contains(Int($0.port)) }.map { broker in
                let address = BrokerAddress(nodeID: broker.nodeID, host: broker.host, port: Int(broker.port))
                return (broker.nodeID, address)
            },
            uniquingKeysWith: { first, _ in first }
        )
        racks = Dictionary(
            response.brokers.compactMap { broker in broker.rack.map { (broker.nodeID, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        isBootstrap = false
        clusterID = response.clusterID ?? clusterID
        version += 1
        for topic in response.topics where topic.errorCode == .none {
            guard let name = topic.name else { continue }
            merge(topic, named: name)
        }
        return brokers != brokersBefore || topics != topicsBefore
    }

    private mutating func merge(_ topic: MetadataResponse.Topic, named name: String) {
        let count = Int(topic.partitions.map(\.partitionIndex).max() ?? -1) + 1
        // A topic that is known has partitions, whatever a broker says.
        guard (0...1_000_000).contains(count), count > 0 || topics[name] == nil else { return }
        let known: Topic?
        var incarnation = 0
        switch sighting(of: topic, named: name, partitionCount: count) {
        case .first: known = nil
        case .same(let same): (known, incarnation) = (same, same.incarnation)
        case .another(let former):
            // Its leader epochs began anew.
            known = nil
            incarnation = former.incarnation + 1
            if former.id != .zero { formerIDs.insert(former.id) }
        case .outdated: return
        }
        var partitions = known?.partitions ?? []
        let missing = max(0, count - partitions.count)
        partitions += Array(repeating: Partition(leader: nil, leaderEpoch: -1), count: missing)
        for index in 0..<count where known != nil { partitions[index].leader = nil }
        for partition in topic.partitions where partition.partitionIndex >= 0 {
            let index = Int(partition.partitionIndex)
            if let known, known.partitions.indices.contains(index), partition.leaderEpoch >= 0,
                known.partitions[index].leaderEpoch > partition.leaderEpoch
            {
                partitions[index] = known.partitions[index]
            } else {
                let leader = partition.leaderID >= 0 ? partition.leaderID : nil
                partitions[index] = Partition(leader: leader, leaderEpoch: partition.leaderEpoch)
            }
        }
        topics[name] = Topic(id: topic.topicID, partitions: partitions, incarnation: incarnation)
        if topic.topicID != .zero { topicNames[topic.topicID] = name }
    }

    /// What a topic in an answer is to the one that is known by its name.
    private enum Sighting {
        case first
        case same(Topic)
        /// The known one was deleted, and this one was made.
        case another(than: Topic)
        /// It is one that was deleted: the broker that answers does not know yet.
        case outdated
    }

    /// Another id means another topic of that name. Where ids are missing (before version 10), fewer partitions mean it,
    /// since a topic never loses one.
    private func sighting(of topic: MetadataResponse.Topic, named name: String, partitionCount: Int) -> Sighting {
        guard !formerIDs.contains(topic.topicID) else { return .outdated }
        guard let known = topics[name] else { return .first }
        if known.id != .zero, topic.topicID != .zero {
            return known.id == topic.topicID ? .same(known) : .another(than: known)
        }
        return partitionCount < known.partitions.count ? .another(than: known) : .same(known)
    }

    /// Takes in a leader that a produce response named (KIP-951).
    ///
    /// - Returns: whether it was news.
    package mutating func update(
        leader: Int32,
        epoch: Int32,
        endpoint: BrokerAddress?,
        topic name: String,
        partition: Int32
    ) -> Bool {
        guard var topic = topics[name], topic.partitions.indices.contains(Int(partition)),
            epoch > topic.partitions[Int(partition)].leaderEpoch, leader >= 0
        else { return false }
        if let endpoint, BrokerAddress.ports.contains(endpoint.port) { brokers[leader] = endpoint }
        guard brokers[leader] != nil else { return false }
        topic.partitions[Int(partition)] = Partition(leader: leader, leaderEpoch: epoch)
        topics[name] = topic
        version += 1
        return true
    }

    /// A partition and its leader, if that one's address is known.
    package func partition(_ partition: Int32, of topic: String) -> Partition? {
        guard let topic = topics[topic], topic.partitions.indices.contains(Int(partition)) else { return nil }
        var result = topic.partitions[Int(partition)]
        if let leader = result.leader, brokers[leader] == nil { result.leader = nil }
        return result
    }

    private static func numbered(_ addresses: [BrokerAddress]) -> [Int32: BrokerAddress] {
        Dictionary(uniqueKeysWithValues: addresses.enumerated().map { (Int32(-1 - $0.offset), $0.element) })
    }
}
