// SPDX-License-Identifier: Apache-2.0
import RandomNumbers
import KafkaProtocol
import Mutation
import NIOCore
import Testing
import Vectors

/// The primitive types of Kafka's protocol, and bytes that are none of them.
@Suite("Primitives")
struct PrimitiveTests {
    private func bytes(_ hex: String) -> ByteBuffer {
        ByteBuffer(bytes: [UInt8](hex: hex))
    }

    @Test(
        "unsigned varints of 32 bits",
        arguments: [
            (UInt32(0), "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (16383, "ff7f"), (16384, "808001"),
            (.max, "ffffffff0f"),
        ]
    )
    func unsignedVarint(value: UInt32, hex: String) throws {
        var buffer = ByteBuffer()
        buffer.encode(unsignedVarint: UInt64(value))
        #expect(buffer.hex == hex)
        #expect(Varint.unsignedSize(UInt64(value)) == buffer.readableBytes)
        #expect(try buffer.decodeUnsignedVarint() == value)
    }

    @Test(
        "signed varints",
        arguments: [
            (Int64(0), "00"), (-1, "01"), (1, "02"), (-64, "7f"), (64, "8001"), (Int64(Int32.max), "feffffff0f"),
            (Int64(Int32.min), "ffffffff0f"), (.max, "feffffffffffffffff01"), (.min, "ffffffffffffffffff01"),
        ]
    )
    func varint(value: Int64, hex: String) throws {
        var buffer = ByteBuffer()
        buffer.encode(varint: value)
        #expect(buffer.hex == hex)
        #expect(Varint.size(value) == buffer.readableBytes)
        var long = buffer
        #expect(try long.decodeVarlong() == value)
        if let short = Int32(exactly: value) {
            #expect(try buffer.decodeVarint() == short)
        } else {
            #expect(throws: DecodingError.self) { try buffer.decodeVarint() }
        }
    }

    @Test("a varint that is too wide or does not end is refused", arguments: ["ffffffff1f", "808080808000", "ffff"])
    func brokenVarint(hex: String) {
        var buffer = bytes(hex)
        #expect(throws: DecodingError.self) { try buffer.decodeUnsignedVarint() }
    }

    @Test("a varint of more than 64 bits is refused", arguments: ["ffffffffffffffffff02", "8080808080808080808000"])
    func brokenVarlong(hex: String) {
        var buffer = bytes(hex)
        let error = #expect(throws: DecodingError.self) { try buffer.decodeVarlong() }
        #expect(error?.reason == .varintTooLong)
    }

    @Test(
        "lengths that cannot be are refused",
        arguments: [
            ("fffe", false, DecodingError.Reason.invalidLength(-2)), ("8000", false, .invalidLength(-32768)),
            ("000361", false, .truncated(needed: 3, left: 1)), ("0461", true, .truncated(needed: 3, left: 1)),
            ("ffffffff0f", true, .invalidLength(4_294_967_294)), ("0002c328", false, .invalidUTF8),
            ("03ff61", true, .invalidUTF8), ("ffff", false, .unexpectedNull), ("00", true, .unexpectedNull),
        ]
    )
    func brokenString(hex: String, isCompact: Bool, reason: DecodingError.Reason) {
        var buffer = bytes(hex)
        let error = #expect(throws: DecodingError.self) { try buffer.decodeString(isCompact: isCompact) }
        #expect(error?.reason == reason)
    }

    @Test(
        "a count of more elements than there are bytes is refused",
        arguments: [
            ("7fffffff00", false, DecodingError.Reason.countTooLarge(0x7FFF_FFFF, left: 1)),
            ("80000000", false, .invalidLength(-0x8000_0000)),
            ("ffffffff0f00", true, .countTooLarge(0xFFFF_FFFE, left: 1)),
        ]
    )
    func brokenCount(hex: String, isCompact: Bool, reason: DecodingError.Reason) {
        var buffer = bytes(hex)
        let error = #expect(throws: DecodingError.self) { try buffer.decodeCount(isCompact: isCompact) }
        #expect(error?.reason == reason)
    }

    @Test("any byte but zero is true", arguments: [("00", false), ("01", true), ("ff", true)])
    func boolean(hex: String, expected: Bool) throws {
        var buffer = bytes(hex)
        #expect(try buffer.decodeBool() == expected)
    }

    @Test(
        "ids are printed in base64url, as the Java client does",
        arguments: [
            ("66f72cb8791cc55dc812af9672ab9463", "ZvcsuHkcxV3IEq-WcquUYw"),
            ("00000000000000000000000000000000", "AAAAAAAAAAAAAAAAAAAAAA"),
            ("ffffffffffffffffffffffffffffffff", "_____________________w"),
        ]
    )
    func topicID(hex: String, expected: String) throws {
        var buffer = bytes(hex)
        let id = try buffer.decodeTopicID()
        #expect(id.description == expected)
        #expect((id == .zero) == (expected == "AAAAAAAAAAAAAAAAAAAAAA"))
        buffer.encode(id)
        #expect(buffer.hex == hex)
    }

    @Test("random ids are UUIDs of version 4")
    func randomTopicID() {
        var generator = SplitMix64(seed: 1)
        let ids = (0..<100).map { _ in TopicID.random(using: &generator) }
        #expect(ids.allSatisfy { $0.mostSignificant >> 12 & 0xF == 4 && $0.leastSignificant >> 62 == 0b10 })
        #expect(Set(ids).count == 100)
    }

    @Test("an error names the field and the byte")
    func errorPath() {
        var body = bytes("02" + "0274" + "02" + "00000001" + "00")
        let error = #expect(throws: DecodingError.self) { try ProduceResponse(decoding: &body, version: 9) }
        let expected =
            "ProduceResponse v9.responses[0].partitionResponses[0].errorCode: "
            + "2 bytes are needed and 1 are left at byte 8"
        #expect(error?.description == expected)
    }
}
