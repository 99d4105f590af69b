// SPDX-License-Identifier: Apache-2.0

/// Writes records as a layout has them, so that the same layout reads them back.
///
/// In a sized layout nothing is lost; in a delimited one null looks like an empty text, and a text may hold what ends it.
public struct RecordLayoutWriter: Sendable {
    /// What a record has.
    public struct Record: Sendable {
        /// The topic's name.
        public var topic: [UInt8] = []
        /// The key, nil for null.
        public var key: [UInt8]?
        /// The value, nil for null.
        public var value: [UInt8]?
        /// The headers: names, and values that may be null.
        public var headers: [(name: [UInt8], value: [UInt8]?)] = []
        /// The partition.
        public var partition: Int64 = -1
        /// Milliseconds since 1970, -1 for none.
        public var timestamp: Int64 = -1
        /// The offset.
        public var offset: Int64 = -1

        /// An empty record.
        public init() {}
    }

    private let layout: RecordLayout

    /// A writer of such records.
    ///
    /// - Throws: ``RecordLayoutFault`` for a layout that can only be read.
    public init(_ layout: RecordLayout) throws(RecordLayoutFault) {
        try Self.check(layout.pieces)
        self.layout = layout
    }

    private static func check(_ pieces: [RecordLayout.Piece]) throws(RecordLayoutFault) {
        for piece in pieces {
            switch piece {
            case .text(_, .json):
                throw RecordLayoutFault("{json}, which is for reading: leave it out, the bytes are the same")
            case .text(_, .expression): throw RecordLayoutFault("{re}, which is for reading: leave it out")
            case .number(.passed, _):
                throw RecordLayoutFault("%e, %x or %y, which are not known of records that were read")
            case .headers(let inner): try check(inner)
            case .literal, .size, .text, .headerCount, .number: break
            }
        }
    }

    /// Appends a record.
    ///
    /// - Throws: ``RecordLayoutFault`` when the record does not fit the layout; what was appended is of no use then.
    public func append(_ record: Record, to bytes: inout [UInt8]) throws(RecordLayoutFault) {
        try append(layout.pieces, record, to: &bytes)
    }

    private func append(
        _ pieces: [RecordLayout.Piece],
        _ record: Record,
        to bytes: inout [UInt8]
    ) throws(RecordLayoutFault) {
        for piece in pieces {
            switch piece {
            case .literal(let literal): bytes += literal
            case .size(let part, let form):
                let size = text(part, record).map { Self.size(of: $0, in: self.form(of: part, pieces)) } ?? -1
                try Self.append(size, form, to: &bytes)
            case .text(let part, let form):
                guard let text = text(part, record) else { continue }
                Self.append(text, form, to: &bytes)
            case .headerCount(let form): try Self.append(record.headers.count, form, to: &bytes)
            case .headers(let inner):
                for header in record.headers {
                    var part = Record()
                    (part.key, part.value) = (header.name, header.value)
                    try append(inner, part, to: &bytes)
                }
            case .number(let part, let form):
                switch part {
                case .partition: try Self.append(Int(record.partition), form, to: &bytes)
                case .timestamp: try Self.append(Int(record.timestamp), form, to: &bytes)
                case .offset: try Self.append(Int(record.offset), form, to: &bytes)
                case .passed: break
                }
            }
        }
    }

    private func text(_ part: RecordLayout.TextPart, _ record: Record) -> [UInt8]? {
        switch part {
        case .topic: record.topic
        case .key: record.key
        case .value: record.value
        }
    }

    private func form(of part: RecordLayout.TextPart, _ pieces: [RecordLayout.Piece]) -> RecordLayout.TextForm {
        for case .text(part, let form) in pieces { return form }
        return .plain
    }

    private static func size(of text: [UInt8], in form: RecordLayout.TextForm) -> Int {
        switch form {
        case .plain, .json, .expression: text.count
        case .base64: (text.count + 2) / 3 * 4
        case .hexadecimal: text.count * 2
        }
    }

    private static func append(_ text: [UInt8], _ form: RecordLayout.TextForm, to bytes: inout [UInt8]) {
        switch form {
        case .plain, .json, .expression: bytes += text
        case .base64: Base64Text.append(encoding: text.span, to: &bytes)
        case .hexadecimal:
            let digits = Array("0123456789abcdef".utf8)
            for byte in text {
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
    }

    private static func append(
        _ number: Int,
        _ form: RecordLayout.Number,
        to bytes: inout [UInt8]
    ) throws(RecordLayoutFault) {
        switch form {
        case .fixed(let value): try require(Int64(number) == value, number, "is not \(value)")
        case .digits: bytes += Array(String(number).utf8)
        case .bool:
            try require(number == 0 || number == 1, number, "is neither true nor false")
            bytes += Array((number == 1 ? "true" : "false").utf8)
        case .hexadecimal(let count):
            try require(fits(number, bits: count * 4), number, "does not fit {hex\(count * 4)}")
            for place in (0..<count).reversed() {
                let digit = UInt8(truncatingIfNeeded: number >> (place * 4)) & 15
                bytes.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
            }
        case .big(let count):
            try require(
                fits(number, bits: count * 8),
                number,
                count == 1 ? "does not fit {byte}" : "does not fit {big\(count * 8)}"
            )
            for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (place * 8))) }
        case .little(let count):
            try require(fits(number, bits: count * 8), number, "does not fit {little\(count * 8)}")
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (place * 8))) }
        }
    }

    /// Whether the reader would read the same number.
    private static func fits(_ number: Int, bits: Int) -> Bool {
        switch bits {
        case 64: true
        case 32: Int32(exactly: number) != nil
        default: number >= 0 && number < 1 << bits
        }
    }

    private static func require(_ isTrue: Bool, _ number: Int, _ words: String) throws(RecordLayoutFault) {
        guard !isTrue else { return }
        throw RecordLayoutFault(number == -1 ? "a null, whose size -1 \(words)" : "\(number), which \(words)")
    }
}
