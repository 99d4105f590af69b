// SPDX-License-Identifier: Apache-2.0

/// What cannot be said in the chosen version of a message, and in which field.
public struct EncodingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that the value breaks.
    public enum Reason: Hashable, Sendable {
        /// A string of more bytes than the protocol's 32767.
        case stringTooLong(Int)
        /// More bytes or elements than a 32-bit length can say.
        case tooLong(Int)
        /// The field has a value that matters, and this version of the message has no such field.
        case fieldNotInVersion(Int16)
        /// A version of the message that this library does not know.
        case unsupportedVersion(Int16)
    }

    /// The rule that the value breaks.
    public let reason: Reason
    /// The field, such as `MetadataRequest.allowAutoTopicCreation`.
    public private(set) var path = ""

    /// An error that does not know its field yet.
    public init(_ reason: Reason) {
        self.reason = reason
    }

    /// The same error seen from one level further out: `name` is put before the path.
    public func within(_ name: String) -> EncodingError {
        var outer = self
        outer.path = path.isEmpty ? name : "\(name).\(path)"
        return outer
    }

    /// Field and fault in one line.
    public var description: String {
        "\(path.isEmpty ? "" : "\(path): ")\(fault)"
    }

    private var fault: String {
        switch reason {
        case .stringTooLong(let length): "a string of \(length) bytes is longer than 32767"
        case .tooLong(let length): "\(length) is more than a length field can say"
        case .fieldNotInVersion(let version): "version \(version) of the message cannot say this"
        case .unsupportedVersion(let version): "version \(version) is not supported"
        }
    }
}
