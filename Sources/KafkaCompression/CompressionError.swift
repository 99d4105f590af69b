// SPDX-License-Identifier: Apache-2.0

/// Why bytes could not be compressed or decompressed, and by which codec.
public struct CompressionError: Error, Sendable, Hashable {
    /// What went wrong.
    public enum Reason: Sendable, Hashable {
        /// The codec has no such level.
        case invalidLevel(Int)
        /// The library could not get memory.
        case outOfMemory
        /// The source is longer than the library can take in one piece.
        case sourceTooLarge(Int)
        /// The compressed bytes do not fit into the output; `maximumCompressedSize(of:)` says how much is enough.
        case outputTooSmall(available: Int)
        /// The compressed bytes end too early.
        case truncated
        /// The bytes are not what the codec writes, or are damaged, or something else follows them.
        case corrupt(String)
        /// The decompressed bytes would be more than the caller allows.
        case limitExceeded(Int)
        /// The library failed in a way that the bytes do not explain.
        case library(String)
    }

    /// The codec at work.
    public var codec: CodecName
    /// What went wrong.
    public var reason: Reason

    /// An error of `codec`.
    public init(_ codec: CodecName, _ reason: Reason) {
        self.codec = codec
        self.reason = reason
    }
}

extension CompressionError: CustomStringConvertible {
    /// One line for a person.
    public var description: String { "\(codec.rawValue): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .invalidLevel(let level): "there is no compression level \(level)"
        case .outOfMemory: "out of memory"
        case .sourceTooLarge(let count): "\(count) bytes are too many at once"
        case .outputTooSmall(let available): "the compressed bytes need more than the \(available) there are"
        case .truncated: "the compressed bytes end too early"
        case .corrupt(let detail): "the compressed bytes are damaged (\(detail))"
        case .limitExceeded(let limit): "the decompressed bytes would be more than \(limit)"
        case .library(let detail): "the library failed (\(detail))"
        }
    }
}
