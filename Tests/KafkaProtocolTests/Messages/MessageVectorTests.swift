// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing
import Vectors

/// Messages are held against those of the official Java client.
@Suite("Message Vectors")
struct MessageVectorTests {
    @Test("every message is decoded to its fields and encoded to its bytes")
    func roundTrip() throws {
        for (entry, type) in try MessageVectors.load() {
            try roundTrip(entry, as: type)
        }
    }

    private func roundTrip<Message: KafkaMessage>(_ entry: MessageVectors.Entry, as: Message.Type) throws {
        var body = entry.body
        let message = try Message(decoding: &body, version: entry.version)
        #expect(body.readableBytes == 0, "\(entry.testDescription)")
        #expect(JSONDescriber.describe(message, version: entry.version) == entry.fields, "\(entry.testDescription)")
        var encoded = ByteBuffer()
        try message.encode(into: &encoded, version: entry.version)
        #expect(encoded.hex == entry.hex, "\(entry.testDescription)")
    }

    @Test("tagged fields that nobody knows change nothing")
    func unknownTags() throws {
        let entries = try MessageVectors.load().filter { $0.entry.hexUnknownTags != nil }
        #expect(!entries.isEmpty)
        for (entry, type) in entries {
            try unknownTags(entry, as: type)
        }
    }

    private func unknownTags<Message: KafkaMessage>(_ entry: MessageVectors.Entry, as: Message.Type) throws {
        var body = ByteBuffer(bytes: [UInt8](hex: entry.hexUnknownTags ?? ""))
        let message = try Message(decoding: &body, version: entry.version)
        var encoded = ByteBuffer()
        try message.encode(into: &encoded, version: entry.version)
        #expect(encoded.hex == entry.hex, "\(entry.testDescription)")
    }

    @Test("header versions and API keys are those of the Java client")
    func headers() throws {
        for (entry, type) in try MessageVectors.load() {
            #expect(type.apiKey.rawValue == entry.apiKey)
            #expect(type.apiKey.name == entry.api)
            let version =
                entry.kind == "request"
                ? type.apiKey.requestHeaderVersion(of: entry.version)
                : type.apiKey.responseHeaderVersion(of: entry.version)
            #expect(version == entry.headerVersion, "\(entry.testDescription)")
        }
    }

    @Test("every truncation of every message throws")
    func truncations() throws {
        for (entry, type) in try MessageVectors.load() {
            let body = entry.body
            for length in 0..<body.readableBytes {
                var prefix = body.getSlice(at: body.readerIndex, length: length) ?? body
                do throws(DecodingError) {
                    _ = try type.init(decoding: &prefix, version: entry.version)
                    Issue.record("\(entry.testDescription) is taken for whole after \(length) bytes")
                } catch  where error.offset > length {
                    Issue.record("\(entry.testDescription) fails beyond its \(length) bytes: \(error)")
                } catch {}
            }
        }
    }

    @Test("bytes left over after a message throw")
    func bytesLeftOver() throws {
        for (entry, type) in try MessageVectors.load() {
            var body = entry.body
            let size = body.readableBytes
            body.writeInteger(0, as: UInt8.self)
            let error = #expect(throws: DecodingError.self, "\(entry.testDescription)") {
                _ = try type.init(decoding: &body, version: entry.version)
            }
            #expect(error?.reason == .bytesLeftOver(1), "\(entry.testDescription)")
            #expect(error?.offset == size, "\(entry.testDescription)")
        }
    }
}
