// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Bytes of a record for a person's eyes: text where they are text, else hexadecimal digits, and not more than the beginning of
/// what is long.
struct ShownBytes: Encodable, Equatable {
    /// Bytes that are shown at most.
    static let most = 256

    /// What they say, when they are UTF-8 without control characters other than tab and line ends.
    var text: String?
    /// Two digits a byte, when they are no such text.
    var hex: String?
    /// How many there are.
    var bytes: Int

    init(_ buffer: ByteBuffer) {
        bytes = buffer.readableBytes
        let shown = buffer.getSlice(at: buffer.readerIndex, length: min(bytes, Self.most)) ?? ByteBuffer()
        let isCut = shown.readableBytes < bytes
        if let text = Self.text(shown.readableBytesView, isCut: isCut) {
            self.text = text
        } else {
            hex = shown.readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    private static func text(_ bytes: ByteBufferView, isCut: Bool) -> String? {
        // A cut may go through a character, which has four bytes at most.
        for dropped in 0...(isCut ? 3 : 0) {
            guard let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) else { continue }
            return text.unicodeScalars.allSatisfy(isPlain) ? text : nil
        }
        return nil
    }

    /// Whether a character shows as itself, and does not change how those around it show.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar == "\t" || scalar == "\n" || scalar == "\r"
        case .format, .unassigned, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
