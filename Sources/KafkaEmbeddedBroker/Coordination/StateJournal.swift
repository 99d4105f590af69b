// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The newest value of each key, kept in a file to which each change is appended: what coordinators remember.
///
/// A line is `KEY<tab>VALUE`, or the key alone when it has no value any more. A last line without an end was torn, and is
/// left out. There is no file before there is anything to remember. When most lines are old ones the file is written anew.
struct StateJournal {
    /// A key, and its new value; nil removes it.
    struct Change {
        var key: String
        var value: String?
    }

    /// Lines that the file may have beside two for each key.
    private static let spareLines = 4096

    private(set) var values: [String: String] = [:]
    private let path: String?
    private var file: File?
    private var size = 0
    private var lines = 0

    /// Whether each change is flushed to the disk.
    private let flushes: Bool
    private let disk: Disk

    /// - Parameters:
    ///   - path: The file; nil to remember nothing over a restart.
    ///   - flushes: Whether each change is flushed to the disk before it is made.
    ///   - disk: What comes before each write; nothing but in tests.
    /// - Throws: When it cannot be read, or written anew.
    init(path: String?, flushes: Bool = false, disk: Disk = Disk()) throws(StorageError) {
        self.path = path
        self.flushes = flushes
        self.disk = disk
        guard let path, let text = try Directory.text(of: path) else { return }
        let end = text.utf8.lastIndex(of: UInt8(ascii: "\n")) ?? text.startIndex
        for line in text[..<end].split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            guard !parts[0].isEmpty else { continue }
            values[String(parts[0])] = parts.count == 2 ? String(parts[1]) : nil
        }
        try compact(path)
    }

    /// Writes changes down, all of them or none. Nothing is changed when that fails.
    mutating func apply(_ changes: [Change]) throws(StorageError) {
        guard let path else { return }
        if file == nil { try compact(path) }
        guard let file else { return }
        var text = ByteBuffer()
        for change in changes {
            text.writeString(change.key)
            if let value = change.value { text.writeString("\t" + value) }
            text.writeString("\n")
        }
        do throws(StorageError) {
            try file.write(ByteBuffer().readableBytesSpan, text.readableBytesSpan, at: size)
            if flushes { try file.flush() }
        } catch {
            try? file.truncate(to: size)
            throw error
        }
        for change in changes { values[change.key] = change.value }
        size += text.readableBytes
        lines += changes.count
        guard lines > values.count * 2 + Self.spareLines else { return }
        // The changes are written: on a full disk the file is written anew another time.
        do throws(StorageError) { try compact(path) } catch { lines = values.count }
    }

    /// Writes the file anew, a line a key.
    private mutating func compact(_ path: String) throws(StorageError) {
        try Directory.write(values.map { "\($0.key)\t\($0.value)\n" }.sorted().joined(), to: path)
        let file = try File.open(path, disk: disk)
        if flushes {
            try file.flush()
            if let slash = path.lastIndex(of: "/") { try Directory.flush(String(path[..<slash]), disk) }
        }
        size = try file.size()
        lines = values.count
        self.file = file
    }
}

extension String {
    /// The text as one word of printable ASCII: other bytes of its UTF-8, `%`, `,` and `/` are written as `%XX`.
    var escapedWord: String {
        var word = ""
        for byte in utf8 {
            let isPlain = (0x21...0x7E).contains(byte) && !"%,/".utf8.contains(byte)
            if isPlain {
                word.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                word += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return word
    }
}

extension StringProtocol {
    /// What ``Swift/String/escapedWord`` was made of.
    var unescapedWord: String {
        var bytes: [UInt8] = []
        var rest = Substring(self)
        while let character = rest.utf8.first {
            if character == UInt8(ascii: "%"), let byte = UInt8(rest.dropFirst().prefix(2), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(character)
                rest = Substring(rest.utf8.dropFirst())
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
