// SPDX-License-Identifier: Apache-2.0
import KafkaRecords

/// What holds for a log: when it begins a new segment, and what becomes of old ones.
struct LogSettings: Equatable {
    /// Bytes after which a new segment begins.
    var segmentBytes = 1 << 30
    /// Milliseconds of timestamps after which a new segment begins.
    var segmentMilliseconds: Int64 = 7 * 24 * 3600 * 1000
    /// Whether old segments are deleted.
    var deletes = true
    /// Whether only the last record of each key stays.
    var compacts = false
    /// Milliseconds after which segments are deleted; negative for never.
    var retentionMilliseconds: Int64 = 7 * 24 * 3600 * 1000
    /// Bytes beyond which the oldest segments are deleted; negative for no limit.
    var retentionBytes: Int64 = -1
    /// Milliseconds for which a record is not compacted.
    var compactionLag: Int64 = 0
    /// Milliseconds for which compaction keeps records without a value.
    var deleteRetention: Int64 = 24 * 3600 * 1000
    /// Which part of a log must be new before it is compacted.
    var dirtyRatio = 0.5
    /// Records after which a log is flushed to the disk.
    var flushMessages = Int64.max
    /// Milliseconds after which a log is flushed to the disk.
    var flushMilliseconds = Int64.max
    /// Whose clock timestamps come from.
    var timestampType = TimestampType.createTime
    /// How records are stored; nil as they came.
    var compression: CompressionType?

    /// Whether a log is flushed by the broker at all, and not only when the system sees fit.
    var flushes: Bool { flushMessages < .max || flushMilliseconds < .max }

    init() {}

    /// - Parameter value: The value that holds of each setting; what cannot be read is Kafka's default.
    init(_ value: (TopicSetting) -> String) {
        func number(_ setting: TopicSetting) -> Int64 { Int64(value(setting)) ?? Int64(setting.standard) ?? 0 }
        segmentBytes = Int(number(.segmentBytes))
        segmentMilliseconds = number(.segmentMs)
        let policies = value(.cleanupPolicy).split(separator: ",").map { $0.trimmingSpaces() }
        deletes = policies.contains("delete")
        compacts = policies.contains("compact")
        retentionMilliseconds = number(.retentionMs)
        retentionBytes = number(.retentionBytes)
        compactionLag = number(.minCompactionLagMs)
        deleteRetention = number(.deleteRetentionMs)
        dirtyRatio = Double(value(.minCleanableDirtyRatio)) ?? 0.5
        flushMessages = number(.flushMessages)
        flushMilliseconds = number(.flushMs)
        timestampType = value(.messageTimestampType) == "LogAppendTime" ? .logAppendTime : .createTime
        let codec = value(.compressionType)
        compression = codec == "uncompressed" ? CompressionType.none : CompressionType(name: codec)
    }
}
