// SPDX-License-Identifier: Apache-2.0

/// Walks over the uncompressed records of a batch without making anything of them, to see that they are encoded as they
/// must be, are numbered from 0 without a gap, and are as many as the header says.
///
/// A record is: length varint · attributes 1 · timestamp delta varint · offset delta varint · key length varint (-1 for
/// null) · key · value length varint (-1 for null) · value · header count varint · per header: name length varint · name
/// · value length varint (-1 for null) · value.
struct RecordWalker {
    /// What is wrong, and with which record of the batch.
    struct Objection: Error, Equatable {
        /// Counted from 0; nil when it is the batch as a whole.
        let record: Int?
        let reason: String
    }

    /// The largest timestamp of the records walked over, less the base timestamp; nil before there is one.
    private(set) var maxTimestampDelta: Int64?

    /// The number of the first record that has no key; nil when all have one.
    private(set) var firstWithoutKey: Int?

    private var position = 0
    /// Where the record under way ends.
    private var end = 0

    /// Walks over `count` records, which must be all that `bytes` holds.
    mutating func walk(_ bytes: Span<UInt8>, count: Int) throws(Objection) {
        for index in 0..<count {
            guard let defect = walkRecord(bytes, offsetDelta: Int64(index)) else { continue }
            throw Objection(record: index, reason: defect.rawValue)
        }
        guard position == bytes.count else {
            throw Objection(
                record: nil,
                reason: "the batch says that it has \(count) records, and \(bytes.count - position) bytes follow them"
            )
        }
    }

    private enum Defect: String {
        case truncated = "it ends too early"
        case length = "its length is not that of its fields"
        case offset = "its offset delta is not its number"
        case fieldLength = "a key, value or header has an impossible length"
    }

    private mutating func walkRecord(_ bytes: Span<UInt8>, offsetDelta: Int64) -> Defect? {
        end = bytes.count
        guard let length = varint(bytes, bits: 32) else { return .truncated }
        guard length > 0, length <= Int64(end - position) else { return .truncated }
        end = position + Int(length)
        position += 1  // attributes: none are defined
        guard let timestampDelta = varint(bytes, bits: 64), let delta = varint(bytes, bits: 32) else { return .length }
        guard delta == offsetDelta else { return .offset }
        guard let keyLength = varint(bytes, bits: 32), keyLength == -1 || skip(keyLength), skipField(bytes),
            let headers = varint(bytes, bits: 32)
        else {
            return .fieldLength
        }
        if headers != 0, !skipHeaders(bytes, count: headers) { return .fieldLength }
        guard position == end else { return .length }
        if keyLength == -1, firstWithoutKey == nil { firstWithoutKey = Int(offsetDelta) }
        maxTimestampDelta = max(maxTimestampDelta ?? timestampDelta, timestampDelta)
        return nil
    }

    private mutating func skipHeaders(_ bytes: Span<UInt8>, count: Int64) -> Bool {
        guard count > 0, count <= Int64(end - position) else { return false }
        for _ in 0..<count {
            guard let nameLength = varint(bytes, bits: 32), nameLength >= 0, skip(nameLength), skipField(bytes) else {
                return false
            }
        }
        return true
    }

    /// Passes over a length, which may be -1 for null, and as many bytes.
    private mutating func skipField(_ bytes: Span<UInt8>) -> Bool {
        guard let length = varint(bytes, bits: 32) else { return false }
        return length == -1 || skip(length)
    }

    private mutating func skip(_ length: Int64) -> Bool {
        guard length >= 0, length <= Int64(end - position) else { return false }
        position += Int(length)
        return true
    }

    /// The zig-zag number at the position, or nil when it does not end within the record or has more than `bits` bits:
    /// what is stored must be a number to every reader, too.
    private mutating func varint(_ bytes: Span<UInt8>, bits: UInt64) -> Int64? {
        guard position < end else { return nil }
        let first = bytes[position]
        position += 1
        var encoded = UInt64(first & 0x7F)
        if first & 0x80 != 0 {
            var shift: UInt64 = 7
            while true {
                guard position < end, shift < bits else { return nil }
                let byte = bytes[position]
                position += 1
                let part = UInt64(byte & 0x7F)
                guard part &>> min(7, bits &- shift) == 0 else { return nil }
                encoded |= part &<< shift
                if byte & 0x80 == 0 { break }
                shift += 7
            }
        }
        return Int64(bitPattern: encoded &>> 1) ^ -Int64(bitPattern: encoded & 1)
    }
}
