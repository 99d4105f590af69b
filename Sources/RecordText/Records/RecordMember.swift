// SPDX-License-Identifier: Apache-2.0

/// The members that an object has which stands for a record, in the words of kcat, rpk, kaf, kafkactl, Kafka Connect and of
/// dead letters and receipts.
public enum RecordMember: String, Sendable {
    case topic, partition, offset, timestamp, ts, key, value, payload, headers
    case explicitPartition, file, line, byteOffset, error, message, truncated, size, source, input

    /// The member whose name lies there; nil for one that says nothing about a record.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, _ part: Range<Int>) {
        guard let member = Self.candidate(bytes, part), bytes.hasText(member.text, at: part.lowerBound) else {
            return nil
        }
        self = member
    }

    /// The one member that such a name can be, by its length and a letter.
    private static func candidate(_ bytes: Span<UInt8>, _ part: Range<Int>) -> Self? {
        guard let first = part.first.map({ bytes[$0] }) else { return nil }
        switch (part.count, first) {
        case (2, _): return .ts
        case (3, _): return .key
        case (4, UInt8(ascii: "f")): return .file
        case (4, UInt8(ascii: "l")): return .line
        case (4, _): return .size
        case (5, UInt8(ascii: "t")): return .topic
        case (5, UInt8(ascii: "v")): return .value
        case (5, UInt8(ascii: "e")): return .error
        case (5, _): return .input
        case (6, UInt8(ascii: "o")): return .offset
        case (6, _): return .source
        case (7, UInt8(ascii: "p")): return .payload
        case (7, UInt8(ascii: "h")): return .headers
        case (7, _): return .message
        case (9, UInt8(ascii: "p")): return .partition
        case (9, _): return bytes[part.lowerBound + 1] == UInt8(ascii: "i") ? .timestamp : .truncated
        case (10, _): return .byteOffset
        case (17, _): return .explicitPartition
        default: return nil
        }
    }

    /// A number below 32 that no other member has.
    @inline(__always)
    var number: Int {
        switch self {
        case .topic: 0
        case .partition: 1
        case .offset: 2
        case .timestamp, .ts: 3
        case .key: 4
        case .value, .payload: 5
        case .headers: 6
        case .explicitPartition: 7
        case .file: 8
        case .line: 9
        case .byteOffset: 10
        case .error: 11
        case .message: 12
        case .truncated: 13
        case .size: 14
        case .source: 15
        case .input: 16
        }
    }

    /// The name, of which a candidate has as many bytes.
    private var text: StaticString {
        switch self {
        case .topic: "topic"
        case .partition: "partition"
        case .offset: "offset"
        case .timestamp: "timestamp"
        case .ts: "ts"
        case .key: "key"
        case .value: "value"
        case .payload: "payload"
        case .headers: "headers"
        case .explicitPartition: "explicitPartition"
        case .file: "file"
        case .line: "line"
        case .byteOffset: "byteOffset"
        case .error: "error"
        case .message: "message"
        case .truncated: "truncated"
        case .size: "size"
        case .source: "source"
        case .input: "input"
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether a text lies at a place, as far as there are bytes.
    @inline(__always)
    func hasText(_ text: StaticString, at place: Int) -> Bool {
        guard count &- place >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            guard unsafe self[place &+ index] == text.utf8Start[index] else { return false }
        }
        return true
    }
}
