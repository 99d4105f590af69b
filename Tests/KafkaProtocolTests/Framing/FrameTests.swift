// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing
import Vectors

/// Frames as they go over the wire. The bytes were written by kafka-python 3.0.12.
@Suite("Frames")
struct FrameTests {
    @Test("a request is framed with header version 1 and a null client id")
    func plainRequest() throws {
        let frame = try RequestFrame.encode(
            MetadataRequest(topics: [.init(name: "orders")]),
            version: 4,
            correlationID: 7,
            clientID: nil
        )
        #expect(frame.hex == "000000170003000400000007ffff0000000100066f726465727301")
    }

    @Test("a flexible request is framed with header version 2, whose client id has the old form")
    func flexibleRequest() throws {
        let metadata = try RequestFrame.encode(
            MetadataRequest(topics: [.init(name: "orders")]),
            version: 12,
            correlationID: 8,
            clientID: "producer-1"
        )
        #expect(
            metadata.hex == "000000310003000c00000008000a70726f64756365722d310002"
                + "00000000000000000000000000000000" + "076f726465727300010000"
        )
        let versions = try RequestFrame.encode(
            ApiVersionsRequest(clientSoftwareName: "kafka-producer", clientSoftwareVersion: "1.0"),
            version: 3,
            correlationID: 1,
            clientID: "producer-1"
        )
        #expect(
            versions.hex == "000000290012000300000001000a70726f64756365722d31000f6b61666b612d70726f6475636572"
                + "04312e3000"
        )
    }

    @Test(
        "a response is framed with the header version of its API",
        arguments: [
            (Int16(1), "000000140000000900000000000000000000000012670002"),
            (4, "0000001600000009000000000000000000000000001267000200"),
        ]
    )
    func response(version: Int16, hex: String) throws {
        let response = InitProducerIDResponse(producerID: 4711, producerEpoch: 2)
        #expect(try ResponseFrame.encode(response, version: version, correlationID: 9).hex == hex)
    }

    @Test("the header before ApiVersions is always version 0")
    func apiVersionsResponse() throws {
        let response = ApiVersionsResponse(apiKeys: [.init(apiKey: .produce, minVersion: 0, maxVersion: 11)])
        let frame = try ResponseFrame.encode(response, version: 3, correlationID: 1)
        #expect(frame.hex == "000000130000000100000200000000000b000000000000")
    }

    @Test("a header is read off the front of its request", arguments: [Int16(4), 12])
    func requestHeader(version: Int16) throws {
        let request = MetadataRequest(topics: [.init(name: "orders")])
        var stream = try RequestFrame.encode(request, version: version, correlationID: 7, clientID: "me")
        var frame = try #require(try FrameSize.nextFrame(of: &stream, limit: 100))
        let header = try RequestHeader(decoding: &frame)
        let expected = RequestHeader(apiKey: .metadata, apiVersion: version, correlationID: 7, clientID: "me")
        #expect(header == expected)
        #expect(try MetadataRequest(decoding: &frame, version: version) == request)
        #expect(stream.readableBytes == 0)
    }

    @Test("every truncation of a header throws")
    func truncatedHeaders() throws {
        let header = RequestHeader(apiKey: .produce, apiVersion: 9, correlationID: 1, clientID: "me")
        var request = ByteBuffer()
        try header.encode(into: &request)
        var response = ByteBuffer()
        ResponseHeader(correlationID: 1).encode(into: &response, version: 1)
        for length in 0..<request.readableBytes {
            var prefix = try #require(request.getSlice(at: 0, length: length))
            #expect(throws: DecodingError.self) { try RequestHeader(decoding: &prefix) }
        }
        for length in 0..<response.readableBytes {
            var prefix = try #require(response.getSlice(at: 0, length: length))
            #expect(throws: DecodingError.self) { try ResponseHeader(decoding: &prefix, version: 1) }
        }
        #expect(try ResponseHeader(decoding: &response, version: 1) == ResponseHeader(correlationID: 1))
    }

    @Test("unknown tagged fields of a header are passed over")
    func headerTags() throws {
        var request = ByteBuffer(bytes: [UInt8](hex: "0000000900000001ffff" + "010702aabb" + "0c"))
        #expect(try RequestHeader(decoding: &request).correlationID == 1)
        #expect(request.hex == "0c")
        var response = ByteBuffer(bytes: [UInt8](hex: "00000005" + "010702aabb" + "0c"))
        #expect(try ResponseHeader(decoding: &response, version: 1).correlationID == 5)
        #expect(response.hex == "0c")
    }

    @Test("a client id longer than 32767 bytes is refused")
    func longClientID() {
        let error = #expect(throws: EncodingError.self) {
            try RequestFrame.encode(
                MetadataRequest(),
                version: 4,
                correlationID: 0,
                clientID: String(repeating: "c", count: 40_000)
            )
        }
        #expect(error?.description == "RequestHeader.clientId: a string of 40000 bytes is longer than 32767")
    }

    @Test("a size that is negative or beyond the limit throws", arguments: [Int32(-1), .min, 101, .max])
    func wrongSize(size: Int32) {
        var stream = ByteBuffer(integer: size)
        let error = #expect(throws: DecodingError.self) { try FrameSize.nextFrame(of: &stream, limit: 100) }
        #expect(error?.reason == .invalidFrameSize(Int(size), limit: 100))
    }

    @Test("frames are taken one by one, when they are whole")
    func nextFrame() throws {
        var stream = ByteBuffer(bytes: [UInt8](hex: "00000002aabb" + "00000000" + "00000001"))
        #expect(try FrameSize.nextFrame(of: &stream, limit: 2)?.hex == "aabb")
        #expect(try FrameSize.nextFrame(of: &stream, limit: 2)?.hex == "")
        #expect(try FrameSize.nextFrame(of: &stream, limit: 2) == nil)
        stream.writeInteger(0xCC, as: UInt8.self)
        #expect(try FrameSize.nextFrame(of: &stream, limit: 2)?.hex == "cc")
        #expect(try FrameSize.nextFrame(of: &stream, limit: 2) == nil)
    }
}
