// SPDX-License-Identifier: Apache-2.0
import KafkaCompression

/// Decompresses one input while it is read.
///
/// `@unchecked Sendable` so that its reader, which alone uses it, may go from one thread to another.
final class InputExpander: @unchecked Sendable {
    private static let bufferSize = 256 * 1024

    private var decompressor: StreamDecompressor
    private var held: [UInt8]
    /// What of `held` is to be decompressed.
    private var rest: Range<Int>

    /// What an input is compressed with that begins like this; nil for another one.
    static func format(of beginning: UnsafeRawBufferPointer) -> StreamDecompressor.Format? {
        StreamDecompressor.Format.allCases.first { unsafe beginning.starts(with: $0.beginning) }
    }

    /// The same by a file's first bytes.
    static func format(of beginning: [UInt8]) -> StreamDecompressor.Format? {
        StreamDecompressor.Format.allCases.first { beginning.starts(with: $0.beginning) }
    }

    /// Whether so few bytes may be the beginning of a compressed input.
    static func mayBeBeginning(_ bytes: UnsafeRawBufferPointer) -> Bool {
        StreamDecompressor.Format.allCases.contains { format in
            unsafe bytes.count < format.beginning.count && format.beginning.starts(with: bytes)
        }
    }

    init(_ format: StreamDecompressor.Format, beginning: UnsafeRawBufferPointer) throws(CompressionError) {
        decompressor = try StreamDecompressor(format)
        held = unsafe Array(beginning)
        rest = 0..<held.count
        held += [UInt8](repeating: 0, count: max(0, Self.bufferSize - held.count))
    }

    /// Whether everything that came is decompressed.
    var isEmpty: Bool { rest.isEmpty }
    /// Whether the input may end here.
    var isWhole: Bool { decompressor.isBetweenFrames }

    /// Decompresses what is held into `memory`; how many bytes that gave, 0 when more input is needed.
    @unsafe
    func expand(into memory: UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int {
        while !rest.isEmpty {
            let step = unsafe try held.withUnsafeBufferPointer { bytes throws(CompressionError) in
                let input = unsafe UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[rest]))
                return unsafe try decompressor.decompress(input, into: memory)
            }
            rest = rest.lowerBound + step.consumed..<rest.upperBound
            if step.written > 0 { return step.written }
            if step.consumed == 0 { break }
        }
        return 0
    }

    /// What is decompressed already may wait within the library for room.
    @unsafe
    func flush(into memory: UnsafeMutableRawBufferPointer) throws(CompressionError) -> Int {
        guard rest.isEmpty, !decompressor.isBetweenFrames else { return 0 }
        return unsafe try decompressor.decompress(UnsafeRawBufferPointer(start: nil, count: 0), into: memory).written
    }

    /// Lets `read` bring more of the input.
    func fill(
        _ read: (UnsafeMutableRawBufferPointer) throws(InputError) -> ChunkReader.Outcome
    ) throws(InputError) -> ChunkReader.Outcome {
        let outcome = unsafe try held.withUnsafeMutableBufferPointer { bytes throws(InputError) in
            unsafe try read(UnsafeMutableRawBufferPointer(bytes))
        }
        if case .bytes(let count) = outcome { rest = 0..<count }
        return outcome
    }
}
