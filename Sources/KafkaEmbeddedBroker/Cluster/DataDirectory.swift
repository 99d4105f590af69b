// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

/// The folder in which a broker keeps everything, laid out as Kafka does:
///
///     .lock                                       held while a broker runs
///     .kafka_cleanshutdown                        there when the last broker was stopped in order
///     meta.properties                             the cluster's id, and which producer ids are used
///     topics.state                                what topics have as settings of their own
///     replicas.state                              who leads and is in sync, of partitions with several replicas
///     coordinators.state                          transactional ids, groups and their offsets, ACLs and quotas
///     log-start-offset-checkpoint                 where logs begin of which records were deleted
///     TOPIC-PARTITION/partition.metadata          the topic's id
///     TOPIC-PARTITION/leader-epoch-checkpoint     the leaders' epochs, once another broker became the leader
///     TOPIC-PARTITION/00000000000000000000.log    a segment, named after its first offset
///     TOPIC-PARTITION/log.snapshot                what the log remembered when the broker was stopped
///     node-N/TOPIC-PARTITION/...                  the same of each replica, of partitions with several ones
final class DataDirectory {
    /// A topic that was found: its id, and how many partitions it has.
    struct StoredTopic: Equatable {
        var id: TopicID?
        var partitions: Int
        /// Which brokers have folders of partitions with several replicas.
        var nodes: [Int: Set<Int32>] = [:]
    }

    let path: String
    private let disk: Disk
    /// Keeps other brokers out as long as it is open.
    private var lock: File?
    /// Who leads and is in sync, of partitions with several replicas.
    private var replicaJournal: StateJournal?
    /// The topics' own settings.
    private var settingsJournal: StateJournal?

    /// Takes the folder for this broker alone, and makes it if it is not there.
    init(path: String, disk: Disk = Disk()) throws(EmbeddedBrokerError) {
        self.disk = disk
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        let isLocked: Bool
        do throws(StorageError) {
            try Directory.make(self.path)
            let file = try File.open(self.path + "/.lock")
            isLocked = try file.lock()
            lock = file
        } catch {
            throw EmbeddedBrokerError(error)
        }
        guard isLocked else {
            throw EmbeddedBrokerError(
                .dataDirectoryInUse,
                "data directory \(path) is in use by another broker: stop that one, or choose another directory"
            )
        }
    }

    /// Takes note that a broker runs: from now on a log may have more than was noted when it was closed.
    ///
    /// - Returns: Whether the last one was stopped in order.
    func begin() -> Bool {
        let marker = path + "/" + Self.cleanShutdown
        let wasClosed = (try? Directory.text(of: marker)) != nil
        Directory.removeFile(marker)
        return wasClosed
    }

    /// Takes note that the broker was stopped in order, and all logs are closed.
    func end() throws(StorageError) {
        try Directory.write("{\"version\":0}\n", to: path + "/" + Self.cleanShutdown)
    }

    /// Lets other brokers in.
    func unlock() {
        lock?.unlock()
        lock = nil
    }

    /// What coordinators remember.
    var coordinatorState: String { path + "/coordinators.state" }

    /// The folder of a partition.
    func directory(topic: String, partition: Int, node: Int32? = nil) -> String {
        (node.map(folder) ?? path) + "/\(topic)-\(partition)"
    }

    /// The folder of a broker's copies of partitions with several replicas.
    func folder(of node: Int32) -> String { "\(path)/\(Self.nodePrefix)\(node)" }

    /// Gives the only log of a partition, if there is one, to one of several replicas.
    func adopt(topic: String, partition: Int, node: Int32) throws(StorageError) {
        let former = directory(topic: topic, partition: partition)
        let target = directory(topic: topic, partition: partition, node: node)
        guard Directory.isDirectory(former), !Directory.isDirectory(target) else { return }
        try Directory.make(folder(of: node))
        try Directory.move(former, to: target)
    }

    /// Makes the folder of a partition, and says in it to which topic it belongs.
    func makePartition(topic: String, id: TopicID, partition: Int, node: Int32? = nil) throws(StorageError) {
        let directory = directory(topic: topic, partition: partition, node: node)
        try Directory.make(directory)
        let (file, text) = (directory + "/" + Self.partitionMetadata, "version: 0\ntopic_id: \(id)\n")
        if try Directory.text(of: file) != text { try Directory.write(text, to: file) }
    }

    /// Removes the folder of a partition that has no records yet, as far as it was made.
    func removeNewPartition(topic: String, partition: Int, node: Int32?) {
        let directory = directory(topic: topic, partition: partition, node: node)
        Directory.removeFile(directory + "/" + Self.partitionMetadata)
        Directory.removeFile(directory + "/" + SegmentName.name(ofBaseOffset: 0))
        Directory.removeEmpty(directory)
    }

    /// Removes the folder of a partition with all that is in it.
    func removePartition(topic: String, partition: Int, node: Int32?) {
        let directory = directory(topic: topic, partition: partition, node: node)
        for name in (try? Directory.names(in: directory)) ?? [] { Directory.removeFile(directory + "/" + name) }
        Directory.removeEmpty(directory)
    }

    /// The topics whose partitions have folders here.
    func storedTopics() throws(StorageError) -> [String: StoredTopic] {
        var topics: [String: StoredTopic] = [:]
        try add(path, to: &topics)
        for name in try Directory.names(in: path) {
            guard name.hasPrefix(Self.nodePrefix), let node = Int32(name.dropFirst(Self.nodePrefix.count)), node > 0,
                name == "\(Self.nodePrefix)\(node)"
            else { continue }
            // A topic may be called `node`, and has such a folder with segments in it.
            var found: [String: StoredTopic] = [:]
            try add(path + "/" + name, node: node, to: &found)
            for (topic, stored) in found {
                var known = topics[topic] ?? StoredTopic(id: nil, partitions: 0)
                known.partitions = max(known.partitions, stored.partitions)
                known.id = known.id ?? stored.id
                for partition in stored.nodes.keys { known.nodes[partition, default: []].insert(node) }
                topics[topic] = known
            }
        }
        return topics
    }

    private func add(
        _ folder: String,
        node: Int32? = nil,
        to topics: inout [String: StoredTopic]
    ) throws(StorageError) {
        for name in try Directory.names(in: folder) {
            guard
                let (topic, partition) = Self.topicAndPartition(ofDirectory: name),
                Directory.isDirectory(folder + "/" + name)
            else { continue }
            let id = try topicID(inDirectory: folder + "/" + name)
            // The folder of a broker is that of a partition of a topic `node` only if it says so.
            if topic + "-" == Self.nodePrefix, id == nil { continue }
            var stored = topics[topic] ?? StoredTopic(id: nil, partitions: 0)
            stored.partitions = max(stored.partitions, partition + 1)
            stored.id = stored.id ?? id
            if let node { stored.nodes[partition, default: []].insert(node) }
            topics[topic] = stored
        }
    }

    /// What is known of the partitions with several replicas; lines that were damaged are left out.
    func replicas() throws(StorageError) -> [TransactionPartition: StoredReplicas] {
        let journal = try journal(Self.replicasState, former: Self.replicasProperties) { $0 }
        replicaJournal = journal
        var replicas: [TransactionPartition: StoredReplicas] = [:]
        for (key, value) in journal.values {
            guard let (topic, partition) = Self.topicAndPartition(ofDirectory: key),
                let stored = StoredReplicas(value)
            else { continue }
            replicas[TransactionPartition(topic, Int32(clamping: partition))] = stored
        }
        return replicas
    }

    /// Writes down who leads and is in sync, of those partitions of which that has changed; nil for those that are gone.
    func keep(replicas: [(TransactionPartition, StoredReplicas?)]) throws(StorageError) {
        let changes = replicas.map { place, stored in
            StateJournal.Change(key: "\(place.topic)-\(place.index)", value: stored?.text)
        }.filter { replicaJournal?.values[$0.key] != $0.value }
        if !changes.isEmpty { try replicaJournal?.apply(changes) }
    }

    /// What `meta.properties` says, empty when there is none yet.
    func properties() throws(StorageError) -> [String: String] {
        Self.pairs(of: try Directory.text(of: path + "/" + Self.metaProperties) ?? "", separator: "=")
    }

    /// Writes `meta.properties` anew.
    func write(properties: [String: String]) throws(StorageError) {
        let lines = properties.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }
        try Directory.write(lines.joined(), to: path + "/" + Self.metaProperties)
    }

    /// The settings of their own that topics have, by the topics' names; what was damaged is left out.
    func topicSettings() throws(StorageError) -> [String: [String: String]] {
        let journal = try journal(Self.topicsState, former: Self.topicsProperties) { pairs in
            var settings: [String: [String: String]] = [:]
            for (key, value) in pairs {
                let parts = key.split(separator: "/", maxSplits: 1)
                guard parts.count == 2 else { continue }
                settings[String(parts[0]), default: [:]][String(parts[1])] = value
            }
            return settings.compactMapValues(Self.text)
        }
        settingsJournal = journal
        return journal.values.mapValues { text in
            var settings: [String: String] = [:]
            for word in text.split(separator: " ") {
                let parts = word.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                settings[String(parts[0])] = parts[1].unescapedWord
            }
            return settings
        }
    }

    /// Writes down the settings of those topics whose settings have changed; a topic that is gone has none.
    func keep(settings: [(topic: String, settings: [String: String])]) throws(StorageError) {
        let changes = settings.map { topic, settings in
            StateJournal.Change(key: topic, value: Self.text(settings))
        }.filter { settingsJournal?.values[$0.key] != $0.value }
        if !changes.isEmpty { try settingsJournal?.apply(changes) }
    }

    /// `cleanup.policy=compact segment.bytes=1000`; nil for no settings.
    private static func text(_ settings: [String: String]) -> String? {
        guard !settings.isEmpty else { return nil }
        return settings.map { "\($0.key)=\($0.value.escapedWord)" }.sorted().joined(separator: " ")
    }

    /// Opens a file to which changes are appended. What a broker left that wrote all of it anew at each change is taken over.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - former: The name of the file that was written anew, of lines `KEY=VALUE`.
    ///   - convert: What its lines are in the new file.
    /// - Returns: The open file.
    /// - Throws: When a file cannot be read or written.
    private func journal(
        _ name: String,
        former: String,
        _ convert: ([String: String]) -> [String: String]
    ) throws(StorageError) -> StateJournal {
        var journal = try StateJournal(path: path + "/" + name, disk: disk)
        let former = path + "/" + former
        guard let text = try Directory.text(of: former) else { return journal }
        let values = convert(Self.pairs(of: text, separator: "="))
        let changed = Set(journal.values.keys).union(values.keys).sorted()
        try journal.apply(changed.map { StateJournal.Change(key: $0, value: values[$0]) })
        Directory.removeFile(former)
        return journal
    }

    /// The epochs that a partition's leaders had; nil when the leader never changed.
    func leaderEpochs(topic: String, partition: Int, node: Int32? = nil) throws(StorageError) -> LeaderEpochs? {
        let file = directory(topic: topic, partition: partition, node: node) + "/" + Self.leaderEpochCheckpoint
        return try Directory.text(of: file).map { LeaderEpochs(text: $0) }
    }

    /// Writes down the epochs that a partition's leaders had.
    func write(
        leaderEpochs: LeaderEpochs,
        topic: String,
        partition: Int,
        node: Int32? = nil
    ) throws(StorageError) {
        let file = directory(topic: topic, partition: partition, node: node) + "/" + Self.leaderEpochCheckpoint
        try Directory.write(leaderEpochs.text, to: file)
    }

    /// Where logs begin whose oldest records were deleted.
    func logStarts() throws(StorageError) -> PartitionCheckpoint {
        PartitionCheckpoint(text: try Directory.text(of: path + "/" + Self.logStartCheckpoint) ?? "")
    }

    /// Writes down where logs begin.
    func write(logStarts: PartitionCheckpoint) throws(StorageError) {
        try Directory.write(logStarts.text, to: path + "/" + Self.logStartCheckpoint)
    }

    private static let cleanShutdown = ".kafka_cleanshutdown"
    private static let logStartCheckpoint = "log-start-offset-checkpoint"
    private static let nodePrefix = "node-"
    private static let replicasState = "replicas.state"
    private static let replicasProperties = "replicas.properties"
    private static let topicsState = "topics.state"
    private static let topicsProperties = "topics.properties"
    private static let leaderEpochCheckpoint = "leader-epoch-checkpoint"
    private static let partitionMetadata = "partition.metadata"
    private static let metaProperties = "meta.properties"

    private func topicID(inDirectory directory: String) throws(StorageError) -> TopicID? {
        let text = try Directory.text(of: directory + "/" + Self.partitionMetadata) ?? ""
        return Self.pairs(of: text, separator: ":")["topic_id"].flatMap { TopicID(text: $0) }
    }

    /// `orders-3` is partition 3 of `orders`; nil for what is no partition's folder.
    static func topicAndPartition(ofDirectory name: String) -> (topic: String, partition: Int)? {
        guard let hyphen = name.lastIndex(of: "-") else { return nil }
        let topic = String(name[..<hyphen])
        let digits = name[name.index(after: hyphen)...]
        guard
            TopicName.objection(to: topic) == nil,
            let partition = Int(digits), String(partition) == digits,
            (0..<Partition.counts.upperBound).contains(partition)
        else { return nil }
        return (topic, partition)
    }

    private static func pairs(of text: String, separator: Character) -> [String: String] {
        var pairs: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2 else { continue }
            pairs[parts[0].trimmingSpaces()] = parts[1].trimmingSpaces()
        }
        return pairs
    }
}
