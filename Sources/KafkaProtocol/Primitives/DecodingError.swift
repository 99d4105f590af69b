// SPDX-License-Identifier: Apache-2.0

/// What was wrong with bytes that came from outside, and where.
public struct DecodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that the bytes break.
    public enum Reason: Hashable, Sendable {
        /// The bytes end before the value does.
        case truncated(needed: Int, left: Int)
        /// A length that no value of this kind can have.
        case invalidLength(Int)
        /// More elements are announced than the bytes left could hold.
        case countTooLarge(Int, left: Int)
        /// A null where the protocol allows none.
        case unexpectedNull
        /// A variable-length integer that goes on beyond the width of its type.
        case varintTooLong
        /// A string that is not UTF-8.
        case invalidUTF8
        /// A tagged field that does not come after the one before it.
        case tagOutOfOrder(UInt32)
        /// A tagged field whose content is not as long as it says.
        case tagSizeMismatch(UInt32)
        /// Bytes after the end of what should have been all.
        case bytesLeftOver(Int)
        /// A version of the message that this library does not know.
        case unsupportedVersion(Int16)
        /// A frame announced longer than allowed, or with a negative size.
        case invalidFrameSize(Int, limit: Int)
        /// Another broken rule, said in words.
        case malformed(String)
    }

    /// The rule that the bytes break.
    public let reason: Reason
    /// The byte at which the offending value begins, counted from the first byte of the message.
    public let offset: Int
    /// The field, such as `ProduceResponse v9.responses[0].name`; empty where there are no fields.
    public private(set) var path = ""

    /// An error at byte `offset`.
    public init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The same error seen from one level further out: `name` is put before the path.
    public func within(_ name: String) -> DecodingError {
        var outer = self
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        outer.path = "\(name)\(separator)\(path)"
        return outer
    }

    /// Field, fault and position in one line.
    public var description: String {
        "\(path.isEmpty ? "" : "\(path): ")\(fault) at byte \(offset)"
    }

    private var fault: String {
        switch reason {
        case .truncated(let needed, let left): "\(needed) bytes are needed and \(left) are left"
        case .invalidLength(let length): "\(length) is no valid length"
        case .countTooLarge(let count, let left): "\(count) elements cannot be in the \(left) bytes left"
        case .unexpectedNull: "null is not allowed here"
        case .varintTooLong: "a variable-length integer does not end"
        case .invalidUTF8: "the string is not UTF-8"
        case .tagOutOfOrder(let tag): "tagged field \(tag) is out of order"
        case .tagSizeMismatch(let tag): "tagged field \(tag) is not as long as it says"
        case .bytesLeftOver(let count): "\(count) bytes are left over"
        case .unsupportedVersion(let version): "version \(version) is not supported"
        case .invalidFrameSize(let size, let limit): "a frame of \(size) bytes is not between 0 and \(limit)"
        case .malformed(let rule): rule
        }
    }
}
