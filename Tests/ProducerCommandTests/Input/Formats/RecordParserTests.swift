// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("RecordParser")
struct RecordParserTests {
    /// What a parser of these settings makes of a text that lies between others.
    private func parse(
        _ text: String,
        _ settings: RecordSettings
    ) throws(RecordFault) -> (parsed: ParsedRecord, record: ProducerRecord) {
        let bytes = Array(("<<" + text + ">>").utf8)
        let chunk = Chunk(bytes.span, at: 100, isEnd: false, time: 7)
        var parser = RecordParser(settings)
        let parsed = try parser.parse(2..<bytes.count - 2, in: chunk)
        return (parsed, parser.record(parsed, in: chunk))
    }

    private var keyed: RecordSettings {
        var settings = RecordSettings()
        settings.topic = "t"
        settings.format = .delimited(
            DelimitedFormat(keySeparator: .tab, headers: HeaderLayout(), nullMarker: Array("NULL".utf8))
        )
        return settings
    }

    @Test("what is sent as it is stays in the input, and null is neither empty nor its marker")
    func delimited() throws {
        var settings = keyed
        settings.headers = [ProducerRecordHeader(name: "all", value: nil)]
        let (parsed, record) = try parse("h:1\tk\tv", settings)
        #expect(parsed.key == .input(6..<7) && parsed.value == .input(8..<9))
        #expect(parsed.topic == nil && parsed.partition == nil && parsed.timestamp == nil)
        #expect(
            record
                == ProducerRecord(
                    topic: "t",
                    key: [0x6B],
                    value: [0x76],
                    headers: [
                        ProducerRecordHeader(name: "all", value: nil), ProducerRecordHeader(name: "h", value: [0x31]),
                    ]
                )
        )
        let nothing = try parse("NULL\tNULL\tNULL", settings).parsed
        #expect(nothing == ParsedRecord())
        #expect(try parse("\t\t", settings).record.key == [])
    }

    @Test("what a serializer makes is in the parser's memory, and a text of another type is a fault")
    func serialized() throws {
        var settings = keyed
        (settings.keySerializer, settings.valueSerializer) = (.short, .void)
        let (parsed, record) = try parse("\t258\tNULL", settings)
        #expect(parsed.key == .scratch && parsed.value == .null)
        #expect(record.key == [1, 2] && record.value == nil)
        let fault = #expect(throws: RecordFault.self) { _ = try parse("\tx\tNULL", settings) }
        guard case .key = fault else { return #expect(Bool(false), "\(fault.map { "\($0)" } ?? "none")") }
    }

    @Test("the key of all records is in the parser's memory")
    func fixedKey() throws {
        var settings = RecordSettings()
        settings.key = [1, 2, 3]
        let (parsed, record) = try parse("v", settings)
        #expect(parsed == ParsedRecord(key: .scratch, value: .input(2..<3)))
        #expect(record.key == [1, 2, 3] && record.value == [0x76])
    }

    @Test("a dead letter tells its topic, partition, time and first place; its parts are in the parser's memory")
    func deadLetter() throws {
        var settings = RecordSettings()
        settings.format = .deadLetters(DeadLetterDecoder())
        let line =
            #"{"file":"in","line":3,"byteOffset":9,"topic":"orders","partition":4,"explicitPartition":true,"#
            + #""timestamp":12,"key":null,"value":{"base64":"//4="},"headers":[{"name":"h","value":null}]}"#
        let (parsed, record) = try parse(line, settings)
        #expect(
            parsed
                == ParsedRecord(
                    key: .null,
                    value: .scratch,
                    topic: .input(48..<54),
                    partition: 4,
                    timestamp: 12,
                    origin: OriginPlace(file: .input(11..<13), line: 3, offset: 9)
                )
        )
        #expect(record.value == [0xFF, 0xFE] && record.key == nil && record.topic == "orders")
        #expect(record.headers == [ProducerRecordHeader(name: "h", value: nil)])
        let fault = #expect(throws: RecordFault.self) { _ = try parse("no letter", settings) }
        #expect(fault?.kind == .notADeadLetter)
    }
}
