// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import ProducerCommand

@Suite("Receipts as text")
struct ReceiptFormatTests {
    private func rendered(
        _ format: ReceiptFormat,
        key: [UInt8]? = nil,
        value: [UInt8]? = nil,
        offset: Int64? = 41,
        file: String = "in.txt"
    ) -> [UInt8] {
        let renderer = ReceiptRenderer(format: format, file: file, topic: "orders", partition: 3)
        let record = ReceiptRenderer.Record(line: 7, byteOffset: 120, offset: offset, timestamp: 1_795_249_145_728)
        var bytes: [UInt8] = []
        switch (key, value) {
        case (nil, nil): renderer.append(record, key: nil, value: nil, to: &bytes)
        case (let key?, nil): renderer.append(record, key: key.span, value: nil, to: &bytes)
        case (nil, let value?): renderer.append(record, key: nil, value: value.span, to: &bytes)
        case (let key?, let value?): renderer.append(record, key: key.span, value: value.span, to: &bytes)
        }
        return bytes
    }

    @Test("JSON names the input, the place in the topic and the timestamp; an offset that is not known is null")
    func json() {
        #expect(
            rendered(.json, file: "a \"b\"\n")
                == Array(
                    (#"{"file":"a \"b\"\n","line":7,"byteOffset":120,"topic":"orders","partition":3,"#
                        + #""offset":41,"timestamp":1795249145728}"# + "\n").utf8
                )
        )
        #expect(String(decoding: rendered(.json, offset: nil), as: UTF8.self).contains(#""offset":null,"#))
        #expect(!ReceiptFormat.json.needsContents)
        #expect(ReceiptFormat.json.needsTimestamps)
    }

    @Test(
        "a template is filled in, and nothing is added to it",
        arguments: [
            ("%t-%p@%o", "orders-3@41"), ("%f:%l+%b", "in.txt:7+120"),
            (#"%d\t%k\t%v\n"#, "1795249145728\tkey\tvalue\n"),
            (#"%s %v\0"#, "5 value\0"), ("100%% %%t", "100% %t"), (#"\\%t\x41"#, "\\ordersA"), ("", ""),
        ]
    )
    func template(template: String, expected: String) throws {
        let format = try ReceiptFormat(template: template)
        #expect(rendered(format, key: Array("key".utf8), value: Array("value".utf8)) == Array(expected.utf8))
    }

    @Test("bytes pass as they are, null is nothing and has size -1, an unknown offset is -1")
    func bytes() throws {
        let format = try ReceiptFormat(template: "%k|%v|%s|%o")
        #expect(rendered(format, key: [0, 255], value: [254]) == [0, 255, 124, 254] + Array("|1|41".utf8))
        #expect(rendered(format, offset: nil) == Array("||-1|-1".utf8))
        #expect(rendered(format, key: [], value: []) == Array("||0|41".utf8))
    }

    @Test(
        "what a template needs is known",
        arguments: [("%t%p%o%l%f%b", false, false), ("%d", false, true), ("%s", true, false)]
    )
    func needs(template: String, contents: Bool, timestamps: Bool) throws {
        let format = try ReceiptFormat(template: template)
        #expect(format.needsContents == contents)
        #expect(format.needsTimestamps == timestamps)
    }

    @Test("a slip in a template is told", arguments: ["%", "%x", "a%é", #"\q"#, #"%t\"#])
    func slips(template: String) {
        #expect(throws: UsageError.self) { try ReceiptFormat(template: template) }
    }

    /// Numbers of every length, and the first and last of each.
    private static let numbers: [UInt64] = {
        var numbers: [UInt64] = [0, 1, 9, .max, UInt64(Int64.max)]
        var power: UInt64 = 1
        for _ in 1..<20 {
            power *= 10
            numbers += [power - 1, power, power + 1]
        }
        return numbers
    }()

    @Test("a number is its digits, and nothing before it is changed")
    func digits() {
        var random = SplitMix64(seed: 10)
        let others = (0..<1000).map { UInt64.random(in: 0 ... .max >> UInt64($0 % 64), using: &random) }
        for number in Self.numbers + others {
            var memory = [UInt8](repeating: 0xEE, count: 40)
            let count = unsafe memory.withUnsafeMutableBytes { memory in
                guard let start = memory.baseAddress else { return 0 }
                return unsafe RawText.put(number, at: start + 1) - start
            }
            #expect(String(decoding: memory[1..<count], as: UTF8.self) == "\(number)")
            #expect(memory[0] == 0xEE)
            #expect(memory[(count + RawText.slack)...].allSatisfy { $0 == 0xEE })
        }
    }

    /// A receipt, property by property.
    private static func plain(_ format: ReceiptFormat, _ batch: Batch, _ record: ReceiptRenderer.Record) -> [UInt8] {
        var bytes: [UInt8] = []
        for segment in format.segments {
            switch segment {
            case .literal(let literal): bytes += literal
            case .field(.file):
                if format.isJSON { bytes.append(jsonString: batch.file.utf8) } else { bytes += Array(batch.file.utf8) }
            case .field(.topic): bytes += Array(batch.topic.utf8)
            case .field(.partition): bytes += Array("\(batch.partition)".utf8)
            case .field(.line): bytes += Array("\(record.line)".utf8)
            case .field(.byteOffset): bytes += Array("\(record.byteOffset)".utf8)
            case .field(.timestamp): bytes += Array("\(record.timestamp)".utf8)
            case .field(.offset):
                bytes += Array((record.offset.map { "\($0)" } ?? (format.isJSON ? "null" : "-1")).utf8)
            case .field(.key), .field(.value), .field(.valueSize): break
            }
        }
        return bytes
    }

    /// What records have in common.
    private struct Batch {
        var file: String
        var topic: String
        var partition: Int32
        var timestamp: Int64
    }

    private static func random(_ random: inout SplitMix64) -> Batch {
        let pieces = [
            "a", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "😀", "/", "%", String(repeating: "long", count: 30),
        ]
        let file = (0..<Int.random(in: 0...20, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        return Batch(
            file: file.joined(),
            topic: String(repeating: "t", count: Int.random(in: 1...249, using: &random)),
            partition: Int32.random(in: 0 ... .max >> Int32.random(in: 0..<31, using: &random), using: &random),
            timestamp: Int64(truncatingIfNeeded: numbers.randomElement(using: &random) ?? 0)
        )
    }

    private static let formats = ["%f:%l %t-%p@%o %d %b%%\\n", "%l%l%b%o%d", "nothing", "", "%o", "\\0%f%f", "%t,%d"]

    @Test("many receipts rendered at once are those rendered property by property", arguments: [nil] + formats)
    func many(template: String?) throws {
        let format = try template.map { try ReceiptFormat(template: $0) } ?? .json
        var random = SplitMix64(seed: 12)
        for round in 0..<30 {
            let batch = Self.random(&random)
            let records = (0..<Int.random(in: 0...ReceiptRenderer.atOnce * 2 + 1, using: &random)).map { _ in
                ReceiptRenderer.Record(
                    line: Self.numbers.randomElement(using: &random) ?? 0,
                    byteOffset: Self.numbers.randomElement(using: &random) ?? 0,
                    offset: round % 3 == 0 ? nil : Int64.random(in: .min ... .max, using: &random) >> Int64(round % 64),
                    timestamp: batch.timestamp
                )
            }
            let isCommon = round.isMultiple(of: 2)
            let renderer = ReceiptRenderer(
                format: format,
                file: batch.file,
                topic: batch.topic,
                partition: batch.partition,
                timestamp: isCommon ? batch.timestamp : nil
            )
            let known = Int.random(in: 0...records.count, using: &random)
            var bytes = Array("before".utf8)
            let next = renderer.append(0..<records.count, to: &bytes) { $0 < known ? records[$0] : nil }
            #expect(next == known)
            for record in records[known...] { renderer.append(record, key: nil, value: nil, to: &bytes) }
            let expected = Array("before".utf8) + records.flatMap { Self.plain(format, batch, $0) }
            #expect(bytes == expected)
        }
    }

    @Test("contents of any size pass, named as often as one likes", arguments: [0, 1, 15, 16, 17, 5000])
    func contents(size: Int) throws {
        var random = SplitMix64(seed: UInt64(size))
        let content = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let format = try ReceiptFormat(template: "%v%k%v|%s")
        #expect(rendered(format, key: content, value: content) == content + content + content + Array("|\(size)".utf8))
    }
}
