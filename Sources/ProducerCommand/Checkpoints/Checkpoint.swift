// SPDX-License-Identifier: Apache-2.0

/// How far the input files of a load are delivered, as it is kept in a file between two runs.
///
/// Lines of text: a title, the topic, the options' identity, then a line for each file with its inode, its size, how
/// much of its beginning was hashed, the hash, the delivered bytes and records, and its name; the line begins with another word
/// when these bytes are not those that are stored. After `end` may stand what
/// was delivered since: lines with the file's number among those above, from 0, and its delivered bytes and records.
struct Checkpoint: Equatable, Sendable {
    /// One input file.
    struct File: Equatable, Sendable {
        var name: String
        var fingerprint: FileFingerprint
        /// Everything before it is delivered, in bytes of what is read.
        var offset: UInt64
        /// The records before that.
        var records: UInt64
        /// What is read, if that is not what is stored: it is compressed, or in another encoding.
        var content: Content?

        /// What is read of a file.
        struct Content: Equatable, Sendable {
            /// Whether everything that the file held is delivered: its size does not say it.
            var isWhole = false
        }

        /// Whether everything that the file held is delivered.
        var isComplete: Bool { content?.isWhole ?? (offset >= fingerprint.size) }
        /// How many of its stored bytes are known to be delivered.
        var deliveredOfStored: UInt64 { content == nil ? offset : 0 }
    }

    var topic: String
    /// Stands for all options that decide what the records are.
    var options: UInt32
    var files: [File]

    private static let title = "kafka-producer checkpoint 1"

    init(topic: String, options: UInt32, files: [File]) {
        self.topic = topic
        self.options = options
        self.files = files
    }

    /// How far the first so many files are, in words; default all of them.
    func summary(ofFirst count: Int = .max) -> String {
        let records = files.prefix(count).reduce(0) { $0 &+ $1.records }
        let bytes = files.prefix(count).reduce(0) { $0 &+ $1.offset }
        return "\(NumberText.grouped(records)) \(records == 1 ? "record" : "records") "
            + "(\(NumberText.bytes(bytes))) \(records == 1 ? "is" : "are") delivered"
    }

    /// The text of the file.
    var text: String {
        var lines = [Self.title, "topic \(topic)", "options \(String(options, radix: 16))"]
        for file in files {
            let print = file.fingerprint
            lines.append(
                (file.content.map { $0.isWhole ? "whole" : "content" } ?? "file")
                    + " \(print.inode) \(print.size) \(print.hashedBytes) \(String(print.hash, radix: 16)) "
                    + "\(file.offset) \(file.records) \(file.name)"
            )
        }
        return lines.joined(separator: "\n") + "\nend\n"
    }

    /// What has to follow the text of `earlier` to make it say as much as this; nil when one of the files is another one, so
    /// that the text has to be written anew.
    func progress(since earlier: Checkpoint) -> String? {
        guard files.count == earlier.files.count else { return nil }
        var text = ""
        for (index, (file, before)) in zip(files, earlier.files).enumerated() {
            guard file.fingerprint.isSameBeginning(as: before.fingerprint) else { return nil }
            guard file.offset >= before.offset else { return nil }
            if file.offset > before.offset { text += "at \(index) \(file.offset) \(file.records)\n" }
        }
        return text
    }

    /// Nil when `text` does not begin with a whole checkpoint.
    init?(text: String) {
        // The end of what follows may be torn: the last piece is no line unless it has its newline.
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast().map { Substring($0) }
        guard lines.count >= 4, lines[0] == Self.title, let end = lines[3...].firstIndex(of: "end"),
            lines[1].hasPrefix("topic "), lines[2].hasPrefix("options "),
            let options = UInt32(lines[2].dropFirst("options ".count), radix: 16)
        else { return nil }
        topic = String(lines[1].dropFirst("topic ".count))
        self.options = options
        files = []
        for line in lines[3..<end] {
            guard let file = File(line: line) else { return nil }
            files.append(file)
        }
        for line in lines[(end + 1)...] where !advance(line) { break }
    }

    /// Takes in a line of progress; false when it is none.
    private mutating func advance(_ line: Substring) -> Bool {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "at", let index = Int(words[1]), files.indices.contains(index),
            let offset = UInt64(words[2]), let records = UInt64(words[3]), offset <= File.largestSize,
            records <= offset,
            offset >= files[index].offset
        else { return false }
        (files[index].offset, files[index].records) = (offset, records)
        guard files[index].content == nil else { return true }
        files[index].fingerprint.size = max(files[index].fingerprint.size, offset)
        return true
    }
}

extension Checkpoint.File {
    /// A pebibyte.
    fileprivate static let largestSize = UInt64(1) << 50

    fileprivate init?(line: Substring) {
        let words = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
        let kinds: [Substring: Checkpoint.File.Content?] = [
            "file": nil, "content": Checkpoint.File.Content(), "whole": Checkpoint.File.Content(isWhole: true),
        ]
        guard words.count == 8, let content = kinds[words[0]], let inode = UInt64(words[1]),
            let size = UInt64(words[2]),
            let hashedBytes = Int(words[3]), hashedBytes >= 0, hashedBytes <= FileFingerprint.hashLimit,
            let hash = UInt32(words[4], radix: 16), let offset = UInt64(words[5]), let records = UInt64(words[6]),
            // What no load can have written is refused, since it would overflow in what is made of it. A record has a byte.
            size <= Self.largestSize, offset <= (content == nil ? size : Self.largestSize), records <= offset
        else { return nil }
        self.init(
            name: String(words[7]),
            fingerprint: FileFingerprint(inode: inode, size: size, hashedBytes: hashedBytes, hash: hash),
            offset: offset,
            records: records,
            content: content
        )
    }
}
