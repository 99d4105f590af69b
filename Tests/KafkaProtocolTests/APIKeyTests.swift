// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import Testing

/// Names of the APIs and the headers that they take.
@Suite("API keys")
struct APIKeyTests {
    @Test("keys have Kafka's names, also where this library has no messages")
    func names() {
        #expect(APIKey.produce.name == "Produce")
        #expect(APIKey.initProducerID.name == "InitProducerId")
        #expect(APIKey.saslAuthenticate.name == "SaslAuthenticate")
        #expect(APIKey(rawValue: 92).name == "DeleteShareGroupOffsets")
        #expect("\(APIKey(rawValue: 4711))" == "UnknownApi(4711)")
        #expect("\(APIKey(rawValue: -1))" == "UnknownApi(-1)")
    }

    @Test(
        "header versions follow from the API and its version",
        arguments: [
            (Int16(0), Int16(8), Int16(1), Int16(0)), (0, 9, 2, 1), (18, 2, 1, 0), (18, 3, 2, 0), (18, 99, 2, 0),
            (17, 1, 1, 0), (7, 0, 0, 0), (7, 1, 1, 0), (60, 0, 2, 1), (4711, 3, 1, 0),
        ]
    )
    func headers(key: Int16, version: Int16, request: Int16, response: Int16) {
        #expect(APIKey(rawValue: key).requestHeaderVersion(of: version) == request)
        #expect(APIKey(rawValue: key).responseHeaderVersion(of: version) == response)
    }
}
