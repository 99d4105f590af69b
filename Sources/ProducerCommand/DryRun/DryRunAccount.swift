// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords

/// What the records of a dry run come to: a value.
struct DryRunAccount: Sendable {
    private let target: DryRunTarget
    private let hashesKeys: Bool
    private let largestRecord: (limit: Int, setting: String)

    /// Also what fails, by name and first place.
    private(set) var ledger = Ledger()
    private(set) var keyBytes: UInt64 = 0
    private(set) var valueBytes: UInt64 = 0
    private(set) var headerBytes: UInt64 = 0
    private(set) var keyed: UInt64 = 0
    private(set) var nullValues: UInt64 = 0
    private(set) var emptyValues: UInt64 = 0
    private(set) var headers: UInt64 = 0
    /// Of the largest record, in its batch.
    private(set) var largest: (bytes: Int, place: InputPlace)?
    /// Records of which a batch would be above the topic's limit, without the codec.
    private(set) var overTopicLimit: (count: UInt64, first: InputPlace)?
    /// Records and bytes for each partition that is known.
    private(set) var partitions: [Int32: (records: UInt64, bytes: UInt64)] = [:]
    /// The same for records that may go anywhere.
    private(set) var anywhere: (records: UInt64, bytes: UInt64) = (0, 0)

    init(_ configuration: ProducerConfiguration, _ settings: RecordSettings, _ target: DryRunTarget) {
        self.target = target
        hashesKeys = configuration.partitioner == .builtIn && !configuration.partitionerIgnoresKeys
        largestRecord = (settings.longestRecord, settings.longestRecordSetting)
    }

    /// How many records were good.
    var good: UInt64 { ledger.read - ledger.failed - ledger.skipped }

    /// Where a record would go; nil for anywhere.
    func partition(of record: ProducerRecord) -> Int32? {
        if let partition = record.partition { return partition }
        guard hashesKeys, let key = record.key, let count = target.partitions, count > 0 else { return nil }
        return KeyPlacement.java.partition(of: key, count: count)
    }

    /// Leaves a record out.
    mutating func pass() {
        ledger.read += 1
        ledger.skip(records: 1)
    }

    mutating func take(_ record: ProducerRecord, at place: InputPlace) {
        let encoded = EncodedHeaders(record.headers)
        let size = RecordBatchBuilder.sizeUpperBound(
            keyCount: record.key?.count ?? 0,
            valueCount: record.value?.count ?? 0,
            headersSize: encoded.size
        )
        let partition = partition(of: record)
        if size > largestRecord.limit {
            return refuse(.tooLarge(size: size, limit: largestRecord.limit, setting: largestRecord.setting), at: place)
        }
        if let partition, let count = target.partitions, partition >= count {
            return refuse(.noSuchPartition("the topic has \(count) partitions, and none is \(partition)"), at: place)
        }
        ledger.read += 1
        keyBytes += UInt64(record.key?.count ?? 0)
        valueBytes += UInt64(record.value?.count ?? 0)
        headerBytes += UInt64(encoded.payloadSize)
        headers += UInt64(record.headers.count)
        if record.key != nil { keyed += 1 }
        if record.value == nil { nullValues += 1 } else if record.value?.isEmpty == true { emptyValues += 1 }
        if size > largest?.bytes ?? 0 { largest = (size, place) }
        if let limit = target.maxMessageBytes, size > limit {
            overTopicLimit = ((overTopicLimit?.count ?? 0) + 1, overTopicLimit?.first ?? place)
        }
        if let partition {
            partitions[partition, default: (0, 0)].records += 1
            partitions[partition, default: (0, 0)].bytes += UInt64(size)
        } else {
            anywhere = (anywhere.records + 1, anywhere.bytes + UInt64(size))
        }
    }

    mutating func refuse(_ fault: RecordFault, at place: InputPlace) {
        ledger.fail(fault, record: ledger.read, place: place)
        ledger.read += 1
    }
}
