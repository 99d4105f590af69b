// SPDX-License-Identifier: Apache-2.0
import KafkaRecords

/// A setting that a topic can have for itself, by Kafka's name. The meanings, defaults and bounds are Kafka's.
@nonexhaustive
public enum TopicSetting: String, Sendable, Hashable, CaseIterable {
    /// What becomes of old records: `delete`, `compact` (the last one of each key stays), or both.
    case cleanupPolicy = "cleanup.policy"
    /// How records are stored: `producer` (as they came), `uncompressed`, `gzip`, `snappy`, `lz4` or `zstd`.
    case compressionType = "compression.type"
    /// Milliseconds for which compaction keeps the last record of a key that has no value.
    case deleteRetentionMs = "delete.retention.ms"
    /// After how many records what was written is flushed to the disk, before it is acknowledged: 1 for each batch.
    case flushMessages = "flush.messages"
    /// Milliseconds after which what was written is flushed to the disk.
    case flushMs = "flush.ms"
    /// Bytes of the largest batch that is accepted.
    case maxMessageBytes = "max.message.bytes"
    /// Whose clock timestamps come from: `CreateTime` (the producer's) or `LogAppendTime` (the broker's).
    case messageTimestampType = "message.timestamp.type"
    /// Which part of a log must be new before it is compacted, from 0 to 1.
    case minCleanableDirtyRatio = "min.cleanable.dirty.ratio"
    /// Milliseconds for which a record is not compacted.
    case minCompactionLagMs = "min.compaction.lag.ms"
    /// How many replicas must be in sync for `acks=all`.
    case minInSyncReplicas = "min.insync.replicas"
    /// Bytes of a partition beyond which its oldest segments are deleted, or -1.
    case retentionBytes = "retention.bytes"
    /// Milliseconds after which segments are deleted, or -1.
    case retentionMs = "retention.ms"
    /// Bytes after which a log begins a new segment.
    case segmentBytes = "segment.bytes"
    /// Milliseconds of timestamps after which a log begins a new segment.
    case segmentMs = "segment.ms"
    /// Whether a replica that is not in sync may lead when no other one runs: what it does not have is lost.
    case uncleanLeaderElection = "unclean.leader.election.enable"

    /// What Kafka calls the broker's setting that holds for topics without one of their own.
    public var brokerName: String {
        switch self {
        case .cleanupPolicy: "log.cleanup.policy"
        case .compressionType: "compression.type"
        case .deleteRetentionMs: "log.cleaner.delete.retention.ms"
        case .flushMessages: "log.flush.interval.messages"
        case .flushMs: "log.flush.interval.ms"
        case .maxMessageBytes: "message.max.bytes"
        case .messageTimestampType: "log.message.timestamp.type"
        case .minCleanableDirtyRatio: "log.cleaner.min.cleanable.ratio"
        case .minCompactionLagMs: "log.cleaner.min.compaction.lag.ms"
        case .minInSyncReplicas: "min.insync.replicas"
        case .retentionBytes: "log.retention.bytes"
        case .retentionMs: "log.retention.ms"
        case .segmentBytes: "log.segment.bytes"
        case .segmentMs: "log.roll.ms"
        case .uncleanLeaderElection: "unclean.leader.election.enable"
        }
    }

    /// Kafka's default.
    public var standard: String {
        switch self {
        case .cleanupPolicy: "delete"
        case .compressionType: "producer"
        case .deleteRetentionMs: "86400000"
        case .flushMessages, .flushMs: "9223372036854775807"
        case .maxMessageBytes: "1048588"
        case .messageTimestampType: "CreateTime"
        case .minCleanableDirtyRatio: "0.5"
        case .minCompactionLagMs: "0"
        case .minInSyncReplicas: "1"
        case .retentionBytes: "-1"
        case .retentionMs, .segmentMs: "604800000"
        case .segmentBytes: "1073741824"
        case .uncleanLeaderElection: "false"
        }
    }

    /// What values it can have.
    enum Kind {
        case list(Set<String>)
        case words(Set<String>)
        case int(ClosedRange<Int64>)
        case long(ClosedRange<Int64>)
        case fraction
        case boolean
    }

    var kind: Kind {
        switch self {
        case .cleanupPolicy: .list(["delete", "compact"])
        case .compressionType:
            .words(Set(CompressionType.allCases.filter { $0 != .none }.map(\.name) + ["producer", "uncompressed"]))
        case .messageTimestampType: .words(["CreateTime", "LogAppendTime"])
        case .minCleanableDirtyRatio: .fraction
        case .maxMessageBytes: .int(0...Int64(Int32.max))
        case .minInSyncReplicas: .int(1...Int64(Int32.max))
        case .segmentBytes: .int(1...Int64(Int32.max))
        case .deleteRetentionMs, .flushMs, .minCompactionLagMs: .long(0...Int64.max)
        case .retentionBytes, .retentionMs: .long(-1...Int64.max)
        case .flushMessages, .segmentMs: .long(1...Int64.max)
        case .uncleanLeaderElection: .boolean
        }
    }

    /// What is wrong with a value, or nil.
    func objection(to value: String) -> String? {
        let isRight: Bool =
            switch kind {
            case .list(let known):
                !value.isEmpty
                    && value.split(separator: ",", omittingEmptySubsequences: false)
                        .allSatisfy { known.contains($0.trimmingSpaces()) }
            case .words(let known): known.contains(value)
            case .int(let range), .long(let range): Int64(value).map(range.contains) ?? false
            case .fraction: Double(value).map((0...1).contains) ?? false
            case .boolean: value == "true" || value == "false"
            }
        return isRight ? nil : "\(rawValue) cannot be \(value): it must be \(expectation)"
    }

    private var expectation: String {
        switch kind {
        case .list(let known): "a list of " + known.sorted().joined(separator: ", ")
        case .words(let known): "one of " + known.sorted().joined(separator: ", ")
        case .int(let range), .long(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .fraction: "a number from 0 to 1"
        case .boolean: "true or false"
        }
    }
}

extension Substring {
    /// Without white space at both ends.
    func trimmingSpaces() -> String {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
