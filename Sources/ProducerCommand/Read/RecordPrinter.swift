// SPDX-License-Identifier: Apache-2.0
import KafkaReader
import KafkaRecords
import NIOCore

/// Makes of a record the bytes that are printed.
struct RecordPrinter {
    private let output: TopicReadPlan.Output
    /// What all lines of the partition begin with.
    private let beginning: [UInt8]

    init(_ output: TopicReadPlan.Output, topic: String, partition: Int32) {
        self.output = output
        var bytes: [UInt8] = []
        bytes.append(text: #"{"topic":"#)
        bytes.append(jsonString: topic.utf8)
        bytes.append(text: #","partition":"#)
        bytes.append(decimal: partition)
        bytes.append(text: #","offset":"#)
        beginning = bytes
    }

    /// Appends a record. All that it has can be read back out of its JSON: null, empty and binary differ.
    func append(_ record: ReadRecord, to bytes: inout [UInt8]) {
        switch output {
        case .json: appendJSON(record, to: &bytes)
        case .value:
            if let value = record.value { bytes.append(contentsOf: value.readableBytesView) }
            bytes.append(0x0A)
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
