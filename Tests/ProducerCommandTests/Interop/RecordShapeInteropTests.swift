// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Null, empty, binary, headers and line ends: what `kafka-producer` makes of its options, as two other clients see it.
@Suite("Interop: the shapes of records", .needsPeers, .takesTurns, .timeLimit(.minutes(10)))
struct RecordShapeInteropTests {
    /// Options and input, and the records that they should make.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var arguments: [String] = []
        let input: [UInt8]
        let records: [StoredRecord]

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "empty lines are empty records",
            input: Array("a\n\n\nb\n".utf8),
            records: [.text("a"), .text(""), .text(""), .text("b")]
        ),
        Case(name: "the last line needs no newline", input: Array("a\nb".utf8), records: [.text("a"), .text("b")]),
        Case(name: "no input, no record", input: [], records: []),
        Case(name: "one newline is one empty record", input: [10], records: [.text("")]),
        Case(
            name: "bytes that are not UTF-8 pass",
            input: [0, 255, 254, 10, 0xc3, 0x28, 10],
            records: [StoredRecord(value: Data([0, 255, 254])), StoredRecord(value: Data([0xc3, 0x28]))]
        ),
        Case(
            name: "a carriage return is kept",
            input: Array("a\r\nb\r".utf8),
            records: [.text("a\r"), .text("b\r")]
        ),
        Case(
            name: "a carriage return can be stripped",
            arguments: ["--crlf", "strip"],
            input: Array("a\r\nb\nc\rd\r\n".utf8),
            records: [.text("a"), .text("b"), .text("c\rd")]
        ),
        Case(
            name: "records end with NUL",
            arguments: ["-D", "\\0"],
            input: Array("a\nb\0\0c".utf8),
            records: [.text("a\nb"), .text(""), .text("c")]
        ),
        Case(
            name: "records end with any byte",
            arguments: ["-D", "\\x1e"],
            input: Array("a\nb\u{1e}c".utf8),
            records: [.text("a\nb"), .text("c")]
        ),
        Case(
            name: "the first separator ends the key",
            arguments: ["-K", ":"],
            input: Array("k:v:w\n:v\nk:\n:\n".utf8),
            records: [.text("v:w", key: "k"), .text("v", key: ""), .text("", key: "k"), .text("", key: "")]
        ),
        Case(
            name: "a marker makes values null",
            arguments: ["-K", "\\t", "--null-marker", "NULL"],
            input: Array("k\tNULL\nk\tNULLS\nk\t\n".utf8),
            records: [.text(nil, key: "k"), .text("NULLS", key: "k"), .text("", key: "k")]
        ),
        Case(
            name: "a fixed key goes with every record",
            arguments: ["-k", "fixed"],
            input: Array("a\nb\n".utf8),
            records: [.text("a", key: "fixed"), .text("b", key: "fixed")]
        ),
        Case(
            name: "headers keep their order and their doubles",
            arguments: ["-H", "b=1", "-H", "a=2=3", "-H", "b=", "-H", "ü=ö"],
            input: Array("x\n".utf8),
            records: [
                StoredRecord(
                    value: Data("x".utf8),
                    headers: [
                        .init(name: "b", value: Data("1".utf8)), .init(name: "a", value: Data("2=3".utf8)),
                        .init(name: "b", value: Data()), .init(name: "ü", value: Data("ö".utf8)),
                    ]
                )
            ]
        ),
    ]

    @Test("records arrive as two other clients expect them", arguments: cases)
    func delivers(shape: Case) async throws {
        let cluster = try await MockCluster(topics: ["shapes": 1])
        let bytes = ChildProcessInput.Source.bytes(shape.input)
        try await KafkaProducerBinary.send(bytes, to: "shapes", at: cluster.bootstrap, arguments: shape.arguments)
        let read = try await ConfluentKafka.read("shapes", from: cluster.bootstrap)
        #expect(read.map(\.content) == shape.records)
        let withoutHeaders = read.map { record in
            var record = record
            record.headers = []
            return record
        }
        #expect(try await Kcat.read("shapes", from: cluster.bootstrap) == withoutHeaders)
    }

    @Test("a fixed partition takes every record")
    func obeysPartition() async throws {
        let cluster = try await MockCluster(topics: ["pinned": 12])
        try await KafkaProducerBinary.send(
            .text("a\nb\n"),
            to: "pinned",
            at: cluster.bootstrap,
            arguments: ["-p", "7"]
        )
        let read = try await TopicReader.read("pinned", from: cluster.bootstrap)
        #expect(read.map(\.partition) == [7, 7])
        #expect(read.map(\.value) == [Data("a".utf8), Data("b".utf8)])
    }

    @Test("files are sent in order, with stdin where the dash is")
    func readsFiles() async throws {
        let cluster = try await MockCluster(topics: ["files": 1])
        let folder = try TemporaryDirectory()
        let first = try folder.write("a\nb", to: "first")
        let second = try folder.write("e\n", to: "second")
        let arguments = [first, "-", second]
        try await KafkaProducerBinary.send(.text("c\nd\n"), to: "files", at: cluster.bootstrap, arguments: arguments)
        #expect(try await TopicReader.values("files", from: cluster.bootstrap) == ["a", "b", "c", "d", "e"])
    }
}
