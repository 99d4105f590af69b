// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not the JSON that was expected, and at which byte.
public struct JSONFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Kind: Equatable, Sendable {
        /// The text ends within a value.
        case unexpectedEnd
        /// A byte stands where the grammar has no place for it.
        case unexpectedByte(UInt8)
        /// A backslash in a string is followed by what is no escape.
        case invalidEscape
        /// An escape is one half of a pair of surrogates, and the other half does not follow.
        case loneSurrogate
        /// A control character stands in a string without an escape.
        case controlCharacter(UInt8)
        /// The bytes of a string are not UTF-8.
        case invalidUTF8
        /// A number is not written as JSON has it, such as with a leading zero.
        case invalidNumber
        /// Values hold values in more steps than ``JSONScanner/mostDepth``.
        case tooDeep
        /// A member of the object that stands for a record is not of its type.
        case wrongType(RecordMember)
        /// The base64 of a member is none.
        case notBase64(RecordMember)
        /// A value is no object, where one stands for a record.
        case notAnObject
    }

    /// What is wrong.
    public let kind: Kind
    /// The index of the byte at which that was noticed.
    public let offset: Int

    /// A fault at a byte.
    public init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// What is wrong, in words.
    public var description: String {
        switch kind {
        case .unexpectedEnd: "the JSON ends within a value"
        case .unexpectedByte(let byte): "\(Self.name(of: byte)) has no place there in JSON"
        case .invalidEscape: "a backslash is followed by no escape of JSON"
        case .loneSurrogate: "an escape is one half of a surrogate pair"
        case .controlCharacter(let byte): "\(Self.name(of: byte)) stands in a string without an escape"
        case .invalidUTF8: "a string is not UTF-8"
        case .invalidNumber: "a number is not written as JSON has it"
        case .tooDeep: "values hold values in more than \(JSONScanner.mostDepth) steps"
        case .wrongType(let member): "\"\(member.rawValue)\" is of the wrong type"
        case .notBase64(let member): "\"\(member.rawValue)\" is not base64"
        case .notAnObject: "it is no JSON object"
        }
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case 0x0A: "a line break"
        case 0x09: "a tab"
        case 0x21..<0x7F: "\"\(Character(Unicode.Scalar(byte)))\""
        default: "the byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
}
