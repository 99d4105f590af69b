// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import RecordText
import Testing

@Suite("Writing records by a layout")
struct RecordLayoutWriterTests {
    private static func written(_ layout: String, _ record: RecordLayoutWriter.Record) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try RecordLayoutWriter(try RecordLayout(layout)).append(record, to: &bytes)
        return bytes
    }

    private static var record: RecordLayoutWriter.Record {
        var record = RecordLayoutWriter.Record()
        (record.topic, record.key, record.value) = (Array("t".utf8), Array("k".utf8), Array("va".utf8))
        record.headers = [(Array("h".utf8), Array("1".utf8)), (Array("h".utf8), nil)]
        (record.partition, record.timestamp, record.offset) = (3, 1_700_000_000_000, 88)
        return record
    }

    @Test(
        "each verb and each form of a number is written as it is read",
        arguments: [
            ("%t/%p/%o %d %k=%v%%%{%}\\n", "t/3/88 1700000000000 k=va%{}\n"), ("%v{hex} %k{base64}", "7661 aw=="),
            ("%V:%v", "2:va"), ("%V{hex64}%v", "0000000000000002va"), ("%V{hex32}%v", "00000002va"),
            ("%V{hex16}%v", "0002va"), ("%V{hex8}%v", "02va"), ("%V{hex4}%v", "2va"), ("%V{2}%v", "va"),
            ("%V{byte}%v", "\u{2}va"), ("%V{big16}%v", "\0\u{2}va"), ("%V{little16}%v", "\u{2}\0va"),
            ("%V{big32}%v", "\0\0\0\u{2}va"), ("%V{little64}%v", "\u{2}\0\0\0\0\0\0\0va"), ("%K{bool}%k", "truek"),
            ("%V{byte}%v{hex}", "\u{4}7661"), ("%V{byte}%v{base64}", "\u{4}dmE="),
            ("%H %h{%k=%v,}%v", "2 h=1,h=,va"), ("%H{2}%h{%k=%v,}%v", "h=1,h=,va"),
            ("%V{hex8}%v%H{hex8}%h{%K{hex8}%k%V{hex32}%v}", "02va0201h00000001101hffffffff"),
        ]
    )
    func forms(layout: String, expected: String) throws {
        #expect(String(decoding: try Self.written(layout, Self.record), as: UTF8.self) == expected)
    }

    @Test(
        "a record that does not fit, and a layout that only reads, are refused",
        arguments: [
            ("%V{3}%v", "2, which is not 3"), ("%H{1}%h{%k=%v,}%v", "2, which is not 1"),
            ("%V{bool}%v", "neither true nor false"), ("%d{big32} %v", "does not fit {big32}"),
            ("%d{hex16} %v", "does not fit {hex16}"), ("%v{json}", "{json}, which is for reading"),
            ("%v{re#a#}", "{re}, which is for reading"), ("%e%v", "%e, %x or %y"),
        ]
    )
    func misfits(layout: String, words: String) {
        let fault = #expect(throws: RecordLayoutFault.self) { try Self.written(layout, Self.record) }
        #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
        var null = Self.record
        null.value = nil
        #expect(throws: RecordLayoutFault.self) { try Self.written("%V{big16}%v", null) }
    }

    /// A layout in which nothing is lost.
    private static let whole =
        "%p{big32}%d{big64}%T{big16}%t%K{big32}%k%V{big32}%v%H{big32}%h{%K{big32}%k%V{big32}%v}"

    @Test("what is written by sizes is read back: null, empty and any bytes", arguments: UInt64(0)..<20)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func bytes() -> [UInt8] {
            (0..<Int.random(in: 0...20, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        }
        func maybe() -> [UInt8]? { Bool.random(using: &random) ? bytes() : nil }
        var record = RecordLayoutWriter.Record()
        (record.topic, record.key, record.value) = (bytes(), maybe(), maybe())
        record.headers = (0..<Int.random(in: 0...3, using: &random)).map { _ in (bytes(), maybe()) }
        (record.partition, record.timestamp) = (
            .random(in: 0...9, using: &random), .random(in: 0...1 << 41, using: &random)
        )
        let written = try Self.written(Self.whole, record)
        var reader = RecordLayoutReader(try RecordLayout(Self.whole))
        let outcome = reader.read(written.span, from: 0, isEnd: false)
        #expect(outcome == .record(end: written.count))
        func text(_ text: RecordLayoutReader.Text?) -> [UInt8]? { text?.range.map { Array(written[$0]) } }
        #expect(
            text(reader.topic) == record.topic && text(reader.key) == record.key && text(reader.value) == record.value
        )
        #expect(reader.headers.map { text($0.name) } == record.headers.map(\.name))
        #expect(reader.headers.map { text($0.value) } == record.headers.map(\.value))
        #expect(reader.partition == record.partition && reader.timestamp == record.timestamp)
    }
}
