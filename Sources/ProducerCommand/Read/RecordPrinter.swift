// SPDX-License-Identifier: Apache-2.0
import KafkaReader
import KafkaRecords
import NIOCore
import RecordText

/// Makes of a record the bytes that are printed.
struct RecordPrinter {
    private let output: TopicReadPlan.Output
    private let layout: RecordLayoutWriter?
    private let topic: [UInt8]
    private let partition: Int32
    /// What all lines of the partition begin with.
    private let beginning: [UInt8]

    init(_ plan: TopicReadPlan, partition: Int32) {
        let topic = plan.topic
        output = plan.output
        layout = plan.layout
        self.topic = Array(topic.utf8)
        self.partition = partition
        var bytes: [UInt8] = []
        bytes.append(text: #"{"topic":"#)
        bytes.append(jsonString: topic.utf8)
        bytes.append(text: #","partition":"#)
        bytes.append(decimal: partition)
        bytes.append(text: #","offset":"#)
        beginning = bytes
    }

    /// Appends a record. All that it has can be read back out of its JSON: null, empty and binary differ.
    ///
    /// - Throws: `RecordMisfit` when the record does not fit its layout; nothing is appended then.
    func append(_ record: ReadRecord, to bytes: inout [UInt8]) throws(RecordMisfit) {
        if let layout { return try append(record, layout, to: &bytes) }
        switch output {
        case .json: appendJSON(record, to: &bytes)
        case .value:
            if let value = record.value { bytes.append(contentsOf: value.readableBytesView) }
            bytes.append(0x0A)
        }
    }

    private func append(
        _ record: ReadRecord,
        _ layout: RecordLayoutWriter,
        to bytes: inout [UInt8]
    ) throws(RecordMisfit) {
        var written = RecordLayoutWriter.Record()
        (written.topic, written.partition) = (topic, Int64(partition))
        (written.offset, written.timestamp) = (record.offset, record.timestamp)
        written.key = record.key.map { Array($0.readableBytesView) }
        written.value = record.value.map { Array($0.readableBytesView) }
        written.headers = record.headers.map { header in
            (Array(header.name.utf8), header.value.map { Array($0.readableBytesView) })
        }
        let count = bytes.count
        do throws(RecordLayoutFault) {
            try layout.append(written, to: &bytes)
        } catch {
            bytes.removeLast(bytes.count - count)
            throw RecordMisfit(partition: partition, offset: record.offset, reason: error.description)
        }
    }

    private func appendJSON(_ record: ReadRecord, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: beginning)
        bytes.append(decimal: record.offset)
        bytes.append(text: #","timestamp":"#)
        // There are records without one.
        if record.timestamp >= 0 { bytes.append(decimal: record.timestamp) } else { bytes.append(text: "null") }
        bytes.append(text: #","key":"#)
        Self.append(record.key, to: &bytes)
        bytes.append(text: #","value":"#)
        Self.append(record.value, to: &bytes)
        bytes.append(text: #","headers":["#)
        for (index, header) in record.headers.enumerated() {
            bytes.append(text: index == 0 ? #"{"key":"# : #",{"key":"#)
            bytes.append(jsonString: header.name.utf8)
            bytes.append(text: #","value":"#)
            Self.append(header.value, to: &bytes)
            bytes.append(text: "}")
        }
        bytes.append(text: "]}\n")
    }

    /// A string if the bytes are UTF-8, otherwise an object with their base64.
    private static func append(_ content: ByteBuffer?, to bytes: inout [UInt8]) {
        guard let content else { return bytes.append(text: "null") }
        let view = content.readableBytesView
        let isText = unsafe view.withContiguousStorageIfAvailable { memory in
            unsafe String(validating: memory, as: UTF8.self) != nil
        }
        if isText ?? false {
            bytes.append(jsonString: view)
        } else {
            bytes.append(text: #"{"base64":""#)
            bytes.append(base64: Array(view))
            bytes.append(text: #""}"#)
        }
    }
}
