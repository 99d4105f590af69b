// SPDX-License-Identifier: Apache-2.0
import Foundation
import RecordText
import Testing

/// Rows of CSV, judged by Python's csv module.
@Suite("Interop: CSV", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct CSVInteropTests {
    private struct Case: Decodable {
        var text: String
        var delimiter: String
        /// Nil for what Python refuses.
        var rows: [[String]]?
    }

    /// The fields of all rows of a text that comes in pieces of so many bytes; nil when one of them is refused.
    private static func rows(of text: String, _ separator: UInt8, pieces: Int) -> [[String]]? {
        let bytes = Array(text.utf8)
        var (framer, start, searched, count) = (CSVFramer(separator: separator), 0, 0, 0)
        var rows: [[String]] = []
        while true {
            count = min(count + pieces, bytes.count)
            while let end = framer.end(in: bytes.span.extracting(0..<count), start: &start, searched: &searched) {
                guard let row = fields(bytes, start..<end, separator) else { return nil }
                rows.append(row)
                start = searched
            }
            guard count < bytes.count else { break }
        }
        guard start < bytes.count else { return rows }
        guard let row = fields(bytes, start..<bytes.count, separator) else { return nil }
        return rows + [row]
    }

    private static func fields(_ bytes: [UInt8], _ row: Range<Int>, _ separator: UInt8) -> [String]? {
        // As the command does, before it reads a row.
        let end = row.last.map { bytes[$0] == 0x0D ? $0 : $0 + 1 } ?? row.upperBound
        var fields: [CSVField] = []
        guard (try? CSVRow.read(row.lowerBound..<end, in: bytes.span, separator: separator, into: &fields)) != nil
        else {
            return nil
        }
        return fields.map { field in
            var text: [UInt8] = []
            field.append(from: bytes.span, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    @Test("rows and fields are those that Python reads, in whatever pieces they come", arguments: 1...8)
    func python(seed: Int) async throws {
        let printed = try await ChildProcess.run(
            TestTools.path("venv/bin/python"),
            [TestTools.path("csvrows.py"), "\(seed)"]
        )
        #expect(printed.status == 0, "\(printed.errorText)")
        #expect(printed.outputLines.count == 400)
        for line in printed.outputLines {
            let sample = try JSONDecoder().decode(Case.self, from: Data(line.utf8))
            let separator = try #require(sample.delimiter.utf8.first)
            for pieces in [1, 3, 1000] {
                let rows = Self.rows(of: sample.text, separator, pieces: pieces)
                #expect(rows == sample.rows, "seed \(seed): \(line)")
            }
        }
    }
}
