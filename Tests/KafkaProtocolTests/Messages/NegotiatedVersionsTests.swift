// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing
import Vectors

/// Which version of which request is used with a broker.
@Suite("Negotiated versions")
struct NegotiatedVersionsTests {
    private func negotiated(_ apis: (APIKey, ClosedRange<Int16>)...) -> NegotiatedVersions {
        let apiKeys = apis.map {
            ApiVersionsResponse.API(apiKey: $0.0, minVersion: $0.1.lowerBound, maxVersion: $0.1.upperBound)
        }
        return NegotiatedVersions(ApiVersionsResponse(apiKeys: apiKeys))
    }

    @Test(
        "the highest version in common is chosen",
        arguments: [
            (Int16(0)...Int16(11), Int16(11)), (0...99, 13), (3...3, 3), (13...20, 13), (0...3, 3),
        ]
    )
    func highest(served: ClosedRange<Int16>, expected: Int16) {
        #expect(negotiated((.produce, served)).version(of: ProduceRequest.self) == expected)
    }

    @Test("Produce is never below 3, though brokers advertise it")
    func produceFloor() {
        #expect(negotiated((.produce, 0...2)).version(of: .produce) == nil)
        #expect(negotiated((.produce, 0...12)).range(of: .produce) == 3...12)
        #expect(negotiated((.produce, 0...12)).version(of: .produce, upTo: 2) == nil)
    }

    @Test("a caller may ask for a lower version")
    func cap() {
        let versions = negotiated((.produce, 0...13), (.metadata, 5...12))
        #expect(versions.version(of: ProduceRequest.self, upTo: 11) == 11)
        #expect(versions.version(of: .metadata, upTo: 4) == nil)
        #expect(versions.version(of: .metadata, upTo: 5) == 5)
    }

    @Test("the messages of a login are negotiated like others")
    func login() {
        let versions = negotiated((.saslHandshake, 0...1), (.saslAuthenticate, 0...1))
        #expect(versions.version(of: SaslHandshakeRequest.self) == 1)
        #expect(versions.version(of: SaslAuthenticateRequest.self) == 1)
        #expect(negotiated((.saslAuthenticate, 0...9)).version(of: .saslAuthenticate) == 2)
    }

    @Test("there is no version of an API that one side does not know, or of a range that is none")
    func noneInCommon() {
        let versions = NegotiatedVersions(
            ApiVersionsResponse(apiKeys: [
                .init(apiKey: .heartbeat, minVersion: 0, maxVersion: 1),
                .init(apiKey: .fetch, minVersion: 9, maxVersion: 4),
                .init(apiKey: .listOffsets, minVersion: .max, maxVersion: .min),
                .init(apiKey: .createTopics, minVersion: 0, maxVersion: 1),
            ])
        )
        #expect(versions.version(of: .heartbeat) == nil)
        #expect(versions.version(of: FetchRequest.self) == nil)
        #expect(versions.version(of: ListOffsetsRequest.self) == nil)
        #expect(versions.version(of: CreateTopicsRequest.self) == nil)
        #expect(versions.version(of: MetadataRequest.self) == nil)
    }

    @Test("the features that are switched on are known with their epoch, if the broker says so")
    func features() {
        var response = ApiVersionsResponse(finalizedFeaturesEpoch: 7)
        response.finalizedFeatures = [.init(name: "transaction.version", maxVersionLevel: 2, minVersionLevel: 1)]
        let features = NegotiatedVersions(response).features
        #expect(features == NegotiatedVersions.Features(epoch: 7, levels: ["transaction.version": 2]))
        response.finalizedFeaturesEpoch = -1
        #expect(NegotiatedVersions(response).features == nil)
    }

    @Test(
        "an answer of UNSUPPORTED_VERSION is read whatever follows it",
        arguments: [
            ("0023" + "00000001" + "001200000003", [ApiVersionsResponse.API(apiKey: .apiVersions, maxVersion: 3)]),
            ("0023" + "00000000", []), ("0023", []), ("0023" + "02001200000003" + "00" + "00000000" + "00", []),
        ]
    )
    func unsupportedVersion(hex: String, apiKeys: [ApiVersionsResponse.API]) throws {
        var body = ByteBuffer(bytes: [UInt8](hex: hex))
        let response = try ApiVersionsResponse(decodingAnswerTo: 4, from: &body)
        #expect(response == ApiVersionsResponse(errorCode: .unsupportedVersion, apiKeys: apiKeys))
        #expect(body.readableBytes == 0)
    }

    @Test("another answer is read in the version asked for")
    func supportedVersion() throws {
        var body = ByteBuffer(bytes: [UInt8](hex: "0000" + "02001200000003" + "00" + "00000000" + "00"))
        let response = try ApiVersionsResponse(decodingAnswerTo: 4, from: &body)
        #expect(response == ApiVersionsResponse(apiKeys: [.init(apiKey: .apiVersions, maxVersion: 3)]))
        var short = ByteBuffer(bytes: [0])
        #expect(throws: DecodingError.self) { try ApiVersionsResponse(decodingAnswerTo: 4, from: &short) }
    }
}
