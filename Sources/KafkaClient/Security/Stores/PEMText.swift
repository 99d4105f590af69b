// SPDX-License-Identifier: Apache-2.0

/// Text with certificates and keys between lines of dashes. It is read as Kafka reads it: any white space separates, so
/// that a value of one line with blanks in it is as good as a file; whatever stands around the entries is passed over.
struct PEMText {
    /// What a store is looked through for.
    enum Label: String {
        case certificate = "CERTIFICATE"
        case privateKey = "PRIVATE KEY"
    }

    /// An entry: its bytes, and whether the lines before them say that they are encrypted in OpenSSL's own old way.
    struct Entry: Equatable {
        var bytes: [UInt8]
        var isEncryptedByHeader: Bool
    }

    private let text: [UInt8]

    init(_ bytes: [UInt8]) {
        text = bytes
    }

    /// All entries whose label has these words in it: `RSA PRIVATE KEY` is a private key too.
    func entries(_ label: Label) throws(StoreFault) -> [Entry] {
        var entries: [Entry] = []
        var position = 0
        while let start = mark(of: "BEGIN", from: position) {
            position = start.afterWord
            guard let begin = boundary(start, label), let entry = entry(after: begin, label) else { continue }
            guard let bytes = Base64.decode(text[entry.body]) else {
                throw StoreFault("a \(label.rawValue) entry is not valid Base64")
            }
            let headers = String(decoding: text[begin..<entry.body.lowerBound], as: UTF8.self)
            let isEncrypted = headers.contains("Proc-Type:") && headers.contains("ENCRYPTED")
            entries.append(Entry(bytes: bytes, isEncryptedByHeader: isEncrypted))
            position = entry.end
        }
        guard !entries.isEmpty else { throw StoreFault("it has no \(label.rawValue) entry in PEM") }
        return entries
    }

    /// A word right after dashes.
    private struct Mark {
        var dashes: Int
        var afterWord: Int
    }

    /// The next place where dashes and a word stand.
    private func mark(of word: String, from start: Int) -> Mark? {
        let word = Array(word.utf8)
        var index = start
        while index + word.count < text.count {
            if text[index] == UInt8(ascii: "-"), text[(index + 1)...].starts(with: word) {
                return Mark(dashes: index, afterWord: index + 1 + word.count)
            }
            index += 1
        }
        return nil
    }

    /// Where the text goes on after the label, the dashes and the white space behind it.
    private func boundary(_ mark: Mark, _ label: Label) -> Int? {
        guard let dashes = text[mark.afterWord...].firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let words = text[mark.afterWord..<dashes].split(whereSeparator: Base64.isSpace)
        let name = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        guard name.contains(label.rawValue) else { return nil }
        let afterDashes = text[dashes...].firstIndex { $0 != UInt8(ascii: "-") } ?? text.count
        // The end of the text is as good as white space.
        guard afterDashes < text.count else { return afterDashes }
        guard Base64.isSpace(text[afterDashes]) else { return nil }
        return text[afterDashes...].firstIndex { !Base64.isSpace($0) } ?? text.count
    }

    /// The Base64 after header lines and before the closing line.
    private func entry(after begin: Int, _ label: Label) -> (body: Range<Int>, end: Int)? {
        var start = begin
        while let line = headerLine(from: start) { start = line }
        let stop = text[start...].firstIndex { !Base64.isAllowed($0) } ?? text.count
        guard let mark = mark(of: "END", from: stop), text[stop..<mark.dashes].allSatisfy({ $0 == UInt8(ascii: "-") }),
            let end = boundary(mark, label)
        else { return nil }
        return (start..<stop, end)
    }

    /// The start of the next line if this one has a colon.
    private func headerLine(from start: Int) -> Int? {
        guard let end = text[start...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }),
            text[start..<end].contains(UInt8(ascii: ":"))
        else { return nil }
        return text[end...].firstIndex { $0 != 0x0A && $0 != 0x0D } ?? text.count
    }
}
