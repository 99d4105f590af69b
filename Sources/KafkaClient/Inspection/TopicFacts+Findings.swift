// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol

extension TopicFacts {
    /// What follows from what a broker says of a topic, for a producer with these demands.
    ///
    /// - Parameters:
    ///   - demands: What the producer wants.
    ///   - brokers: The ids of the brokers that are running.
    /// - Returns: The findings, in the order of the report.
    package func findings(_ demands: ClientDemands, brokers: Set<Int32>) -> [Finding] {
        guard metadata.errorCode == .none else { return [finding(of: metadata.errorCode)] }
        let count = metadata.partitions.count
        let leaders = Set(metadata.partitions.map(\.leaderID).filter { $0 >= 0 }).count
        let replicas = metadata.partitions.map(\.replicaNodes.count).min() ?? 0
        let partitions = count == 1 ? "1 partition" : "\(count) partitions"
        var found = [
            finding(
                .ok,
                "\(partitions), leaders on \(leaders) of \(brokers.count) brokers, replication factor \(replicas)"
            )
        ]
        found += leaderFindings(brokers) + replicaFindings(demands) + settingFindings(demands)
        return found
    }

    private func finding(_ mark: Finding.Mark, _ text: String, _ advice: String? = nil) -> Finding {
        Finding(.topic, "topic \(name)", mark, text, advice: advice)
    }

    private func finding(of error: ErrorCode) -> Finding {
        switch error {
        case .unknownTopicOrPartition:
            switch isMadeOnFirstUse {
            case true?:
                finding(
                    .warning,
                    "it does not exist; the broker makes it on first use (auto.create.topics.enable)",
                    "create it with the partitions and replicas that you want: kafka-topics.sh --create --topic \(name)"
                )
            case false?:
                finding(.failed, "it does not exist, and the broker makes none (auto.create.topics.enable)", create)
            case nil: finding(.failed, "it does not exist, or this client may not know of it", create)
            }
        case .topicAuthorizationFailed:
            finding(
                .failed,
                "this client may not know of it (TOPIC_AUTHORIZATION_FAILED)",
                "grant Describe or Write on it"
            )
        case .invalidTopic: finding(.failed, "brokers refuse the name", "correct -t")
        default: finding(.failed, "the broker answers \(error.name)", "look at the broker's log")
        }
    }

    private var create: String { "create it: kafka-topics.sh --create --topic \(name), or correct -t" }

    private func leaderFindings(_ brokers: Set<Int32>) -> [Finding] {
        let leaderless = metadata.partitions.filter { $0.leaderID < 0 }
        let elsewhere = metadata.partitions.filter { $0.leaderID >= 0 && !brokers.contains($0.leaderID) }
        var found: [Finding] = []
        if !leaderless.isEmpty {
            found.append(
                finding(.failed, "\(Self.list(leaderless)) without a leader", "bring a broker with a replica up again")
            )
        }
        if !elsewhere.isEmpty {
            let text = "\(Self.list(elsewhere)) with a leader that is not among the brokers"
            found.append(finding(.failed, text, "wait for an election, or look at the controller's log"))
        }
        return found
    }

    private func replicaFindings(_ demands: ClientDemands) -> [Finding] {
        let minimum = known("min.insync.replicas").flatMap { Int($0) }
        var found: [Finding] = []
        var lagging = metadata.partitions.filter { $0.isrNodes.count < $0.replicaNodes.count }
        if let minimum {
            let short = metadata.partitions.filter { $0.isrNodes.count < minimum }
            lagging.removeAll { partition in short.contains { $0.partitionIndex == partition.partitionIndex } }
            if short.isEmpty {
                found.append(finding(.ok, "min.insync.replicas=\(minimum), and as many are in sync"))
            } else {
                let mark: Finding.Mark = demands.waitsForAllReplicas ? .failed : .warning
                let text = "\(Self.list(short)) with fewer replicas in sync than min.insync.replicas=\(minimum)"
                let why = demands.waitsForAllReplicas ? ": acks=all is refused there" : ""
                found.append(finding(mark, text + why, "bring the lagging brokers up, or lower min.insync.replicas"))
            }
        }
        if !lagging.isEmpty {
            found.append(
                finding(
                    .warning,
                    "\(Self.list(lagging)) with replicas that are not in sync",
                    "look at the other brokers"
                )
            )
        }
        return found
    }

    private func settingFindings(_ demands: ClientDemands) -> [Finding] {
        switch settings {
        case .refused(let error):
            return [
                finding(
                    .warning,
                    "its settings may not be read (\(error.name)): min.insync.replicas, max.message.bytes, "
                        + "compression.type and message.timestamp.type are not checked",
                    "grant DescribeConfigs on it, if you want them checked"
                )
            ]
        case .unknown(let reason): return [finding(.warning, "its settings are not known: \(reason)")]
        case .known: break
        }
        var found: [Finding] = []
        if let text = known("max.message.bytes"), let bytes = Int(text) { found.append(sizeFinding(bytes, demands)) }
        if let codec = known("compression.type") { found.append(codecFinding(codec, demands)) }
        if let type = known("message.timestamp.type") {
            let text = type == "LogAppendTime" ? ": the broker replaces the timestamps of records" : ""
            found.append(finding(.ok, "message.timestamp.type=\(type)\(text)"))
        }
        return found
    }

    private func sizeFinding(_ bytes: Int, _ demands: ClientDemands) -> Finding {
        let text = "max.message.bytes=\(bytes)"
        if demands.batchSize > bytes {
            return finding(
                .warning,
                "\(text) is less than batch.size=\(demands.batchSize): full batches are refused and divided",
                "set batch.size to \(bytes) or less"
            )
        }
        if demands.maxRequestSize > bytes {
            return finding(
                .warning,
                "\(text) is less than max.request.size=\(demands.maxRequestSize): larger records are refused by the broker",
                "raise max.message.bytes, or set max.request.size to \(bytes)"
            )
        }
        return finding(.ok, "\(text), max.request.size=\(demands.maxRequestSize)")
    }

    private func codecFinding(_ codec: String, _ demands: ClientDemands) -> Finding {
        let text = "compression.type=\(codec)"
        let isKept =
            codec == "producer" || codec == demands.compression
            || (codec == "uncompressed" && demands.compression == "none")
        if isKept { return finding(.ok, "\(text): batches are stored as they are sent") }
        return finding(
            .warning,
            "\(text): the broker compresses anew what comes in \(demands.compression)",
            codec == "uncompressed"
                ? "set compression.type=none, or the topic's to producer" : "set compression.type=\(codec)"
        )
    }

    private func known(_ key: String) -> String? {
        guard case .known(let values) = settings else { return nil }
        return values[key]
    }

    /// `partition 3`, `partitions 1, 2, 5 and 7 others`.
    private static func list(_ partitions: [MetadataResponse.Partition]) -> String {
        let numbers = partitions.map(\.partitionIndex).sorted()
        let shown = numbers.prefix(8).map { "\($0)" }.joined(separator: ", ")
        let more = numbers.count > 8 ? " and \(numbers.count - 8) others" : ""
        return (numbers.count == 1 ? "partition " : "partitions ") + shown + more
    }
}
