// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Platform

/// Reads in a dead-letter file, beside its reader, what a mark is bound to.
struct ResentContent {
    private static let pieceSize = 256 * 1024

    private let descriptor: Int32
    private let name: String

    init(_ descriptor: Int32, _ name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Where to go on after `mark`: there, or, if the last line before it had no end and has grown, before that line. Nil when
    /// the file holds something else.
    func start(after mark: ResentMark) throws(InputError) -> ResentMark? {
        var hash = UInt32(0)
        // Where the last line begins, and the checksum up to there.
        var line = (offset: UInt64(0), hash: UInt32(0))
        var offset = UInt64(0)
        while offset < mark.offset {
            let piece = try bytes(from: offset, atMost: mark.offset - offset)
            guard !piece.isEmpty else { return nil }
            if let newline = piece.lastIndex(of: 0x0A) {
                line = (offset + UInt64(newline) + 1, Self.checksum(piece[...newline], hash))
            }
            hash = Self.checksum(piece[...], hash)
            offset += UInt64(piece.count)
        }
        guard hash == mark.hash else { return nil }
        guard let next = try bytes(from: mark.offset, atMost: 1).first, next != 0x0A else { return mark }
        var start = mark
        (start.offset, start.hash) = line
        start.records -= 1
        start.failed = min(start.failed, start.records)
        return start
    }

    /// The checksum of everything before `end`, from that of a beginning; nil when the file does not reach so far.
    func hash(from start: (offset: UInt64, hash: UInt32), to end: UInt64) -> UInt32? {
        var (offset, hash) = start
        // The whole file passes here: memory that is made anew for each piece would cost more than the checksum.
        var piece = [UInt8](repeating: 0, count: Int(min(UInt64(Self.pieceSize), end - min(start.offset, end))))
        while offset < end {
            let count = unsafe piece.withUnsafeMutableBytes { memory in
                let wanted = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.prefix(Int(clamping: end - offset)))
                return unsafe FilePart.read(descriptor, at: offset, into: wanted).count
            }
            guard count > 0 else { return nil }
            hash = Self.checksum(piece[..<count], hash)
            offset += UInt64(count)
        }
        return hash
    }

    /// Where the line at `offset` ends: before its newline, or where the file does.
    func endOfLine(at offset: UInt64) -> UInt64 {
        var end = offset
        while let piece = try? bytes(from: end, atMost: UInt64(Self.pieceSize)), !piece.isEmpty {
            if let newline = piece.firstIndex(of: 0x0A) { return end + UInt64(newline) }
            end += UInt64(piece.count)
        }
        return end
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>, _ before: UInt32) -> UInt32 {
        unsafe CRC32C.checksum(of: bytes.span.bytes, continuing: before)
    }

    private func bytes(from offset: UInt64, atMost count: UInt64) throws(InputError) -> [UInt8] {
        let part = FilePart(of: descriptor, at: offset, count: Int(min(count, UInt64(Self.pieceSize))))
        if let error = part.error { throw InputError(input: name, reason: .cannotRead(error, offset: offset)) }
        return part.bytes
    }
}
