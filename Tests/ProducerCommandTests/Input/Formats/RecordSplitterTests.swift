// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import ProducerCommand

@Suite("Records out of chunks")
struct RecordSplitterTests {
    /// What a splitter says about an input.
    enum Item: Equatable {
        case record([UInt8])
        case oversized(Int)
    }

    /// Feeds `input` in slices of the given sizes, as the reading thread does; returns the most bytes held at once too.
    static func items(
        of input: [UInt8],
        slices: [Int],
        delimiter: BytePattern = .newline,
        stripsCarriageReturn: Bool = false,
        limit: Int = 1_000_000,
        chunkSize: Int = 64
    ) -> (items: [Item], held: Int) {
        var splitter = RecordSplitter(delimiter: delimiter, stripsCarriageReturn: stripsCarriageReturn, limit: limit)
        var buffer = InputBuffer(chunkSize: chunkSize, longestRecord: limit + delimiter.count)
        var (items, held, position, slice) = ([Item](), 0, 0, 0)
        while position < input.count {
            let released = splitter.releasable(in: buffer.bytes)
            buffer.release(released)
            splitter.released(released)
            _ = unsafe buffer.fill { memory in
                let size = min(slices[slice % slices.count], memory.count, input.count - position)
                unsafe memory.copyBytes(from: input[position..<position + size])
                position += size
                return size
            }
            slice += 1
            held = max(held, buffer.storage.count)
            take(from: &splitter, buffer.bytes, into: &items)
        }
        let bytes = buffer.bytes
        if let size = splitter.lastOfSkipped(in: bytes) { items.append(.oversized(size)) }
        if let record = splitter.last(in: bytes) { items.append(.record(copy(bytes, record))) }
        return (items, held)
    }

    private static func take(from splitter: inout RecordSplitter, _ bytes: Span<UInt8>, into items: inout [Item]) {
        if splitter.skipped != nil {
            guard let size = splitter.endOfSkipped(in: bytes) else { return }
            items.append(.oversized(size))
        }
        while let record = splitter.next(in: bytes) { items.append(.record(copy(bytes, record))) }
    }

    private static func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        range.map { bytes[$0] }
    }

    private static func texts(_ input: String, slices: [Int] = [64], stripsCarriageReturn: Bool = false) -> [String] {
        items(of: Array(input.utf8), slices: slices, stripsCarriageReturn: stripsCarriageReturn).items.map { item in
            switch item {
            case .record(let bytes): String(decoding: bytes, as: UTF8.self)
            case .oversized(let size): "oversized \(size)"
            }
        }
    }

    /// The size tells `resend` how many bytes to read from the file.
    @Test(
        "the carriage return of an oversized record does not count, wherever a read ends",
        arguments: 1...12,
        ["\r\nb\r\n", "\r"]
    )
    func oversizedCarriageReturn(slice: Int, ending: String) {
        let input = Array((String(repeating: "x", count: 200) + ending).utf8)
        let items = Self.items(of: input, slices: [slice], stripsCarriageReturn: true, limit: 20).items
        let rest = ending.count > 1 || ending.utf8.count > 2 ? [Item.record(Array("b".utf8))] : []
        #expect(items == [.oversized(200)] + rest)
        let kept = Self.items(of: input, slices: [slice], limit: 20).items.first
        #expect(kept == .oversized(201))
    }

    @Test("the last line needs no newline, and an empty line is an empty record")
    func lines() {
        #expect(Self.texts("") == [])
        #expect(Self.texts("\n") == [""])
        #expect(Self.texts("a") == ["a"])
        #expect(Self.texts("a\n") == ["a"])
        #expect(Self.texts("a\n\nb") == ["a", "", "b"])
    }

    @Test("a carriage return before a newline is kept, and dropped on demand")
    func carriageReturns() {
        #expect(Self.texts("a\r\n\r\nb\rc\r") == ["a\r", "\r", "b\rc\r"])
        #expect(Self.texts("a\r\n\r\nb\rc\r", stripsCarriageReturn: true) == ["a", "", "b\rc"])
        #expect(Self.texts("a\r\r\n", slices: [1], stripsCarriageReturn: true) == ["a\r"])
    }

    @Test("random bytes in random chunks are parted at every delimiter", arguments: 0..<200)
    func randomChunks(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let delimiter = try #require(
            BytePattern(
                (0..<Int.random(in: 1...3, using: &random)).map { _ in UInt8.random(in: 0...2, using: &random) }
            )
        )
        // Few different bytes, so that delimiters and halves of them are frequent.
        let input = (0..<Int.random(in: 0...400, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random) }
        let slices = (0..<5).map { _ in Int.random(in: 1...40, using: &random) }
        let chunkSize = Int.random(in: 2...40, using: &random)
        let found = Self.items(of: input, slices: slices, delimiter: delimiter, chunkSize: chunkSize).items
        #expect(found == Self.expected(input, delimiter: delimiter.bytes, limit: .max))
    }

    @Test("a record over the limit is told with its size, never held, and the next one is whole", arguments: 0..<200)
    func oversized(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let delimiter = try #require(BytePattern(Array("\r\n".utf8.suffix(Int.random(in: 1...2, using: &random)))))
        let limit = 16
        var input: [UInt8] = []
        for _ in 0..<20 {
            input +=
                Array(repeating: UInt8(ascii: "x"), count: Int.random(in: 0...80, using: &random)) + delimiter.bytes
        }
        input.removeLast(Int.random(in: 0...delimiter.count, using: &random))
        let slices = (0..<3).map { _ in Int.random(in: 1...12, using: &random) }
        let (items, held) = Self.items(of: input, slices: slices, delimiter: delimiter, limit: limit, chunkSize: 8)
        let sizes = items.map { if case .record(let bytes) = $0 { bytes.count } else { -1 } }
        // A record that arrived whole in one chunk may be a little over the limit; the producer refuses it then.
        for (item, whole) in zip(items, Self.expected(input, delimiter: delimiter.bytes, limit: .max)) {
            guard case .record(let bytes) = whole else { continue }
            if bytes.count <= limit {
                #expect(item == whole)
            } else {
                #expect(item == whole || item == .oversized(bytes.count))
            }
        }
        #expect(sizes.count == Self.expected(input, delimiter: delimiter.bytes, limit: .max).count)
        #expect(held <= limit + delimiter.count + 8)
    }

    /// The same by the plainest means.
    private static func expected(_ input: [UInt8], delimiter: [UInt8], limit: Int) -> [Item] {
        var (items, record, index) = ([Item](), [UInt8](), 0)
        while index < input.count {
            if input[index...].starts(with: delimiter) {
                items.append(.record(record))
                record = []
                index += delimiter.count
            } else {
                record.append(input[index])
                index += 1
            }
        }
        if !record.isEmpty { items.append(.record(record)) }
        return items
    }
}
