// SPDX-License-Identifier: Apache-2.0

/// Renders the receipts of records that have their file, topic and partition in common, and their timestamp if that is given;
/// these are rendered once.
struct ReceiptRenderer {
    /// What tells one record of a batch from another.
    struct Record {
        var line: UInt64
        var byteOffset: UInt64
        /// Nil when the broker did not say.
        var offset: Int64?
        var timestamp: Int64
    }

    /// What differs from record to record.
    fileprivate enum Field {
        case line
        case byteOffset
        case offset
        case timestamp
        case key
        case value
        case valueSize
    }

    /// A constant text, and what comes after it.
    private struct Piece {
        /// The part of `text` that is the constant text.
        var text: Range<Int>
        /// Nil at the end.
        var field: Field?
    }

    /// How many receipts are rendered into memory that is reserved for them at once.
    static let atOnce = 256
    /// Bytes that may be written behind what is rendered.
    private static let slack = RawText.slack

    private var pieces: [Piece] = []
    /// The constant texts, then those for what is not known, and some bytes that may be read and mean nothing.
    private var text: [UInt8] = []
    private var unknownOffset = 0..<0
    private var unknownSize = 0..<0
    /// The most bytes of a receipt beside keys and values.
    private var largestSize = 0

    /// - Parameters:
    ///   - format: What is rendered.
    ///   - file: The input that the records come from.
    ///   - topic: Their topic.
    ///   - partition: Their partition.
    ///   - timestamp: The timestamp of all of them. Default: each record has its own.
    init(format: ReceiptFormat, file: String, topic: String, partition: Int32, timestamp: Int64? = nil) {
        var begin = 0
        for segment in format.segments {
            switch segment {
            case .literal(let bytes): text += bytes
            case .field(.topic): text.append(text: topic)
            case .field(.partition): text.append(decimal: partition)
            case .field(.file):
                if format.isJSON { text.append(jsonString: file.utf8) } else { text.append(text: file) }
            case .field(let field):
                if field == .timestamp, let timestamp {
                    text.append(decimal: timestamp)
                    continue
                }
                pieces.append(Piece(text: begin..<text.count, field: Field(field)))
                begin = text.count
            }
        }
        if begin < text.count { pieces.append(Piece(text: begin..<text.count, field: nil)) }
        largestSize = text.count + pieces.count * RawText.largestNumber
        unknownOffset = append(constant: format.isJSON ? "null" : "-1")
        unknownSize = append(constant: "-1")
        text.append(contentsOf: repeatElement(0, count: Self.slack))
    }

    private mutating func append(constant: String) -> Range<Int> {
        let begin = text.count
        text.append(text: constant)
        return begin..<text.count
    }

    /// Appends the receipt of one record. `key` and `value` are needed only if the format asks for contents.
    func append(_ record: Record, key: Span<UInt8>?, value: Span<UInt8>?, to bytes: inout [UInt8]) {
        // Each may be named any number of times.
        let contents = (key?.count ?? 0) + (value?.count ?? 0)
        unsafe extend(&bytes, by: largestSize + contents * pieces.count) { start in
            unsafe write(record, key: key, value: value, at: start)
        }
    }

    /// Appends the receipts of records of a batch, for a format that asks for no contents.
    ///
    /// - Parameters:
    ///   - indices: The records' indices.
    ///   - bytes: Where to.
    ///   - record: What is said of a record; nil when that takes another renderer.
    /// - Returns: The index of the first record that was not rendered, for which nil came; the end of `indices` otherwise.
    @inline(__always)
    func append(_ indices: Range<Int>, to bytes: inout [UInt8], _ record: (Int) -> Record?) -> Int {
        var next = indices.lowerBound
        while next < indices.upperBound {
            let end = min(next + Self.atOnce, indices.upperBound)
            unsafe extend(&bytes, by: (end - next) * largestSize) { start in
                var place = unsafe start
                while next < end, let record = record(next) {
                    unsafe place = write(record, key: nil, value: nil, at: place)
                    next &+= 1
                }
                return unsafe place
            }
            guard next == end else { break }
        }
        return next
    }

    /// Lets `body` write up to `count` bytes behind `bytes`, and some that mean nothing; it returns where it has ended.
    @inline(__always)
    private func extend(
        _ bytes: inout [UInt8],
        by count: Int,
        _ body: (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
    ) {
        let needed = bytes.count + count + Self.slack
        if bytes.capacity < needed { bytes.reserveCapacity(max(needed, bytes.capacity * 2)) }
        bytes.append(addingCapacity: count + Self.slack) { output in
            unsafe output.withUnsafeMutableBufferPointer { memory, initialized in
                guard let base = memory.baseAddress else { return }
                let start = unsafe UnsafeMutableRawPointer(base + initialized)
                let end = unsafe body(start)
                initialized += unsafe end - start
                precondition(initialized <= memory.count, "a receipt was measured wrongly")
            }
        }
    }

    /// Writes a receipt into memory that has room for it and for the slack; returns where it ends.
    @inline(__always)
    private func write(
        _ record: Record,
        key: Span<UInt8>?,
        value: Span<UInt8>?,
        at start: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var place = unsafe start
        unsafe text.withUnsafeBytes { text in
            guard let text = text.baseAddress else { return }
            for piece in pieces {
                unsafe place = RawText.put(text + piece.text.lowerBound, piece.text.count, at: place)
                switch piece.field {
                case .line: unsafe place = RawText.put(record.line, at: place)
                case .byteOffset: unsafe place = RawText.put(record.byteOffset, at: place)
                case .timestamp: unsafe place = RawText.put(record.timestamp, at: place)
                case .offset:
                    if let offset = record.offset {
                        unsafe place = RawText.put(offset, at: place)
                    } else {
                        unsafe place = RawText.put(text + unknownOffset.lowerBound, unknownOffset.count, at: place)
                    }
                case .key: if let key { unsafe place = RawText.put(key, at: place) }
                case .value: if let value { unsafe place = RawText.put(value, at: place) }
                case .valueSize:
                    if let value {
                        unsafe place = RawText.put(UInt64(value.count), at: place)
                    } else {
                        unsafe place = RawText.put(text + unknownSize.lowerBound, unknownSize.count, at: place)
                    }
                case nil: break
                }
            }
        }
        return unsafe place
    }
}

extension ReceiptRenderer.Field {
    /// Nil for what records have in common.
    fileprivate init?(_ field: ReceiptFormat.Field) {
        switch field {
        case .line: self = .line
        case .byteOffset: self = .byteOffset
        case .offset: self = .offset
        case .timestamp: self = .timestamp
        case .key: self = .key
        case .value: self = .value
        case .valueSize: self = .valueSize
        case .file, .topic, .partition: return nil
        }
    }
}
