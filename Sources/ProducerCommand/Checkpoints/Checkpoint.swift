// SPDX-License-Identifier: Apache-2.0

/// How far the input files of a load are delivered, as it is kept in a file between two runs.
///
/// Lines of text: a title, the topic, the options' identity, then a line for each file with its inode, its size, how
/// much of its beginning was hashed, the hash, the delivered bytes and records, and its name.
struct Checkpoint: Equatable, Sendable {
    /// One input file.
    struct File: Equatable, Sendable {
        var name: String
        var fingerprint: FileFingerprint
        /// Everything before it is delivered, in bytes.
        var offset: UInt64
        /// The records before that.
        var records: UInt64
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

    /// Whether everything that the files hold is delivered.
    var isComplete: Bool { files.allSatisfy { $0.offset >= $0.fingerprint.size } }

    /// How far it is, in words.
    var summary: String {
        let records = files.reduce(0) { $0 &+ $1.records }
        let bytes = files.reduce(0) { $0 &+ $1.offset }
        return "\(NumberText.grouped(records)) \(records == 1 ? "record" : "records") "
            + "(\(NumberText.bytes(bytes))) are delivered"
    }

    /// The text of the file.
    var text: String {
        var lines = [Self.title, "topic \(topic)", "options \(String(options, radix: 16))"]
        for file in files {
            let print = file.fingerprint
            lines.append(
                "file \(print.inode) \(print.size) \(print.hashedBytes) \(String(print.hash, radix: 16)) "
                    + "\(file.offset) \(file.records) \(file.name)"
            )
        }
        return lines.joined(separator: "\n") + "\nend\n"
    }

    /// Nil when `text` is not a whole checkpoint.
    init?(text: String) {
        var lines = text.split(separator: "\n")
        guard lines.count >= 4, lines.removeFirst() == Self.title, lines.removeLast() == "end" else { return nil }
        let topicLine = lines.removeFirst()
        let optionsLine = lines.removeFirst()
        guard topicLine.hasPrefix("topic "), optionsLine.hasPrefix("options "),
            let options = UInt32(optionsLine.dropFirst("options ".count), radix: 16)
        else { return nil }
        topic = String(topicLine.dropFirst("topic ".count))
        self.options = options
        files = []
        for line in lines {
            guard let file = File(line: line) else { return nil }
            files.append(file)
        }
    }
}

extension Checkpoint.File {
    /// A pebibyte.
    private static let largestSize = UInt64(1) << 50

    fileprivate init?(line: Substring) {
        let words = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
        guard words.count == 8, words[0] == "file", let inode = UInt64(words[1]), let size = UInt64(words[2]),
            let hashedBytes = Int(words[3]), hashedBytes >= 0, hashedBytes <= FileFingerprint.hashLimit,
            let hash = UInt32(words[4], radix: 16), let offset = UInt64(words[5]), let records = UInt64(words[6]),
            // What no load can have written is refused, since it would overflow in what is made of it. A record has a byte.
            size <= Self.largestSize, offset <= size, records <= offset
        else { return nil }
        self.init(
            name: String(words[7]),
            fingerprint: FileFingerprint(inode: inode, size: size, hashedBytes: hashedBytes, hash: hash),
            offset: offset,
            records: records
        )
    }
}
