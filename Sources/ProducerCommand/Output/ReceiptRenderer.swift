// SPDX-License-Identifier: Apache-2.0

/// Renders the receipts of records that have their file, topic and partition in common; these are rendered once.
struct ReceiptRenderer {
    /// What tells one record of a batch from another.
    struct Record {
        var line: UInt64
        var byteOffset: UInt64
        /// Nil when the broker did not say.
        var offset: Int64?
        var timestamp: Int64
    }

    private let segments: [ReceiptFormat.Segment]
    private let unknownOffset: [UInt8]

    init(format: ReceiptFormat, file: String, topic: String, partition: Int32) {
        unknownOffset = Array((format.isJSON ? "null" : "-1").utf8)
        var segments: [ReceiptFormat.Segment] = []
        var literal: [UInt8] = []
        for segment in format.segments {
            switch segment {
            case .literal(let bytes): literal += bytes
            case .field(.topic): literal.append(text: topic)
            case .field(.partition): literal.append(decimal: partition)
            case .field(.file):
                if format.isJSON { literal.append(jsonString: file.utf8) } else { literal.append(text: file) }
            case .field:
                if !literal.isEmpty { segments.append(.literal(literal)) }
                literal = []
                segments.append(segment)
            }
        }
        if !literal.isEmpty { segments.append(.literal(literal)) }
        self.segments = segments
    }

    /// Appends the receipt of one record. `key` and `value` are needed only if the format asks for contents.
    func append(_ record: Record, key: Span<UInt8>?, value: Span<UInt8>?, to bytes: inout [UInt8]) {
        for segment in segments {
            switch segment {
            case .literal(let literal): bytes.append(contentsOf: literal)
            case .field(.line): bytes.append(decimal: record.line)
            case .field(.byteOffset): bytes.append(decimal: record.byteOffset)
            case .field(.timestamp): bytes.append(decimal: record.timestamp)
            case .field(.offset):
                if let offset = record.offset { bytes.append(decimal: offset) } else { bytes += unknownOffset }
            case .field(.key): if let key { bytes.append(bytesOf: key) }
            case .field(.value): if let value { bytes.append(bytesOf: value) }
            case .field(.valueSize):
                if let value { bytes.append(decimal: value.count) } else { bytes.append(text: "-1") }
            case .field(.file), .field(.topic), .field(.partition): break
            }
        }
    }
}
