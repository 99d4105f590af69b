// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import Testing

@testable import RecordText

@Suite("Objects that stand for records")
struct RecordObjectTests {
    private struct Read: Equatable {
        var topic: String?
        var partition: Int32?
        var timestamp: Int64?
        var key: String
        var value: String
        var headers: [String] = []
    }

    private static func text(_ place: JSONPlace, _ bytes: [UInt8]) -> String {
        switch place {
        case .absent: return "absent"
        case .null: return "null"
        case .string(let string):
            var text: [UInt8] = []
            string.append(from: bytes.span, to: &text)
            return "s:" + String(decoding: text, as: UTF8.self)
        case .base64(let string): return "b:" + String(decoding: bytes[string.content], as: UTF8.self)
        case .other(let range): return String(decoding: bytes[range], as: UTF8.self)
        }
    }

    private static func read(_ line: String) throws(JSONFault) -> Read {
        let bytes = Array(line.utf8)
        var headers: [HeaderPlace] = []
        var shape = RecordShape()
        let object = try RecordObject(0..<bytes.count, in: bytes.span, headers: &headers, shape: &shape)
        return Read(
            topic: object.topic.map { String(decoding: bytes[$0.content], as: UTF8.self) },
            partition: object.partition,
            timestamp: object.timestamp,
            key: text(object.key, bytes),
            value: text(object.value, bytes),
            headers: headers.map { text(.string($0.name), bytes).dropFirst(2) + "=" + text($0.value, bytes) }
        )
    }

    /// By the tools' sources: kcat 1.7, rpk 26, kaf, kafkactl, Kafka Connect's JsonConverter, and our own.
    private static let dialects: [(line: String, read: Read)] = [
        (
            #"{"topic":"t","partition":3,"offset":7,"tstype":"create","ts":1700000000000,"broker":1,"headers":["a","1","b",null,"a","2"],"key":null,"payload":"v"}"#,
            Read(
                topic: "t",
                partition: 3,
                timestamp: 1_700_000_000_000,
                key: "null",
                value: "s:v",
                headers: ["a=s:1", "b=null", "a=s:2"]
            )
        ),
        (
            #"{"topic":"t","value":"v","headers":[{"key":"a","value":"1"},{"key":"b","value":""}],"timestamp":5,"partition":0,"offset":1}"#,
            Read(topic: "t", partition: 0, timestamp: 5, key: "absent", value: "s:v", headers: ["a=s:1", "b=s:"])
        ),
        (
            #"{"topic":"t","partition":1,"offset":2,"timestamp":"2024-02-29T23:59:59.007Z","headers":[{"key":"a","value":"x"}],"key":"k","payload":"p"}"#,
            Read(topic: "t", partition: 1, timestamp: 1_709_251_199_007, key: "s:k", value: "s:p", headers: ["a=s:x"])
        ),
        (
            #"{"key":"k","value":null,"headers":{"n":"v","m":"w"}}"#,
            Read(key: "s:k", value: "null", headers: ["n=s:v", "m=s:w"])
        ),
        (#"{"schema":{"type":"string"},"payload":{"a":[1, 2]}}"#, Read(key: "absent", value: #"{"a":[1, 2]}"#)),
        (
            #"{"topic":"t","partition":4,"explicitPartition":true,"timestamp":null,"key":{"base64":"//4="},"value":"","headers":[{"name":"h","value":{"base64":"AA=="}}]}"#,
            Read(topic: "t", partition: 4, key: "b://4=", value: "s:", headers: ["h=b:AA=="])
        ),
        (
            #"{"topic":"t","partition":-1,"ts":-1,"value":1.50e1,"key":true,"headers":[]}"#,
            Read(topic: "t", key: "true", value: "1.50e1")
        ),
        (#"{"value":"a","payload":"b","\u006bey":"k","headers":null}"#, Read(key: "s:k", value: "s:b")),
        (
            #"{"value":{"base64":"AA==","x":1},"key":{"base64":1}}"#,
            Read(key: #"{"base64":1}"#, value: #"{"base64":"AA==","x":1}"#)
        ),
        (
            #"{"valu":1,"topics":2,"keys":"x","timestamps":[],"header":{},"value":"v"}"#,
            Read(key: "absent", value: "s:v")
        ),
        (
            #"{"headers":[{"value":"v","extra":[{}],"key":"n"},{"key":"only"}],"value":"v"}"#,
            Read(key: "absent", value: "s:v", headers: ["n=s:v", "only=null"])
        ),
    ]

    @Test("each tool's words are understood, told apart by their shape", arguments: dialects.indices)
    func dialect(index: Int) throws {
        let (line, expected) = Self.dialects[index]
        #expect(try Self.read(line) == expected)
        #expect(try Self.read(" " + line + "\r\n") == expected)
    }

    @Test(
        "a member of another type is named, with its place",
        arguments: [
            (#"{"topic":1}"#, "topic", 9), (#"{"partition":"1"}"#, "partition", 13),
            (#"{"partition":2147483648}"#, "partition", 13),
            (#"{"partition":1.5}"#, "partition", 13), (#"{"timestamp":"now"}"#, "timestamp", 14),
            (#"{"ts":[]}"#, "ts", 6),
            (#"{"headers":"x"}"#, "headers", 11), (#"{"headers":["a"]}"#, "headers", 16),
            (#"{"headers":[{"value":"v"}]}"#, "headers", 12),
            (#"{"headers":[1]}"#, "headers", 12), (#"{"headers":[{"key":1}]}"#, "headers", 19),
        ]
    )
    func wrongTypes(line: String, member: String, offset: Int) {
        let fault = #expect(throws: JSONFault.self) { try Self.read(line) }
        #expect(fault?.description == "\"\(member)\" is of the wrong type")
        #expect(fault?.offset == offset)
    }

    @Test(
        "what is no object stands for no record",
        arguments: ["[]", "1", "null", "\"x\"", "", "{", #"{"value":1} 2"#]
    )
    func refused(line: String) {
        #expect(throws: JSONFault.self) { try Self.read(line) }
    }

    @Test("what is expected of names by the object before changes nothing: each pair of objects is read as each alone")
    func shapes() {
        let others = [
            "{}", #"{"topic":"t"}"#, #"{"topic" : "t" , "partition" : 12345678901}"#, #"{"topic":"t","partition":007}"#,
            #"{"topic":"t","partition":-0,"value":"v"}"#, #"{"topic":"t","partition":3.0}"#,
            #"{"topic":"t","partition":3"#,
            #"{"topic":"t","partition":3 }"#, #"{"topicc":"t","partition":3}"#, #"{"t\u006fpic":"t","partition":3}"#,
            #"{"a name that is longer than what is kept of any name":1,"topic":"t"}"#, #"{"topic":"t""#,
            #"{"topic":"t"]"#,
            "{" + (0..<40).map { "\"n\($0)\":\($0)" }.joined(separator: ",") + ",\"topic\":\"t\"}",
        ]
        let lines = Self.dialects.map(\.line) + others
        for first in lines {
            for second in lines {
                var (alone, shape) = (RecordShape(), RecordShape())
                for _ in 0..<3 {
                    _ = Self.outcome(first, &shape)
                    var shape = shape
                    #expect(Self.outcome(second, &shape) == Self.outcome(second, &alone), "\(first) then \(second)")
                }
            }
        }
    }

    private static func outcome(_ line: String, _ shape: inout RecordShape) -> String {
        let bytes = Array(line.utf8)
        var headers: [HeaderPlace] = []
        do {
            let object = try RecordObject(0..<bytes.count, in: bytes.span, headers: &headers, shape: &shape)
            return "\(object) \(headers)"
        } catch {
            return "\(error)"
        }
    }

    /// Line and place grow, so that what repeats begins elsewhere each time.
    private static func letter(_ number: Int) -> String {
        #"{"file":"in.txt","line":\#(number),"byteOffset":\#(number * 101),"error":"CORRUPT_MESSAGE","message":"plain-1: \"\#(number / 50)\"","#
            + #""attempts":1,"time":"2026-11-21T08:19:06.695Z","topic":"plain","partition":null,"explicitPartition":false,"#
            + #""timestamp":\#(number),"key":"k\#(number % 7)","value":"\#(number)","headers":[{"name":"h","value":"v"}]}"#
    }

    @Test("what letters repeat is passed by one comparison")
    func repeats() {
        var shape = RecordShape()
        for number in 1...200 {
            var alone = RecordShape()
            let line = Self.letter(number)
            #expect(Self.outcome(line, &shape) == Self.outcome(line, &alone))
        }
        #expect(shape.repeated.first == 3 && shape.repeated.count == 7)
    }

    @Test(
        "letters that are damaged, or other ones, between those that repeat are read as if they were alone",
        arguments: 0..<8
    )
    func repeatsWithDamage(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var shape = RecordShape()
        for number in 1...1500 {
            var line = Array(Self.letter(number).utf8)
            if Int.random(in: 0..<8, using: &random) == 0 {
                for _ in 0...Int.random(in: 0...2, using: &random) {
                    let place = Int.random(in: 0..<line.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: line[place] = UInt8.random(in: 0x20..<0x7F, using: &random)
                    case 1: line.remove(at: place)
                    case 2: line.insert(line[Int.random(in: 0..<line.count, using: &random)], at: place)
                    default: line.removeLast(Int.random(in: 0..<12, using: &random))
                    }
                }
            }
            let text = String(decoding: line, as: UTF8.self)
            var alone = RecordShape()
            #expect(Self.outcome(text, &shape) == Self.outcome(text, &alone), "\(text)")
        }
    }
}
