// SPDX-License-Identifier: Apache-2.0

/// How far the lines of a dead-letter file are dealt with: sent again and delivered, or kept in another such file.
///
/// Lines of text: a title, then a name and its value each. The hash binds it to what the file holds before the place.
struct ResentMark: Equatable, Sendable {
    /// Everything before it is dealt with, in bytes. It lies at the end of a line, before the newline.
    var offset: UInt64 = 0
    /// The lines before that which are not empty.
    var records: UInt64 = 0
    /// How many of these have failed again.
    var failed: UInt64 = 0
    /// The CRC-32C of the file's bytes before `offset`.
    var hash: UInt32 = 0
    /// The file in which those are that failed again.
    var letters = ""

    private static let title = "kafka-producer resent 1"

    /// Before the first line.
    init() {}

    /// The text of the file.
    var text: String {
        """
        \(Self.title)
        bytes \(offset)
        records \(records)
        failed \(failed)
        hash \(String(hash, radix: 16))
        letters \(letters)
        end

        """
    }

    /// Nil when `text` is not a whole mark.
    init?(text: String) {
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        let names = ["bytes ", "records ", "failed ", "hash ", "letters "]
        guard lines.count == names.count + 3, lines[0] == Self.title, lines[names.count + 1] == "end" else {
            return nil
        }
        var values: [Substring] = []
        for (name, line) in zip(names, lines[1...]) {
            guard line.hasPrefix(name) else { return nil }
            values.append(line.dropFirst(name.count))
        }
        guard let offset = UInt64(values[0]), offset <= UInt64(1) << 50, let records = UInt64(values[1]),
            let failed = UInt64(values[2]), let hash = UInt32(values[3], radix: 16), records <= offset,
            failed <= records
        else { return nil }
        (self.offset, self.records, self.failed, self.hash) = (offset, records, failed, hash)
        letters = String(values[4])
    }

    /// What a person should know of what an earlier run has done with the file of this name.
    func words(for name: String) -> String {
        let delivered = records - failed
        var parts: [String] = []
        if delivered > 0 || failed == 0 {
            let were = delivered == 1 ? "record of \(name) was" : "records of \(name) were"
            parts.append("\(NumberText.grouped(delivered)) \(were) delivered by an earlier resend")
        }
        if failed > 0 {
            let records = failed == 1 ? "record" : "records"
            let name = parts.isEmpty ? " of \(name)" : ""
            let verb = failed == 1 ? "is" : "are"
            parts.append("\(NumberText.grouped(failed)) \(records)\(name) failed in it and \(verb) in \(letters)")
        }
        return parts.joined(separator: ", ") + "; --again sends all of them again"
    }
}
