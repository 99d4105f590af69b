// SPDX-License-Identifier: Apache-2.0

/// Finds from an input's first bytes that it hardly holds the records that a person has in mind.
enum InputGlance: Hashable, Sendable {
    /// Compressed; the command prints what is in it.
    case compressed(name: String, command: String)
    /// Text in the encoding of this name.
    case encoded(String)
    /// UTF-8 behind a byte order mark.
    case byteOrderMark
    /// Lines end in CR LF.
    case carriageReturns

    /// How formats begin, the longer beginning first where one begins like another.
    private static let beginnings: [(bytes: [UInt8], glance: InputGlance)] = [
        ([0x1F, 0x8B], .compressed(name: "gzip", command: "zcat")),
        ([0x28, 0xB5, 0x2F, 0xFD], .compressed(name: "zstd", command: "zstdcat")),
        ([0x04, 0x22, 0x4D, 0x18], .compressed(name: "lz4", command: "lz4cat")),
        ([0x42, 0x5A, 0x68], .compressed(name: "bzip2", command: "bzcat")),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .compressed(name: "xz", command: "xzcat")),
        ([0x50, 0x4B, 0x03, 0x04], .compressed(name: "zip", command: "unzip -p")),
        ([0xFF, 0xFE, 0x00, 0x00], .encoded("UTF-32")),
        ([0x00, 0x00, 0xFE, 0xFF], .encoded("UTF-32")),
        ([0xFF, 0xFE], .encoded("UTF-16")),
        ([0xFE, 0xFF], .encoded("UTF-16")),
        ([0xEF, 0xBB, 0xBF], .byteOrderMark),
    ]

    /// What follows `BZh` and a digit from 1 to 9 in a bzip2 file: text may begin with those three letters.
    private static let bzip2Block: [UInt8] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]

    /// How many lines have to end in CR LF, if there are that many.
    private static let lineCount = 10

    /// What the first bytes of an input say; nil when nothing is odd about them.
    init?(_ bytes: Span<UInt8>, format: RecordFormat) {
        let beginning = Self.beginnings.first { bytes.hasBytes($0.bytes, at: 0) }
        if beginning?.glance == .byteOrderMark, format.passesByteOrderMark { return nil }
        if let beginning, beginning.bytes != [0x42, 0x5A, 0x68] || bytes.hasBytes(Self.bzip2Block, at: 4) {
            self = beginning.glance
        } else if format.delimiter == .newline, !format.passesCarriageReturns, Self.hasCarriageReturns(bytes) {
            self = .carriageReturns
        } else {
            return nil
        }
    }

    /// Whether each of the first lines ends in CR LF.
    private static func hasCarriageReturns(_ bytes: Span<UInt8>) -> Bool {
        var lines = RecordSplitter()
        var count = 0
        while count < lineCount, let line = lines.next(in: bytes) {
            guard let last = line.last, bytes[last] == 0x0D else { return false }
            count += 1
        }
        return count > 0
    }

    /// The warning: what is there, what becomes of it, and what to do.
    func warning(for source: InputSource) -> String {
        let name = source.name
        // Of standard input only the process that has opened it knows the file.
        let file = if case .file(let path) = source { path } else { "FILE" }
        switch self {
        case .compressed(let format, let command):
            return "\(name) begins like \(format), and its bytes are sent as they are; to send what is in it: "
                + "\(command) \(file) | kafka-producer ..."
        case .encoded("UTF-16"):
            return
                "\(name) begins like UTF-16, and its bytes are sent as they are, cut at each byte of a newline; "
                + "--encoding utf-16 sends it as UTF-8"
        case .encoded(let encoding):
            return
                "\(name) begins like \(encoding), and its bytes are sent as they are, cut at each byte of a newline; to "
                + "send it as UTF-8: iconv -f \(encoding) -t UTF-8 \(file) | kafka-producer ..."
        case .byteOrderMark:
            return
                "\(name) begins with a byte order mark, which becomes a part of its first record; to send it without: "
                + "tail -c +4 \(file) | kafka-producer ..."
        case .carriageReturns:
            return "the lines of \(name) end in CR LF, and each record keeps the CR; --crlf strip removes it"
        }
    }
}
