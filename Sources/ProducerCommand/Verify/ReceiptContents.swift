// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import KafkaRecords
import NIOCore

/// What the records of receipts say, read again from the inputs that they come from.
struct ReceiptContents {
    private let settings: RecordSettings
    private let configuration: ProducerConfiguration
    private let plan: SendPlan
    private let run: Run

    /// - Parameters:
    ///   - plan: How records stand in the inputs.
    ///   - configuration: The settings that they were sent with.
    ///   - run: The run.
    /// - Throws: `UsageError` when the fixed key is not of its serializer's type.
    init(_ plan: SendPlan, _ configuration: ProducerConfiguration, _ run: Run) throws(UsageError) {
        settings = try RecordSettings(plan: plan, configuration: configuration)
        (self.plan, self.configuration, self.run) = (plan, configuration, run)
    }

    /// The checksums of an input's records, by their lines; nil when the input is not there any more.
    ///
    /// - Parameters:
    ///   - file: The input's name.
    ///   - receipts: Its receipts.
    /// - Returns: The checksums.
    @available(*, noasync)
    func checksums(of file: String, _ receipts: [StoredReceipt]) -> [UInt64: UInt32]? {
        guard ProcessEnvironment().kind(ofPath: file) == .file, let sample = try? CompressionSample(configuration)
        else { return nil }
        let times = Dictionary(receipts.map { ($0.line, $0.timestamp) }, uniquingKeysWith: { first, _ in first })
        var plan = plan
        plan.sources = [.file(file)]
        var sums: [UInt64: UInt32] = [:]
        let loader = DryRunLoader(
            plan,
            settings,
            DryRunAccount(configuration, settings, DryRunTarget()),
            sample: sample,
            wakeUp: run.stop.wakeUp,
            notices: InputNotices(),
            onRecord: { record, place, _ in
                if let time = times[place.line] { sums[place.line] = Self.checksum(of: record, time) }
                return true
            }
        )
        return loader.run().end == .endOfInput ? sums : nil
    }

    private static func checksum(of record: ProducerRecord, _ timestamp: Int64) -> UInt32 {
        var checksum = ContentChecksum()
        checksum.add(
            key: record.key.map { ByteBuffer(bytes: $0) },
            value: record.value.map { ByteBuffer(bytes: $0) },
            headers: record.headers.map { RecordHeader(name: $0.name, value: $0.value.map { ByteBuffer(bytes: $0) }) },
            timestamp: timestamp
        )
        return checksum.value
    }
}
