// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Foundation
import KafkaProducer
import Testing

@testable import ProducerCommand

@Suite("Dead letters as lines")
struct DeadLetterTests {
    private func letter(_ content: DeadLetter.Content) -> DeadLetter {
        DeadLetter(
            place: InputPlace(input: "in \"1\".txt", line: 3, offset: 120),
            error: "MESSAGE_TOO_LARGE",
            message: "too\nlarge",
            attempts: 2,
            time: 1_709_251_199_007,
            topic: "orders",
            partition: 4,
            isPartitionExplicit: true,
            timestamp: 1_795_249_145_728,
            content: content
        )
    }

    private func line(_ letter: DeadLetter) -> [UInt8] {
        var bytes: [UInt8] = []
        letter.append(to: &bytes)
        #expect(bytes.last == 0x0A)
        #expect(bytes.count { $0 == 0x0A } == 1)
        return bytes.dropLast()
    }

    @Test("a line tells where the record came from, why it failed and what it was")
    func fields() throws {
        let headers = [ProducerRecordHeader(name: "h", value: [49]), ProducerRecordHeader(name: "h", value: nil)]
        let line = line(letter(.record(key: [107], value: [0xFF, 0xFE], headers: headers)))
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"file":"in \"1\".txt","line":3,"byteOffset":120,"error":"MESSAGE_TOO_LARGE","#
                + #""message":"too\nlarge","attempts":2,"time":"2024-02-29T23:59:59.007Z","topic":"orders","#
                + #""partition":4,"explicitPartition":true,"timestamp":1795249145728,"key":"k","#
                + #""value":{"base64":"//4="},"headers":[{"name":"h","value":"1"},{"name":"h","value":null}]}"#
        )
    }

    @Test("what a line holds is read back byte for byte")
    func roundTrip() throws {
        var random = SplitMix64(seed: 5)
        func bytes() -> [UInt8]? {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: nil
            case 1: Bool.random(using: &random) ? [] : Array("\u{FEFF}x".utf8)
            case 2:
                Array(
                    String(
                        (0..<20).map { _ in
                            "ab\"\\\u{0}\u{1F}é😀\u{301}\u{FEFF}\r\n".randomElement(using: &random) ?? "a"
                        }
                    ).utf8
                )
            default:
                (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random)
                }
            }
        }
        let decoder = DeadLetterDecoder()
        for number in 0..<300 {
            let headers = (0..<number % 4).map { ProducerRecordHeader(name: "é\"\($0 % 2)", value: bytes()) }
            let (key, value) = (bytes(), bytes())
            var letter = letter(.record(key: key, value: value, headers: headers))
            letter.isPartitionExplicit = number.isMultiple(of: 2)
            let read = try decoder.decode(line(letter))
            #expect(read.origin == letter.place)
            #expect(
                read.record
                    == ProducerRecord(
                        topic: "orders",
                        partition: letter.isPartitionExplicit ? 4 : nil,
                        key: key,
                        value: value,
                        headers: headers,
                        timestamp: letter.timestamp
                    )
            )
        }
    }

    @Test("a line that a person wrote needs a topic and a value")
    func byHand() throws {
        let decoder = DeadLetterDecoder()
        let read = try decoder.decode(Array(#" {"value":null, "topic":"t", "partition":1, "more":[1]} "#.utf8))
        #expect(read == .init(record: ProducerRecord(topic: "t", value: nil), origin: nil))
    }

    @Test(
        "a line without a record is refused, in words",
        arguments: [
            ("", "NOT_A_DEAD_LETTER", "it is not JSON"), (#"{"topic":"t","val"#, "NOT_A_DEAD_LETTER", "it is not JSON"),
            (#"{"value":"x"}"#, "NOT_A_DEAD_LETTER", #"there is no "topic""#),
            (#"{"topic":1,"value":"x"}"#, "NOT_A_DEAD_LETTER", #""topic" is of the wrong type"#),
            (#"{"topic":"t","value":{"base64":"?"}}"#, "NOT_A_DEAD_LETTER", "not base64"),
            (#"{"topic":"t","value":7}"#, "NOT_A_DEAD_LETTER", #""value" is of the wrong type"#),
            (#"{"topic":"t","message":"why","input":"x"}"#, "NO_RECORD", "why"),
        ]
    )
    func refusals(line: String, kind: String, text: String) {
        let refusal = #expect(throws: DeadLetterDecoder.Refusal.self) {
            try DeadLetterDecoder().decode(Array(line.utf8))
        }
        #expect(refusal?.kind.name == kind)
        #expect(refusal?.message.contains(text) == true, "\(refusal?.message ?? "")")
    }

    @Test("a record that was not held is never taken for an empty one, and its input is no value")
    func withoutRecord() throws {
        let lost = #expect(throws: DeadLetterDecoder.Refusal.self) {
            try DeadLetterDecoder().decode(line(letter(.lost(size: 5_000_000))))
        }
        #expect(lost?.kind == .recordNotHeld)
        #expect(
            lost?.message
                == "the record of 5,000,000 bytes was too large to be kept, send it from in \"1\".txt:3, byte 120 again"
        )
        let input = #expect(throws: DeadLetterDecoder.Refusal.self) {
            try DeadLetterDecoder().decode(line(letter(.input([0xFF]))))
        }
        #expect(input?.kind == .noRecord)
    }
}
