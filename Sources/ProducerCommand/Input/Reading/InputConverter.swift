// SPDX-License-Identifier: Apache-2.0
import RecordText

/// Makes UTF-8 of one input while it is read.
struct InputConverter {
    private static let bufferSize = 128 * 1024

    private var converter: UTF16Converter
    private var held = [UInt8](repeating: 0, count: bufferSize)
    private var text: [UInt8] = []
    private var hasEnded = false

    /// Nil for an input that is UTF-8.
    init?(_ encoding: InputEncoding) {
        guard let converter = encoding.converter else { return nil }
        self.converter = converter
    }

    /// Fills `memory` with what `read` brings, as UTF-8.
    ///
    /// - Returns: How reading ended, with the bytes of the text.
    @unsafe
    mutating func read(
        into memory: UnsafeMutableRawBufferPointer,
        _ read: (UnsafeMutableRawBufferPointer) throws(InputError) -> ChunkReader.Outcome
    ) throws(InputError) -> ChunkReader.Outcome {
        // Two bytes become three at most, and a half that was kept becomes three.
        let wanted = min(Self.bufferSize, max(2, memory.count / 2 - 8))
        // Taken out, so that it can be looked into while the rest changes.
        var held: [UInt8] = []
        swap(&held, &self.held)
        defer { swap(&held, &self.held) }
        while !hasEnded {
            text.removeAll(keepingCapacity: true)
            let outcome = unsafe try held.withUnsafeMutableBufferPointer { bytes throws(InputError) in
                let part = unsafe UnsafeMutableBufferPointer(rebasing: bytes[..<wanted])
                return unsafe try read(UnsafeMutableRawBufferPointer(part))
            }
            switch outcome {
            case .bytes(let count): converter.convert(held.span.extracting(0..<count), to: &text)
            case .interrupted: return .interrupted
            case .end:
                converter.finish(to: &text)
                hasEnded = true
            }
            guard !text.isEmpty else { continue }
            unsafe memory.copyBytes(from: text)
            return .bytes(text.count)
        }
        return .end
    }
}
