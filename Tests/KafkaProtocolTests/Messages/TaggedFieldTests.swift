// SPDX-License-Identifier: Apache-2.0
import KafkaProtocol
import NIOCore
import Testing
import Vectors

/// Tagged fields (KIP-482) of versions to come, and broken ones.
@Suite("Tagged fields")
struct TaggedFieldTests {
    /// An InitProducerIdResponse of version 2: throttle time, error, id 4711, epoch 2, and then `tags`.
    private func response(tags: String) throws(DecodingError) -> InitProducerIDResponse {
        var body = ByteBuffer(bytes: [UInt8](hex: "0000000000000000000000001267" + "0002" + tags))
        return try InitProducerIDResponse(decoding: &body, version: 2)
    }

    @Test("unknown fields are passed over", arguments: ["00", "010000", "020501aa6400", "01ffffffff0f02abcd"])
    func unknown(tags: String) throws {
        #expect(try response(tags: tags) == InitProducerIDResponse(producerID: 4711, producerEpoch: 2))
    }

    @Test(
        "fields out of order, twice, or longer than the message are refused",
        arguments: [
            ("0206000500", DecodingError.Reason.tagOutOfOrder(5)), ("0206000600", .tagOutOfOrder(6)),
            ("010603aabb", .truncated(needed: 3, left: 2)), ("0206000701", .truncated(needed: 1, left: 0)),
            ("ffffffff0f0000", .truncated(needed: 1, left: 0)),
            ("ffffffffff0f", .varintTooLong), ("8080808010", .varintTooLong), ("0000", .bytesLeftOver(1)),
        ]
    )
    func broken(tags: String, reason: DecodingError.Reason) {
        let error = #expect(throws: DecodingError.self) { try response(tags: tags) }
        #expect(error?.reason == reason)
    }

    /// An ApiVersionsResponse of version 3: no error, no APIs, throttle time 0, and then `tags`.
    private func versions(tags: String) throws(DecodingError) -> ApiVersionsResponse {
        var body = ByteBuffer(bytes: [UInt8](hex: "0000" + "01" + "00000000" + tags))
        return try ApiVersionsResponse(decoding: &body, version: 3)
    }

    @Test("known fields are found among unknown ones")
    func known() throws {
        // 1: the epoch 5; 2: one feature `f`, which ends with an unknown field of its own; 3: true; 9: unknown
        let feature = "0266" + "0002" + "0001" + "010701ff"
        let tags = "04" + "0108" + "0000000000000005" + "020b" + "02" + feature + "030101" + "0900"
        let expected = ApiVersionsResponse(
            finalizedFeaturesEpoch: 5,
            finalizedFeatures: [.init(name: "f", maxVersionLevel: 2, minVersionLevel: 1)],
            zkMigrationReady: true
        )
        #expect(try versions(tags: tags) == expected)
    }

    @Test("a known field that is not as long as it says is refused", arguments: ["01010900000000000000050a", "010304"])
    func wrongSize(tags: String) {
        #expect(throws: DecodingError.self) { try versions(tags: tags) }
    }

    @Test("a known field that is shorter than it says is refused")
    func shortField() {
        let error = #expect(throws: DecodingError.self) { try versions(tags: "01" + "0302" + "0100") }
        #expect(error?.reason == .tagSizeMismatch(3))
    }
}
