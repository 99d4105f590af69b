// SPDX-License-Identifier: Apache-2.0
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("RecordFormat")
struct RecordFormatTests {
    @Test("a checkpoint of the first version still stands for the same format")
    func identity() {
        let plain = RecordFormat.delimited(DelimitedFormat())
        #expect(
            plain.identity
                == #"RecordFormat(delimiter: \n, stripsCarriageReturn: false, keySeparator: nil, headers: nil, "#
                + "nullMarker: nil, acceptsMissingSeparators: false)"
        )
        let full = DelimitedFormat(
            stripsCarriageReturn: true,
            keySeparator: .tab,
            headers: HeaderLayout(),
            nullMarker: [0x4E],
            acceptsMissingSeparators: true
        )
        #expect(
            RecordFormat.delimited(full).identity
                == #"RecordFormat(delimiter: \n, stripsCarriageReturn: true, keySeparator: Optional(\t), "#
                + #"headers: Optional(ProducerCommand.HeaderLayout(delimiter: \t, separator: ,, keySeparator: :)), "#
                + "nullMarker: Optional([78]), acceptsMissingSeparators: true)"
        )
    }

    @Test("dead letters are lines, whatever is in them")
    func letters() {
        let bytes = Array("{\"a\":1}\r\n{}".utf8)
        var splitter = RecordFormat.deadLetters(DeadLetterDecoder()).splitter(limit: 100)
        #expect(splitter.next(in: bytes.span) == 0..<8)
        #expect(splitter.last(in: bytes.span) == 9..<11)
    }
}
